/** A batch of trials for the device, and where its results lie. */

/** Trials of equal length, laid out for the device. */
export interface GpuBatch {
  readonly trials: number;
  readonly steps: number;
  /** u, B×C×T. */
  readonly inputs: Float32Array;
  /**
   * Key, trial counter and the bits of both amplitudes, B×4; or what is added to
   * the states, B×T×N.
   */
  readonly noise:
    | { readonly drawn: Uint32Array }
    | { readonly given: Float32Array };
  /** z, B×T. */
  readonly targets?: Float32Array;
  /** B×(T-1). */
  readonly lossWeights?: Float32Array;
  /**
   * Parameters whose weights hold from a step on, ascending; the network's own
   * if there are none. Forward alone.
   */
  readonly weights?: readonly {
    readonly from: number;
    readonly parameters?: Float32Array;
  }[];
}

/** Bytes that one trial takes on the device at most. */
export function bytesPerTrial(
  units: number,
  steps: number,
  histories: number,
): number {
  return 4 * steps * (units * histories + 8) + 12 * units;
}

/** Buffers of one batch's results. */
export interface GpuResults {
  /** o, B×(T-1). */
  readonly outputs: GPUBuffer;
  /** B×T×N. */
  readonly rates: GPUBuffer;
  /** B×T×N where kept. */
  readonly states: GPUBuffer;
  /** Loss and gradient by the bias, B×2. */
  readonly losses: GPUBuffer;
}
