/**
 * Everything that happens, as data. The terminal, a report, the dashboard, a
 * log and the checkpoints are listeners of this one stream; nothing below the
 * command line prints.
 */
import type { Score } from "../network/scores.ts";
import type {
  CalibrationOutcome,
  CalibrationRecord,
  LayerFactorsRecord,
  Model,
  SearchRecord,
} from "../network/records.ts";
import type { Task } from "../tasks/types.ts";
import type { TrainingState } from "./training_state.ts";

/** Why a training run ended. */
export type StopReason = "criterion" | "limit" | "interrupted";

/** Training began. */
export interface Started {
  /** Kind of the event. */
  readonly kind: "started";
  /** Task, by its name on the command line. */
  readonly task: string;
  /** Number of units, all layers together. */
  readonly units: number;
  /** Update to start from: 0, or where a checkpoint left off. */
  readonly update: number;
  /** Largest number of updates. */
  readonly updates: number;
  /** Trials of one update, whose mean loss training lowers. */
  readonly batch: number;
  /** Where it is computed, in words. */
  readonly backend: string;
  /** Seed of trials and noise. */
  readonly seed: number;
}

/** One update was made. */
export interface Trained {
  /** Kind of the event. */
  readonly kind: "trained";
  /** Updates done, this one included (1-based). */
  readonly update: number;
  /** Mean loss of the update's trials, before the update. */
  readonly loss: number;
  /** Norm of the gradient, before clipping. */
  readonly gradientNorm: number;
  /**
   * On the first update: layers, counted from 0, whose recurrent weights did
   * not move because they have no gradient. Absent if there are none.
   */
  readonly still?: readonly number[];
}

/** An evaluation on fresh trials was made. */
export interface Evaluated {
  /** Kind of the event. */
  readonly kind: "evaluated";
  /** Updates done before it. */
  readonly update: number;
  /** Performance by both rules, loss and output error over its trials. */
  readonly score: Score;
  /** Multiple of the model's noise in the updates before it. */
  readonly noiseLevel: number;
  /**
   * Curriculum stage of the evaluation, counted from 1; absent for the task
   * itself.
   */
  readonly lesson?: number;
  /**
   * Present if training goes back because the network has lost what it had
   * learned: the number of updates of the network to which it returns, which
   * met the criteria, and the learning rate from now on.
   */
  readonly returned?: { readonly to: number; readonly learningRate: number };
  /** True if training ends with this evaluation, since it meets the criteria. */
  readonly last?: true;
  /** The evaluation's last trial, for figures. */
  readonly example: {
    readonly condition: string;
    /** The condition in the task's words, if it has any. */
    readonly label?: string;
    readonly inputs: Float32Array;
    readonly target: Float32Array;
    readonly outputs: Float32Array;
    /** Rates, units×steps. */
    readonly rates: Float32Array;
    /** Names of the rows of `inputs`. */
    readonly channels?: Task["channels"];
    /** Windows of the stimuli, in steps. Defaults to the task's. */
    readonly stimuli?: Task["stimuli"];
    /** Units of each layer. Defaults to one layer. */
    readonly layers?: readonly number[];
  };
}

/** Training ended. */
export interface Stopped {
  /** Kind of the event. */
  readonly kind: "stopped";
  /** Why training ended. */
  readonly reason: StopReason;
  /** Number of updates done, including those before a checkpoint. */
  readonly update: number;
  /**
   * Number of updates before the first evaluation that met the criteria; absent
   * if none did.
   */
  readonly firstMet?: number;
  /**
   * Number of updates before the last evaluation that met the criteria, if not
   * every level of noise was met: the model is the network of that evaluation.
   */
  readonly kept?: number;
  /** Duration of this run, in s (wall clock). */
  readonly seconds: number;
  /** The trained network with its record, ready to be saved. */
  readonly model: Model;
}

/** A state from which training can go on, with the same bits. */
export interface Checkpointed {
  /** Kind of the event. */
  readonly kind: "checkpoint";
  /** Network, optimiser and counters after the last update done. */
  readonly state: TrainingState;
}

