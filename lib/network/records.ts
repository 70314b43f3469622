/** What is on record of a network: how it was trained, how it maps. */
import type { MatValue, MatVariables } from "../mat5/types.ts";
import type { CalibrationStep } from "./calibration_steps.ts";
import type { PerformanceRule, Score } from "./scores.ts";
import type { Calibration } from "./spiking.ts";
import type { FloatArray, Provenance, RateNetwork } from "./types.ts";

/** One evaluation during training. */
export interface EvaluationRecord {
  /** Updates done before it. */
  readonly update: number;
  /** Mean performance, paper's rule. */
  readonly performance: number;
  /** Mean performance, strict rule; NaN if unknown. */
  readonly strict: number;
  /** Mean loss over the evaluation's trials; NaN if unknown. */
  readonly loss: number;
  /** Multiple of the model's noise in the updates before it; absent if unknown. */
  readonly noiseLevel?: number;
  /**
   * Which easier task of the curriculum it was made on, counted from 1; absent
   * for the task itself.
   */
  readonly lesson?: number;
}

/** How training ended. */
export interface TrainingOutcome {
  /**
   * What ended it: its criteria, the largest number of updates, an interruption,
   * or numbers that were not finite.
   */
  readonly reason: "criterion" | "limit" | "interrupted" | "diverged";
  /** Whether the network of the file has met the criteria. */
  readonly met: boolean;
}

/** The training record. */
export interface TrainingRecord {
  /** `tr`: 0-based index of the last update, as the original counts. */
  readonly lastUpdate: number;
  /** Loss of every update made (mean over its trials). */
  readonly losses: FloatArray;
  /** Every evaluation, the earliest first. */
  readonly evaluations: readonly EvaluationRecord[];
  /** Outputs of the last evaluation, trials×(steps - 1). */
  readonly evalOutputs: FloatArray;
  /** Labels of the last evaluation's trials: 1, 0 or -1. */
  readonly evalLabels: FloatArray;
  /** How training ended; absent in files that do not say. */
  readonly outcome?: TrainingOutcome;
}

/** The last training trial, as the original saves it (layers in order). */
export interface SavedTrial {
  /** Stimulus `u`, channels×steps. */
  readonly inputs: FloatArray;
  /** Target `z`, steps numbers. */
  readonly target: FloatArray;
  /** Outputs `o`, steps - 1 numbers: the first belongs to step 1. */
  readonly outputs: FloatArray;
  /** States `x` after training, units×steps. */
  readonly states: FloatArray;
  /** Rates `r` after training, units×steps. */
  readonly rates: FloatArray;
  /** States `x0` before training, units×steps. */
  readonly initialStates: FloatArray;
  /** Rates `r0` before training, units×steps. */
  readonly initialRates: FloatArray;
}

/** One scaling factor a layer, and how the network did with them. */
export interface ScoredFactors {
  /** Scaling factors, one a layer in order. */
  readonly factors: readonly number[];
  /** Performance and output error of the spiking network with them. */
  readonly score: Score;
}

/** A search over one scaling factor a layer, beside the one for all layers. */
export interface LayerFactorsRecord {
  /** The best factors found, one a layer in order. */
  readonly factors: readonly number[];
  /** The one factor for all layers that the search began with. */
  readonly single: number;
  /** Everything tried, in order; the first is the one factor for all. */
  readonly tried: readonly ScoredFactors[];
  /** The best factors on fresh trials, which nothing was chosen by. */
  readonly score: Score;
  /** The one factor for all layers on the same fresh trials. */
  readonly singleScore: Score;
  /** Whether the factors of the layers are better there, and so are used. */
  readonly kept: boolean;
  /** Seed, numbers of trials. */
  readonly settings: Readonly<Record<string, number>>;
}

/** One round of the step `tune`. */
export interface TuneRound {
  /** The scaling factor that it had; several: one a layer. */
  readonly factor: number | readonly number[];
  /** Updates that were made. */
  readonly updates: number;
  /** What it found, on the trials that decide whether another round follows. */
  readonly score: Score;
}

/** How much of a rate network is left in a spiking one. */
export interface Correspondence {
  /**
   * Median over units of the Pearson correlation between filtered spikes and
   * rates, over the mean courses of all conditions; NaN if no unit varies.
   */
  readonly unitCorrelation: number;
  /** Linear centred kernel alignment of the mean courses of all units, 0 to 1. */
  readonly cka: number;
  /**
   * Norm of what a calibration changed in the synaptic weights, as a share of
   * the weights'; a gain that all share left out.
   */
  readonly weightChange: number;
  /** Share of synapses that grew or shrank more than twofold, likewise. */
  readonly synapsesChanged: number;
}

/** A disturbance under which a step of a calibration was compared with what it replaces. */
export interface RobustnessCheck {
  /** What was disturbed: `noise ×0.5`. */
  readonly name: string;
  /** Share of trials right by the strict rule before the step. */
  readonly before: number;
  /** The same with the step, on the same trials. */
  readonly after: number;
  /** Exact p of no difference, paired, two-sided. */
  readonly p: number;
  /** Whether the step makes it worse beyond chance. */
  readonly worse: boolean;
}

