/** Where a training run stands, as plain data. */
import type { OptimiserState } from "../backend/types.ts";
import type { EvaluationRecord } from "../network/records.ts";
import type { RateNetwork } from "../network/types.ts";

/** What a model file keeps of its last evaluation. */
export interface KeptEvaluation {
  /** trials×(steps - 1). */
  readonly outputs: Float32Array;
  /** 1, 0 or -1 for each trial. */
  readonly labels: Float64Array;
}

/**
 * Everything that a training run needs to go on: random numbers are functions
 * of the seed and of counters, so the counters are their whole state.
 */
export interface TrainingState {
  /** Updates done. */
  readonly update: number;
  /** The network as it stands. */
  readonly network: RateNetwork;
  /** Moments and number of updates of the optimiser. */
  readonly optimiser: OptimiserState;
  /** The network before training. */
  readonly initial: RateNetwork;
  /** Mean loss of every update done. */
  readonly losses: Float64Array;
  /** Every evaluation so far. */
  readonly evaluations: readonly EvaluationRecord[];
  /** The last evaluation in full; absent before the first. */
  readonly evaluation?: KeptEvaluation;
  /** The last network that met the criteria; absent if none has. */
  readonly met?: MetState;
}

/** A network as it was at an evaluation that met the criteria. */
export interface MetState {
  /** Updates before the evaluation. */
  readonly update: number;
  /** The network at that evaluation. */
  readonly network: RateNetwork;
  /** The evaluation in full. */
  readonly evaluation: KeptEvaluation;
}
