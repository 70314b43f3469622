/** What a model file holds: the network, how it was trained, how it maps. */
import type { PerformanceRule } from "../evaluate/rules.ts";
import type { FloatArray, Provenance, RateNetwork } from "../network/types.ts";
import type { Score } from "../evaluate/types.ts";
import type { CalibrationRecord } from "../spiking/calibration_types.ts";
import type { LayerFactorsRecord } from "../spiking/search_types.ts";
import type { MatVariables } from "./mat5/types.ts";

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

/** Result of a search over the scaling factor. */
export interface SearchRecord {
  /** `scaling_factors`, in the order searched. */
  readonly factors: readonly number[];
  /** One score a factor. */
  readonly scores: readonly Score[];
  /** `opt_scaling_factor`: the one for all layers. */
  readonly chosen: number;
  /** Rule by which the factor was chosen. */
  readonly select: PerformanceRule;
  /** Factors whose strict performance is within the best one's interval. */
  readonly plateau: readonly number[];
  /** Neuron model, synapse and constants used, JSON. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Factors that could not be tried to their end, and why; absent for none. */
  readonly failures?: readonly {
    readonly factor: number;
    readonly message: string;
  }[];
  /** One factor for each layer, in place of `chosen` if kept; absent where not searched. */
  readonly layers?: LayerFactorsRecord;
  /** What was fitted on top of the chosen factor; absent where nothing was. */
  readonly calibration?: CalibrationRecord;
}

/** What a model file holds. */
export interface Model {
  /** The trained network. */
  readonly network: RateNetwork;
  /** The network before training; absent in files that lack it. */
  readonly initial?: RateNetwork;
  /** Task by name, with its timings where known; absent if the file does not say. */
  readonly task?: {
    readonly name: string;
    readonly timing: Readonly<Record<string, number>>;
  };
  /** Losses and evaluations; absent in files that lack them. */
  readonly training?: TrainingRecord;
  /** Activity of the last training trial. */
  readonly trial?: SavedTrial;
  /** Absent when not searched yet. */
  readonly search?: SearchRecord;
  /** How the network came about; absent in files of the original. */
  readonly provenance?: Provenance;
  /** Fields of the file that are none of the above; written back as they are. */
  readonly extra?: MatVariables;
}
