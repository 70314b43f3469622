/** Gradients of spiking networks by their smoothed model, on the CPU. */
import { runJob } from "../kernels/job.ts";
import {
  smoothAdjoint,
  type SmoothGradient,
  type SmoothNetwork,
  type SmoothTrial,
} from "../kernels/lif/smooth.ts";
import { adjointJobs, adjointSum } from "../kernels/lif/smooth_launch.ts";
import { lif } from "../kernels/lif/lif_wasm.ts";
import {
  addTuned,
  mostTunedTrials,
  type TunedGradient,
  type TunedJob,
  tunedJobs,
  type TunedNetwork,
  type TunedSum,
  type TunedTrial,
} from "../kernels/lif/tune_launch.ts";
import { DivergedError } from "../network/diverged.ts";
import type { Pool } from "./pool.ts";
import { prepareTrial } from "./spiking_network.ts";
import type { SpikingTrial } from "../network/spiking.ts";
import type { Backend, BackendName } from "./types.ts";

/** A trial of fine-tuning, as backends take trials. */
export interface TuningTrial extends Omit<TunedTrial, "trial"> {
  /** What is run. */
  readonly trial: SpikingTrial;
}

/** A backend that takes the gradient of trials where they run. */
export interface TuningBackend extends Backend {
  /**
   * Runs trials of a spiking network forward and backward; the sum over them
   * does not depend on the backend's workers.
   */
  tuningGradient(
    network: TunedNetwork,
    trials: readonly TuningTrial[],
  ): Promise<TunedSum>;
}

/** Whether a backend does; others make trials and their gradients apart. */
export function isTuning(backend: Backend): backend is TuningBackend {
  return "tuningGradient" in backend;
}

/** Instance of the kernel in this thread; every job writes all that it reads. */
let here: WebAssembly.Instance | undefined;

/**
 * The gradient of trials of equal length, summed: on the SIMD kernel, or in plain
 * TypeScript and double precision for the backend `reference`. It takes far
 * less than the trials themselves, and runs in this thread on every backend.
 */
export function spikingGradient(
  network: SmoothNetwork,
  trials: readonly SmoothTrial[],
  backend: BackendName,
): SmoothGradient {
  if (backend === "reference") return smoothAdjoint(network, trials);
  const instance = here ??= new WebAssembly.Instance(lif());
  const results = Array.from(
    adjointJobs(network, trials),
    (job) => runJob(instance, job),
  );
  return adjointSum(network, results);
}

/**
 * Runs trials as spikes and takes their gradient in the same memory, on the SIMD
 * kernel: what would be histories of every unit is never copied out.
 *
 * @param pool workers that know the module "lif"; this thread when left out
 * @returns the sum over trials of loss and gradients, which does not depend on
 *   the workers
 * @throws {RangeError} for synapses without a filter
 * @throws {DivergedError} for a trial that leaves the finite numbers
 */
export async function tuningGradientSimd(
  network: TunedNetwork,
  trials: readonly TuningTrial[],
  pool?: Pool,
): Promise<TunedSum> {
  const ready = trials.map((one, k) => ({
    ...one,
    trial: prepareTrial(network.spiking, one.trial, k),
  }));
  const found: TunedGradient[] = [];
  if (pool === undefined) {
    const instance = here ??= new WebAssembly.Instance(lif());
    for (const { job, gradients } of tunedJobs(network, ready)) {
      found.push(...gradients(runJob(instance, job)));
    }
  } else {
    const made: TunedJob[] = [];
    const jobs = function* () {
      const share = Math.ceil(trials.length / pool.workers);
      for (
        const one of tunedJobs(network, ready, Math.min(share, mostTunedTrials))
      ) {
        made.push(one);
        yield one.job;
      }
    };
    await pool.runAll(
      jobs(),
      (result) => found.push(...made.shift()!.gradients(result)),
    );
  }
  const bad = found.findIndex(({ finite }) => !finite);
  if (bad >= 0) {
    throw new DivergedError(
      `Cannot tune: in trial ${bad} of an update voltages or currents left the ` +
        "finite numbers, weights or stimulus are too large",
    );
  }
  return addTuned(found, network.smooth);
}