/** A trial of a spiking network, for figures. */
export interface SpikingExample {
  /** Condition of the trial. */
  readonly condition: string;
  /** The condition in the task's words, if it has any. */
  readonly label?: string;
  /** Duration of the trial, in ms. */
  readonly duration: number;
  /** Times of the spikes, in ms, ascending. */
  readonly times: Float32Array;
  /** Unit of each spike, counted over all layers. */
  readonly units: Uint32Array;
  /** Units in the order to show them: by layer, then by type. */
  readonly populations: readonly {
    readonly type: "E" | "I" | "PV" | "SST" | "units";
    readonly units: readonly number[];
  }[];
}

/**
 * One scaling factor of a grid search was tried, on all of its trials if it is
 * settled. An event of the same factor after more trials replaces it.
 */
export interface FactorTried {
  /** Kind of the event. */
  readonly kind: "factor";
  /** The scaling factor, by which weights and readout are divided. */
  readonly factor: number;
  /** Factors settled so far, this one included if it is. */
  readonly done: number;
  /** Number of factors in the search. */
  readonly total: number;
  /** Whether the factor gets no further trials. */
  readonly settled: boolean;
  /** Score of the spiking network with this factor, on its trials so far. */
  readonly score: Score;
  /** A trial with this factor, if requested. */
  readonly example?: SpikingExample;
}

/** One scaling factor of a grid search could not be tried to its end. */
export interface FactorFailed {
  /** Kind of the event. */
  readonly kind: "factorFailed";
  /** The scaling factor, by which weights and readout are divided. */
  readonly factor: number;
  /** Factors done so far, this one included. */
  readonly done: number;
  /** Number of factors in the search. */
  readonly total: number;
  /** What went wrong, in one line. */
  readonly error: string;
}

/** One scaling factor for each layer was tried. */
export interface LayerFactorsTried {
  /** Kind of the event. */
  readonly kind: "layerFactors";
  /** Scaling factors, one for each layer in order. */
  readonly factors: readonly number[];
  /**
   * Choices of factors tried so far, this one included; the total is not known.
   */
  readonly done: number;
  /** Score of the spiking network with these factors. */
  readonly score: Score;
  /** Factors of the best choice so far, by the search's own rule. */
  readonly best: readonly number[];
}

/** A grid search ended. */
export interface Mapped {
  /** Kind of the event. */
  readonly kind: "mapped";
  /** Every factor's score, and the choice. */
  readonly search: SearchRecord;
}

/** One step of a calibration was fitted, and tried on fresh trials. */
export interface Calibrated extends CalibrationOutcome {
  /** Kind of the event. */
  readonly kind: "calibrated";
}

/** A search over the factors of layers ended. */
export interface LayersMapped {
  /** Kind of the event. */
  readonly kind: "layersMapped";
  /** The best factors, everything tried, and whether they are better. */
  readonly layers: LayerFactorsRecord;
}

/** A calibration ended. */
export interface CalibrationEnded {
  /** Kind of the event. */
  readonly kind: "calibration";
  /** What was fitted and kept, and what each step gave. */
  readonly record: CalibrationRecord;
}

/** Trials of a long simulation or evaluation were done. */
export interface Simulated {
  /** Kind of the event. */
  readonly kind: "simulated";
  /** Trials done. */
  readonly done: number;
  /** Trials in all. */
  readonly total: number;
}

/** Part of the eigenvalues of a network's weights was computed. */
export interface Decomposed {
  /** Kind of the event. */
  readonly kind: "decomposed";
  /** Work done, in hundredths of one matrix. */
  readonly done: number;
  /** Work in all: 100 for each matrix. */
  readonly total: number;
}

/** Any event of a training. */
export type TrainingEvent =
  | Started
  | Trained
  | Evaluated
  | Checkpointed
  | Stopped;

/** Any event of a search over the scaling factor. */
export type SearchEvent = FactorTried | FactorFailed | Mapped;

/** Any event. */
export type Progress =
  | Started
  | Trained
  | Evaluated
  | Checkpointed
  | Stopped
  | FactorTried
  | FactorFailed
  | LayerFactorsTried
  | Mapped
  | LayersMapped
  | Calibrated
  | CalibrationEnded
  | Simulated
  | Decomposed;