/** One step, and what it gave on trials that nothing was fitted on. */
export interface CalibrationOutcome {
  /** Which step it was. */
  readonly step: CalibrationStep;
  /** The network with what was kept of the steps before. */
  readonly before: Score;
  /** The network with this step. */
  readonly after: Score;
  /**
   * Whether it is part of the calibration: it was better beyond chance, and not
   * worse under disturbances.
   */
  readonly kept: boolean;
  /**
   * Exact p of no difference, paired on the trials that decided; absent in
   * older files.
   */
  readonly p?: number;
  /** How it did under disturbances; absent in older files. */
  readonly robustness?: readonly RobustnessCheck[];
  /**
   * How much of the rate network is left with this step; absent if it was not
   * kept, and in older files.
   */
  readonly correspondence?: Correspondence;
  /** Of the step `tune`: its rounds, in order. */
  readonly rounds?: readonly TuneRound[];
}

/** A calibration as a model file records it. */
export interface CalibrationRecord {
  /** The scaling factor that it belongs to; several: one a layer. */
  readonly factor: number | readonly number[];
  /** What was kept; empty if no step made the network better. */
  readonly calibration: Calibration;
  /** What each step gave, in order. */
  readonly outcomes: readonly CalibrationOutcome[];
  /**
   * Strengths of the noise, 1 for the model's, over which steps had to be better;
   * absent for the model's own alone.
   */
  readonly noise?: readonly number[];
  /** Seed, numbers of trials, iterations. */
  readonly settings: Readonly<Record<string, number>>;
}

/** Result of a search over the scaling factor. */
export interface SearchRecord {
  /** `scaling_factors`, in the order searched. */
  readonly factors: readonly number[];
  /**
   * One score a factor. Of different numbers of trials, unless `settings` says
   * `allTrials`: factors that could no longer count got no further ones.
   */
  readonly scores: readonly Score[];
  /** `opt_scaling_factor`: the one for all layers. */
  readonly chosen: number;
  /** Rule by which the factor was chosen. */
  readonly select: PerformanceRule;
  /** Factors whose strict performance is within the best one's interval. */
  readonly plateau: readonly number[];
  /**
   * What `map` was asked in each of the runs that made this record, by the names of
   * its flags; absent in records of earlier versions and of other programs.
   */
  readonly runs?: readonly Readonly<Record<string, unknown>>[];
  /**
   * How much of the rate network is left by the chosen factor alone; absent in
   * records of earlier versions and of other programs.
   */
  readonly correspondence?: Correspondence;
  /** Neuron model, synapse and constants used, JSON. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Factors that could not be tried to their end, and why; absent for none. */
  readonly failures?: readonly {
    readonly factor: number;
    readonly message: string;
  }[];
  /** One factor for each layer, in place of `chosen` if kept; absent if not searched. */
  readonly layers?: LayerFactorsRecord;
  /** What was fitted on top of the chosen factor; absent if nothing was. */
  readonly calibration?: CalibrationRecord;
}

/** What a model file holds. */
export interface Model {
  /** The trained network. */
  readonly network: RateNetwork;
  /** The network before training; absent in files that lack it. */
  readonly initial?: RateNetwork;
  /** Task by name, with its timings if known; absent if nothing says it. */
  readonly task?: {
    readonly name: string;
    readonly timing: Readonly<Record<string, number>>;
    /** Stands for the trials that it makes; absent for a built-in task. */
    readonly fingerprint?: string;
    /** SHA-256 of the file that it came from, and where that was; absent for none. */
    readonly file?: { readonly sha256: string; readonly path: string };
    /**
     * The path alone says it, and no length in the file confirms it. Such a task
     * is not written into a file.
     */
    readonly guessed?: true;
  };
  /** Losses and evaluations; absent in files that lack them. */
  readonly training?: TrainingRecord;
  /** Activity of the last training trial. */
  readonly trial?: SavedTrial;
  /** Absent when not searched yet. */
  readonly search?: SearchRecord;
  /** How the network came about; absent in files of the original. */
  readonly provenance?: Provenance;
  /**
   * Fields of the file that are none of the above, or that hold something else
   * than they should; written back as they are.
   */
  readonly extra?: MatVariables;
  /** What was odd about the file, a sentence each; absent if nothing was. */
  readonly remarks?: readonly string[];
  /** Forms in which the file held things; absent if it held them as they are written. */
  readonly form?: FileForm;
}

/**
 * How a file held what is written in another form otherwise: a class, a shape or
 * a place of its own. It is written back that way as long as it says the same.
 */
export interface FileForm {
  /** Fields as they were read, and as they would be written. */
  readonly fields: ReadonlyMap<
    string,
    { readonly read: MatValue; readonly written: MatValue }
  >;
  /** The structure that held the fields, and all variables of the file. */
  readonly inside?: {
    readonly name: string;
    readonly variables: MatVariables;
  };
}
