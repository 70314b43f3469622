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
   * Curriculum stage of the evaluation, counted from 1; absent for the task
   * itself.
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

/**
 * One scaling factor for each layer, and the score of the network with them.
 */
export interface ScoredFactors {
  /** Scaling factors, one a layer in order. */
  readonly factors: readonly number[];
  /** Performance and output error of the spiking network with them. */
  readonly score: Score;
}

/**
 * A search for one scaling factor for each layer, beside the one for all
 * layers.
 */
export interface LayerFactorsRecord {
  /** The best factors found, one for each layer in order. */
  readonly factors: readonly number[];
  /** The one factor for all layers that the search began with. */
  readonly single: number;
  /**
   * All choices tried, in order; the first is the one factor for all layers.
   */
  readonly tried: readonly ScoredFactors[];
  /** Score of the best factors on fresh trials, which no choice has used. */
  readonly score: Score;
  /** Score of the one factor for all layers on the same fresh trials. */
  readonly singleScore: Score;
  /**
   * Whether the factors of the layers are better there, and are therefore used.
   */
  readonly kept: boolean;
  /** Seed, numbers of trials. */
  readonly settings: Readonly<Record<string, number>>;
}

/** One round of the step `tune`. */
export interface TuneRound {
  /** Scaling factor of the round; an array has one for each layer. */
  readonly factor: number | readonly number[];
  /** Number of updates that were made. */
  readonly updates: number;
  /** Score on the trials that decide whether another round follows. */
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
   * Norm of the changes of synaptic weights by a calibration, as a share of the
   * norm of the weights; a gain common to all does not count.
   */
  readonly weightChange: number;
  /**
   * Share of synapses that grew or shrank more than twofold, without the common
   * gain.
   */
  readonly synapsesChanged: number;
}

/**
 * A disturbance under which a step of a calibration was compared with the
 * network before it.
 */
export interface RobustnessCheck {
  /** What was disturbed: `noise ×0.5`. */
  readonly name: string;
  /**
   * Share of trials right by the strict rule before the step; absent if the step
   * could not be worse before all of these trials had run.
   */
  readonly before?: number;
  /** The same with the step, on the same trials. */
  readonly after: number;
  /** Exact p of no difference, paired, two-sided; absent as `before`. */
  readonly p?: number;
  /** Whether the step is worse beyond chance. */
  readonly worse: boolean;
}

/** One step, and its result on trials on which nothing was fitted. */
export interface CalibrationOutcome {
  /** Which step it was. */
  readonly step: CalibrationStep;
  /** Score with the earlier steps that were kept. */
  readonly before: Score;
  /** Score with this step. */
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
  /** Comparisons under disturbances; absent in older files. */
  readonly robustness?: readonly RobustnessCheck[];
  /**
   * Correspondence with the rate network after this step; absent if it was not
   * kept, and in older files.
   */
  readonly correspondence?: Correspondence;
  /** The rounds of the step `tune`, in order; absent for other steps. */
  readonly rounds?: readonly TuneRound[];
}

/** A calibration as a model file records it. */
export interface CalibrationRecord {
  /** Scaling factor that it belongs to; an array has one for each layer. */
  readonly factor: number | readonly number[];
  /**
   * The calibration: everything that was kept; empty if no step made the
   * network better.
   */
  readonly calibration: Calibration;
  /** Result of each step, in order. */
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
   * One score for each factor. Their numbers of trials differ unless `settings`
   * says `allTrials`: factors that could no longer be the best got no further
   * ones.
   */
  readonly scores: readonly Score[];
  /** `opt_scaling_factor`: the one for all layers. */
  readonly chosen: number;
  /** Rule by which the factor was chosen. */
  readonly select: PerformanceRule;
  /** Factors whose strict performance is within the best one's interval. */
  readonly plateau: readonly number[];
  /**
   * Flags of `map` in each of the runs that made this record, by name; absent
   * in records of earlier versions and of other programs.
   */
  readonly runs?: readonly Readonly<Record<string, unknown>>[];
  /**
   * Correspondence with the rate network by the chosen factor alone; absent in
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
  /** Record of the search; absent if there was none yet. */
  readonly search?: SearchRecord;
  /** How the network came about; absent in files of the original. */
  readonly provenance?: Provenance;
  /**
   * Fields of the file that are none of the above, or whose content is not
   * valid; they are written back as they are.
   */
  readonly extra?: MatVariables;
  /**
   * What was unusual about the file, one sentence for each; absent if nothing
   * was.
   */
  readonly remarks?: readonly string[];
  /**
   * Forms of fields that differ from those in which they are written; absent if
   * none does.
   */
  readonly form?: FileForm;
}

/**
 * Fields that a file holds in another class, shape or place than the usual one.
 * They are written back in that form as long as their values are the same.
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
