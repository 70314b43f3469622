/**
 * Everything that happens, as data. The terminal, a report, the dashboard, a
 * log and the checkpoints are listeners of this one stream; nothing below the
 * command line prints.
 */
import type { Score } from "../evaluate/types.ts";
import type { Model, SearchRecord } from "../formats/types.ts";
import type { TrainingState } from "./state.ts";

/** Why a training run ended. */
export type StopReason = "criterion" | "limit" | "interrupted";

/** Training began. */
export interface Started {
  readonly kind: "started";
  readonly task: string;
  readonly units: number;
  /** Update to start from: 0, or where a checkpoint left off. */
  readonly update: number;
  /** Largest number of updates. */
  readonly updates: number;
  readonly batch: number;
  readonly backend: string;
  readonly seed: number;
}

/** One update was made. */
export interface Trained {
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
  readonly kind: "evaluated";
  /** Updates done before it. */
  readonly update: number;
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
  readonly kind: "stopped";
  readonly reason: StopReason;
  readonly update: number;
  readonly seconds: number;
  /** The trained network with its record, ready to be saved. */
  readonly model: Model;
}

/** A state from which training can go on to the same bits. */
export interface Checkpointed {
  readonly kind: "checkpoint";
  readonly state: TrainingState;
}

/** One scaling factor of a grid search was tried. */
export interface FactorTried {
  readonly kind: "factor";
  readonly factor: number;
  /** Factors done, this one included, of how many. */
  readonly done: number;
  readonly total: number;
  readonly score: Score;
}

/** One scaling factor of a grid search could not be tried to its end. */
export interface FactorFailed {
  readonly kind: "factorFailed";
  readonly factor: number;
  /** Factors done, this one included, of how many. */
  readonly done: number;
  readonly total: number;
  /** What went wrong, in one line. */
  readonly error: string;
}

/** A grid search ended. */
export interface Mapped {
  readonly kind: "mapped";
  readonly search: SearchRecord;
}

/** Trials of a long simulation or evaluation were done. */
export interface Simulated {
  readonly kind: "simulated";
  readonly done: number;
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
  | Simulated;
