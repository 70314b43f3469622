/** What a launcher needs to know about a trial. */
import type { Floats } from "./types.ts";

/** Noise drawn by the kernel from the counters. */
export interface DrawnNoise {
  readonly key: number;
  readonly trial: number;
  /** Amplitudes of the initial state and of a step's noise. */
  readonly initial: number;
  readonly step: number;
}

/** One trial for the launchers. */
export interface LaunchTrial {
  readonly steps: number;
  /** u, C×T. */
  readonly inputs: Floats;
  /** Noise to draw; absent if all disturbances are written by `disturb`. */
  readonly noise?: DrawnNoise;
  /**
   * Writes or changes disturbances in `to`, where unit i at step t has the index
   * `at(i, t)`: all of them where no noise is drawn, or what comes on top.
   */
  readonly disturb?: (
    to: Float32Array,
    at: (unit: number, step: number) => number,
  ) => void;
  readonly target?: Floats;
  readonly lossWeights?: Floats;
}

/** What one trial gave; states and rates are T×N in the kernels' numbering. */
export interface LaunchTrace {
  readonly outputs: Float32Array;
  readonly states?: Float32Array;
  readonly rates?: Float32Array;
}

/** The loss and the factor of its gradient. */
export interface LaunchLoss {
  readonly name: "l1" | "l2";
  readonly scale: number;
}

/** Numbers of the losses in the kernel. */
export const lossNumber = { l1: 0, l2: 1 };
