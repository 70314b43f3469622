/** What a calibration is: options of it, and what is recorded. */
import type { Score } from "../evaluate/types.ts";
import type { CalibrationStep } from "../network/calibration_steps.ts";
import type { Calibration } from "../network/spiking.ts";

export {
  type CalibrationStep,
  calibrationSteps,
} from "../network/calibration_steps.ts";

/** One round of the step `tune`. */
export interface TuneRound {
  /** The scaling factor that it had; several: one a layer. */
  readonly factor: number | readonly number[];
  /** Updates that were made. */
  readonly updates: number;
  /** What it found, on the trials that decide whether another round follows. */
  readonly score: Score;
}

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
  /** Of the step `tune`: its rounds, in order. */
  readonly rounds?: readonly TuneRound[];
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
