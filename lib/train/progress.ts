/**
 * Everything that happens, as data. The terminal, a report, the dashboard, a
 * log and the checkpoints are listeners of this one stream; nothing below the
 * command line prints.
 */
import type { Score } from "../evaluate/types.ts";
import type { Model, SearchRecord } from "../formats/types.ts";
import type { CalibrationOutcome } from "../spiking/calibration_types.ts";
import type { TrainingState } from "./state.ts";

/** Why a training run ended. */
export type StopReason = "criterion" | "limit" | "interrupted";

/** Training began. */
export interface Started {
  /** Which event this is. */
  readonly kind: "started";
  /** Name of the task. */
  readonly task: string;
  /** Units of all layers. */
  readonly units: number;
  /** Update to start from: 0, or where a checkpoint left off. */
  readonly update: number;
  /** Largest number of updates. */
  readonly updates: number;
  /** Trials of an update. */
  readonly batch: number;
  /** Where it is computed, in words. */
  readonly backend: string;
  /** Seed of trials and noise. */
  readonly seed: number;
}

/** One update was made. */
export interface Trained {
  /** Which event this is. */
  readonly kind: "trained";
  /** Updates done, this one included (1-based). */
  readonly update: number;
  /** Mean loss of the update's trials, before the update. */
  readonly loss: number;
  /** Norm of the gradient, before clipping. */
  readonly gradientNorm: number;
}

/** An evaluation on fresh trials was made. */
export interface Evaluated {
  /** Which event this is. */
  readonly kind: "evaluated";
  /** Updates done before it. */
  readonly update: number;
  /** Score of the evaluation. */
  readonly score: Score;
  /** The evaluation's last trial, for figures: what a viewer looks at. */
  readonly example: {
    readonly condition: string;
    readonly inputs: Float32Array;
    readonly target: Float32Array;
    readonly outputs: Float32Array;
    /** Rates, units×steps. */
    readonly rates: Float32Array;
  };
}

/** Training ended. */
export interface Stopped {
  /** Which event this is. */
  readonly kind: "stopped";
  /** Why training ended. */
  readonly reason: StopReason;
  /** Updates done. */
  readonly update: number;
  /** Duration, in s. */
  readonly seconds: number;
  /** The trained network with its record, ready to be saved. */
  readonly model: Model;
}

/** A state from which training can go on to the same bits. */
export interface Checkpointed {
  /** Which event this is. */
  readonly kind: "checkpoint";
  /** The state after the update in hand. */
  readonly state: TrainingState;
}

/** One scaling factor of a grid search was tried. */
export interface FactorTried {
  /** Which event this is. */
  readonly kind: "factor";
  /** The scaling factor. */
  readonly factor: number;
  /** Factors done, this one included, of how many. */
  readonly done: number;
  /** Factors of the search. */
  readonly total: number;
  /** Score of the spiking network with this factor. */
  readonly score: Score;
}

/** One scaling factor of a grid search could not be tried to its end. */
export interface FactorFailed {
  /** Which event this is. */
  readonly kind: "factorFailed";
  /** The scaling factor. */
  readonly factor: number;
  /** Factors done, this one included, of how many. */
  readonly done: number;
  /** Factors of the search. */
  readonly total: number;
  /** What went wrong, in one line. */
  readonly error: string;
}

/** A grid search ended. */
export interface Mapped {
  /** Which event this is. */
  readonly kind: "mapped";
  /** Every factor's score, and the choice. */
  readonly search: SearchRecord;
}

/** One step of a calibration was fitted, and tried on fresh trials. */
export interface Calibrated extends CalibrationOutcome {
  /** Which event this is. */
  readonly kind: "calibrated";
}

/** Trials of a long simulation or evaluation were done. */
export interface Simulated {
  /** Which event this is. */
  readonly kind: "simulated";
  /** Trials done. */
  readonly done: number;
  /** Trials in all. */
  readonly total: number;
}

/** Any event. */
export type Progress =
  | Started
  | Trained
  | Evaluated
  | Checkpointed
  | Stopped
  | FactorTried
  | FactorFailed
  | Mapped
  | Calibrated
  | Simulated;
