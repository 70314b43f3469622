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
import type { BackendName } from "./types.ts";

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
