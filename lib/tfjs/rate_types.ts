/** What the two implementations of the rate scan share. */
import type { Activation } from "../network/types.ts";

/** Names of the registered kernels. */
export const rateScanKernel = "SpikernnRateScan";
export const rateScanGradientKernel = "SpikernnRateScanGradient";

/** Noise drawn from counters: unit, step and trial. */
export interface DrawnNoise {
  readonly key: number;
  /** Counter of the batch's first trial. */
  readonly trial: number;
  /** Amplitudes of the initial state and of a step. */
  readonly initial: number;
  readonly step: number;
}

/** Attributes of the forward kernel. */
export interface RateScanAttributes {
  readonly activation: Activation;
  readonly noise: DrawnNoise;
}

/** Sizes of a batch: trials, steps, units. */
export interface ScanShape {
  readonly trials: number;
  readonly steps: number;
  readonly units: number;
}

/** Sizes from the shape of a tensor [trials, steps, units]. */
export function scanShape(shape: readonly number[]): ScanShape {
  const [trials, steps, units] = shape;
  return { trials, steps, units };
}
