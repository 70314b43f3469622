/** The WebGPU backend. */
import { BackendError } from "../errors.ts";
import { findAdapter } from "../kernels/webgpu/adapter.ts";
import type { Capacity } from "../kernels/webgpu/capacity.ts";
import { Gpu } from "../kernels/webgpu/gpu.ts";
import type { RateNetwork } from "../network/types.ts";
import type {
  Recording,
  SpikingNetwork,
  SpikingTrace,
  SpikingTrial,
} from "../network/spiking.ts";
import type { Backend } from "./types.ts";
import { openGpuSession } from "./webgpu_rate.ts";
import { simulateOnGpu, type SpikingJob } from "./webgpu_spiking.ts";

/** How the backend is opened. */
export interface WebGpuOptions {
  /** Which adapter. Defaults to 0, the fast one; 1 is the other one. */
  readonly gpu?: number;
  /** Limits lower than the device's, for instance of the memory of a batch. */
  readonly capacity?: Partial<Capacity>;
}

/** The WebGPU backend. */
export interface WebGpuBackend extends Backend {
  readonly name: "webgpu";
  /** The device, for tests and for measuring. */
  readonly gpu: Gpu;
  /** Traces of each job, in order; see {@linkcode simulateOnGpu}. */
  simulateAll(
    jobs: readonly SpikingJob[],
    record: Recording,
  ): Promise<SpikingTrace[][]>;
}

/**
 * Opens the WebGPU backend. It runs on a device of its own: one shared with
 * tfjs would make every command load tfjs, which takes longer than opening the
 * device (docs/results/performance.md).
 *
 * @throws {BackendError} if the machine has no adapter, or not that one
 */
export async function openWebGpuBackend(
  options: WebGpuOptions = {},
): Promise<WebGpuBackend> {
  const adapter = await findAdapter({ index: options.gpu });
  if (!adapter) {
    throw new BackendError(
      'Cannot open backend "webgpu": no adapter was found, allowed are machines ' +
        "with a GPU, or with a software driver such as Mesa's llvmpipe",
    );
  }
  const gpu = await Gpu.open(adapter, options.capacity);
  return new WebGpu(gpu);
}

/** A call of `simulate` that waits for its answer. */
interface Call {
  readonly job: SpikingJob;
  readonly record: Recording;
  readonly resolve: (traces: SpikingTrace[]) => void;
  readonly reject: (error: unknown) => void;
}

class WebGpu implements WebGpuBackend {
  readonly name = "webgpu";
  readonly gathers = true;
  readonly description: string;
  readonly gpu: Gpu;
  readonly #calls: Call[] = [];

  constructor(gpu: Gpu) {
    this.gpu = gpu;
    const { name, software } = gpu.facts;
    this.description = `webgpu (${name}${software ? ", software" : ""})`;
  }

  // deno-lint-ignore require-await
  async open(network: RateNetwork) {
    return openGpuSession(this.gpu, network);
  }

  /** Calls made at the same time share batches, as those of a grid of factors. */
  simulate(
    network: SpikingNetwork,
    trials: readonly SpikingTrial[],
    record: Recording,
  ): Promise<SpikingTrace[]> {
    return new Promise((resolve, reject) => {
      const job = { network, trials };
      if (this.#calls.push({ job, record, resolve, reject }) === 1) {
        setTimeout(() => this.#answer(this.#calls.splice(0)));
      }
    });
  }

  async #answer(calls: readonly Call[]): Promise<void> {
    const alike = Map.groupBy(calls, ({ record }) => JSON.stringify(record));
    for (const group of alike.values()) {
      const jobs = group.map(({ job }) => job);
      try {
        const traces = await this.simulateAll(jobs, group[0].record);
        group.forEach(({ resolve }, k) => resolve(traces[k]));
      } catch (error) {
        if (group.length === 1) group[0].reject(error);
        // Whose call it was shows when each is alone.
        else for (const call of group) await this.#answer([call]);
      }
    }
  }

  simulateAll(jobs: readonly SpikingJob[], record: Recording) {
    return simulateOnGpu(this.gpu, jobs, record);
  }

  close(): void {
    this.gpu.close();
  }
}
