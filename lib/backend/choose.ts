/**
 * Which backend suits the work at hand: WebGPU where a real GPU is there and is
 * faster at it, by measurement; else SIMD.
 */
import { BackendError } from "../errors.ts";
import { adapterFacts, findAdapter } from "../kernels/webgpu/adapter.ts";
import { calibrate, type TimesMemory, type Work } from "./calibrate.ts";
import { openBackend } from "./open.ts";
import type { Backend, BackendName } from "./types.ts";
import { withFallback } from "./webgpu_fallback.ts";

export type { TimesMemory, Work } from "./calibrate.ts";

/** What the choice of a backend depends on. */
export interface ChooseOptions {
  /**
   * Number of the GPU that may be used, or `off` for none. Defaults to the fast
   * one.
   */
  readonly gpu?: number | "off";
  /** Workers of the SIMD backend. */
  readonly workers?: number;
  /** The work; without it there is nothing to measure, and SIMD is taken. */
  readonly work?: Work;
  /** Keeps measurements for later runs. They are kept for this run in any case. */
  readonly memory?: TimesMemory;
}

/** A choice and why it was made. */
export interface BackendChoice {
  readonly name: "simd" | "webgpu";
  /** In one sentence, for people and logs. */
  readonly reason: string;
}

/** What the choice asks the machine; replaced in tests. */
export interface Machine {
  /** What is known of a GPU, or undefined if there is none. */
  adapter(index: number): Promise<
    { readonly name: string; readonly software: boolean } | undefined
  >;
  /** Milliseconds that the work takes on each backend. */
  calibrate(
    adapter: string,
    work: Work,
    options: ChooseOptions,
  ): Promise<{ readonly simd: number; readonly webgpu: number }>;
}

/** The machine this runs on. */
const thisMachine: Machine = {
  async adapter(index) {
    const adapter = await findAdapter({ index });
    return adapter ? adapterFacts(adapter.info) : undefined;
  },
  calibrate,
};

/** A GPU must be this much faster, since its start-up costs too. */
const worthwhile = 1.2;

/**
 * Chooses a backend. A software adapter (llvmpipe, SwiftShader, …) is never
 * chosen.
 *
 * @throws {BackendError} for the number of a GPU that the machine does not have
 */
export async function chooseBackend(
  options: ChooseOptions = {},
  machine: Machine = thisMachine,
): Promise<BackendChoice> {
  const simd = (reason: string): BackendChoice => ({ name: "simd", reason });
  if (options.gpu === "off") return simd("GPUs are switched off");
  const adapter = await machine.adapter(options.gpu ?? 0);
  if (!adapter) return simd("no GPU was found");
  if (adapter.software) {
    return simd(
      `${adapter.name} is a software renderer, which computes on the CPU`,
    );
  }
  if (!options.work) return simd("the size of the work is not known");
  let times;
  try {
    times = await machine.calibrate(adapter.name, options.work, options);
  } catch (error) {
    return simd(`${adapter.name} failed a trial: ${(error as Error).message}`);
  }
  const ratio = times.simd / times.webgpu;
  const compared = `${adapter.name} is ${ratio.toPrecision(2)} times as fast ` +
    `as SIMD for ${describe(options.work)}`;
  return ratio >= worthwhile
    ? { name: "webgpu", reason: compared }
    : simd(compared);
}

function describe({ kind, units, trials }: Work): string {
  return `${kind === "train" ? "updates on" : "simulating"} ${trials} ` +
    `trial${trials === 1 ? "" : "s"} of ${units} units`;
}

/** How to open a backend that may be chosen automatically. */
export interface OpenChosenOptions extends ChooseOptions {
  /** Name of the backend. Defaults to `auto`. */
  readonly name?: BackendName | "auto";
  /**
   * Called once, with one sentence, when a GPU is lost or out of memory and
   * SIMD goes on in its place. Without it, such a failure is thrown.
   */
  readonly warn?: (message: string) => void;
}

/** An open backend, and why it was chosen. */
export interface OpenChosen {
  /** The backend; close it when it is no longer needed. */
  readonly backend: Backend;
  /** Why it was chosen; absent unless `auto` chose it. */
  readonly reason?: string;
}

/**
 * Opens a backend by name, or with `auto` the one that suits the work. A
 * backend on a GPU goes on with SIMD if the GPU fails. A software renderer is
 * never chosen.
 *
 * @param options which one, and what for
 * @throws {BackendError} if the backend is not available
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openChosenBackend } from "@spikernn/spikernn/web";
 * const { backend, reason } = await openChosenBackend({ gpu: "off" });
 * assert(backend.name === "simd" && reason === "GPUs are switched off");
 * backend.close();
 * ```
 */
export async function openChosenBackend(
  options: OpenChosenOptions = {},
): Promise<OpenChosen> {
  const { workers, gpu, warn } = options;
  const asked = options.name ?? "auto";
  const choice = asked === "auto" ? await chooseBackend(options) : undefined;
  const name = choice?.name ?? asked as BackendName;
  const reason = choice && { reason: choice.reason };
  if (name !== "webgpu") {
    return { backend: await openBackend({ name, workers }), ...reason };
  }
  if (gpu === "off") {
    throw new BackendError(
      'Cannot open backend "webgpu": GPUs are switched off, ' +
        "allowed are simd and reference",
    );
  }
  const backend = await openBackend({ name, gpu });
  const open = () => openBackend({ name: "simd", workers });
  return {
    backend: warn ? withFallback(backend, { open, warn }) : backend,
    ...reason,
  };
}
