/** What a calibration is: options of it, and what is recorded. */
import type { Score } from "../evaluate/types.ts";
import type { Calibration } from "../network/spiking.ts";

/**
 * The steps of a calibration. `readout`: gains of the readout of excitatory and
 * of inhibitory units, and an offset. `units`: a bias current and a gain of the
 * synaptic input for every unit. `weights`: a gain of the readout for every
 * unit, and an offset. `tune`: a gain of every synapse and of every unit's
 * readout, and an offset, by surrogate gradients.
 */
export type CalibrationStep = "readout" | "units" | "weights" | "tune";

/** The steps, in the order in which they are taken. */
export const calibrationSteps: readonly CalibrationStep[] = [
  "readout",
  "units",
  "weights",
  "tune",
];

/** One step, and what it gave on trials that nothing was fitted on. */
export interface CalibrationOutcome {
  /** Which step it was. */
  readonly step: CalibrationStep;
  /** The network with what was kept of the steps before. */
  readonly before: Score;
  /** The network with this step. */
  readonly after: Score;
  /** Whether it was better, and so is part of the calibration. */
  readonly kept: boolean;
}

/** A calibration as a model file records it. */
export interface CalibrationRecord {
  /** The scaling factor that it belongs to; several: one a layer. */
  readonly factor: number | readonly number[];
  /** What was kept; empty where no step made the network better. */
  readonly calibration: Calibration;
  /** What each step gave, in order. */
  readonly outcomes: readonly CalibrationOutcome[];
  /** Seed, numbers of trials, iterations. */
  readonly settings: Readonly<Record<string, number>>;
}
