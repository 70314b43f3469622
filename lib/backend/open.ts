/** Opens a backend by name. */
import { BackendError } from "../errors.ts";
import { lif } from "../kernels/lif/lif_wasm.ts";
import { rateScan } from "../kernels/rate_scan/rate_scan_wasm.ts";
import type { TaskTeam } from "../kernels/rate_scan/tasks.ts";
import { canShareMemory, processors } from "../platform/threads.ts";
import { openPool, type Pool } from "./pool.ts";
import { referenceSession } from "./rate_reference.ts";
import { simdSession } from "./rate_simd.ts";
import { rateScanModule } from "./rate_workers.ts";
import {
  simulateReference,
  simulateSimd,
  simulateSimdTogether,
} from "./spiking.ts";
import { type TuningBackend, tuningGradientSimd } from "./spiking_gradient.ts";
import { type Backend, type BackendName, backendNames } from "./types.ts";

/** Which backend to open, and how. */
export interface OpenOptions {
  /**
   * `simd` (WebAssembly SIMD in float32; the default), `webgpu`, or `reference`
   * (plain TypeScript in float32, many times slower, the same bits as `simd`).
   */
  readonly name?: BackendName;
  /**
   * Number of workers that share the trials of a call, or the layers of a
   * single trial. Results do not depend on it. Defaults to 1.
   */
  readonly workers?: number;
  /** Number of the GPU, for `webgpu`. Defaults to 0, the fast one. */
  readonly gpu?: number;
}

/**
 * Opens a backend, which runs and trains networks. Close it when it is no
 * longer needed.
 *
 * @param options which backend, and how
 * @returns the backend
 * @throws {RangeError} if the number of workers is not a whole number from 1
 * @throws {BackendError} if there is no backend of that name, or the machine
 * lacks what it needs
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   createNetwork,
 *   getTask,
 *   openBackend,
 *   randomStream,
 * } from "@spikernn/spikernn";
 * const random = randomStream(1);
 * const backend = await openBackend();
 * const network = createNetwork({ channels: 1, units: 20 }, random);
 * const session = await backend.open(network);
 * const task = getTask("go-nogo");
 * const { inputs, target } = task.trial(random.fork("trial"));
 * const noise = { key: random.fork("noise").key, trial: 0 };
 * const trial = { inputs, target, steps: task.steps, noise };
 * const { losses } = await session.update([trial], "l2", {
 *   learningRate: 0.01,
 * });
 * assert(losses[0] > 0);
 * session.close();
 * backend.close();
 * ```
 */
export async function openBackend(
  options: OpenOptions = {},
): Promise<Backend> {
  const { name = "simd", workers = 1, gpu } = options;
  if (!Number.isInteger(workers) || workers < 1) {
    throw new RangeError(
      `Cannot open a backend: workers is ${workers}, allowed are whole numbers from 1`,
    );
  }
  if (!Object.hasOwn(openers, name)) {
    throw new BackendError(
      `Cannot open backend "${name}": allowed are ${backendNames.join(", ")}`,
    );
  }
  return await openers[name]({ workers, gpu });
}

/** How each backend is opened. */
const openers: Readonly<
  Record<
    BackendName,
    (
      options: { readonly workers: number; readonly gpu?: number },
    ) => Backend | Promise<Backend>
  >
> = {
  simd: ({ workers }) => openSimd(workers),
  reference: openReference,
  async webgpu({ gpu }) {
    // Loaded when asked for: most runs need none of it.
    const { openWebGpuBackend } = await import("./webgpu.ts");
    return await openWebGpuBackend({ gpu });
  },
};

function openSimd(workers: number): TuningBackend {
  let pool: Pool | undefined;
  // Threads of a team wait for each other: more than processors only cost.
  const threads = Math.min(workers, processors());
  const teams = new Set<TaskTeam>();
  /** Workers start when there is work to share. */
  const shared = workers === 1 ? undefined : () =>
    pool ??= openPool({
      workers,
      modules: { [rateScanModule]: rateScan(), lif: lif() },
    });
  return {
    name: "simd",
    description: workers === 1 ? "simd" : `simd (${workers} workers)`,
    workers,
    open: async (network) => {
      // Loaded where it can be of use.
      const { openTeam } = threads > 1 && canShareMemory()
        ? await import("./team.ts")
        : {};
      return simdSession(
        network,
        shared,
        openTeam &&
          ((most) => joinTeam(teams, openTeam, Math.min(most, threads))),
      );
    },
    simulate: (network, trials, record) =>
      simulateSimd(network, trials, record, shared?.()),
    simulateTogether: (runs, record) =>
      simulateSimdTogether(runs, record, shared?.()),
    tuningGradient: (network, trials) =>
      tuningGradientSimd(network, trials, shared?.()),
    close: () => {
      pool?.close();
      for (const team of teams) team.close();
    },
  };
}

/** Opens a team that ends with the backend; none if memory cannot be shared. */
function joinTeam(
  teams: Set<TaskTeam>,
  openTeam: (threads: number) => TaskTeam,
  threads: number,
): TaskTeam | undefined {
  try {
    const opened = openTeam(threads);
    const team: TaskTeam = {
      ...opened,
      get isComplete() {
        return opened.isComplete;
      },
      close() {
        opened.close();
        teams.delete(team);
      },
    };
    teams.add(team);
    return team;
  } catch (error) {
    // No address space for it: one thread does it all.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function openReference(): Backend {
  return {
    name: "reference",
    description: "reference",
    // deno-lint-ignore require-await
    open: async (network) =>
      referenceSession(network, { precision: "float32" }),
    // deno-lint-ignore require-await
    simulate: async (network, trials, record) =>
      simulateReference(network, trials, record, "float32"),
    close: () => {},
  };
}
