/** What a diagnosis of a conversion holds. */
import type { Correspondence } from "../network/records.ts";
import type { Score } from "../network/scores.ts";
import type { Activation } from "../network/types.ts";
import type { Regression } from "./statistics.ts";

/**
 * Severity of a finding: it explains a failure, may explain it, or only
 * informs.
 */
export type Severity = "problem" | "warning" | "note";

/** Kinds of findings. */
export type FindingCode =
  | "rate-network"
  | "relearned"
  | "performance"
  | "condition"
  | "undecided"
  | "at-chance"
  | "gain-high"
  | "gain-low"
  | "gain-negative"
  | "output-constant"
  | "offset"
  | "correlation"
  | "silent"
  | "saturated"
  | "activation"
  | "time-constants"
  | "factor-at-edge";

/** A finding, with its numbers and what to try. */
export interface Finding {
  /** What was found, as a code for programs. */
  readonly code: FindingCode;
  /** Whether it explains a failure, may explain it, or only informs. */
  readonly severity: Severity;
  /** One sentence with the numbers in it. */
  readonly message: string;
  /** The numbers alone, by name. */
  readonly numbers: Readonly<Record<string, number>>;
  /** What to try next. */
  readonly advice: string;
}

/** Spiking and rate units compared one by one, all layers in order. */
export interface UnitComparison {
  /**
   * Pearson correlation between the unit's filtered spike train r and its rate,
   * over the steps of all conditions' mean courses; NaN if one of them does
   * not vary.
   */
  readonly correlation: Float64Array;
  /** Mean rate of the rate unit, in units of its activation. */
  readonly rate: Float64Array;
  /** Standard deviation of the rate unit's mean course. */
  readonly rateDeviation: Float64Array;
  /** Firing rate of the spiking unit, Hz, without the first 9 steps. */
  readonly firing: Float64Array;
  /** Units that never fire after the first 9 steps. */
  readonly silent: readonly number[];
  /** Units that fire at more than half of what their refractory period allows. */
  readonly saturated: readonly number[];
}

/** Measurements of both networks on the same stimuli. */
export interface Comparison {
  /** Transfer function of the rate network. */
  readonly activation: Activation;
  /** Shortest, median and longest synaptic decay, ms. */
  readonly decayMs: {
    readonly min: number;
    readonly median: number;
    readonly max: number;
  };
  /** Whether the decay is the same for all units, untrained. */
  readonly decayFixed: boolean;
  /** Scaling factor of the mapping, or one for each layer. */
  readonly factor: number | readonly number[];
  /** Score of the rate network. */
  readonly rate: Score;
  /** Score of the spiking network, on the same trials. */
  readonly spiking: Score;
  /** Activity of the two networks, unit by unit. */
  readonly units: UnitComparison;
  /** How much of the rate network is left in the spiking one. */
  readonly correspondence: Correspondence;
  /** The same by the factor alone; absent if the network has no calibration. */
  readonly uncalibrated?: Correspondence;
  /** Mean spiking outputs regressed on mean rate outputs, step by step. */
  readonly output: Regression;
  /** 95 % interval of its gain, from the spread of trials; absent if unknown. */
  readonly gainInterval?: readonly [low: number, high: number];
  /** Recorded trials of every condition; absent if unknown. */
  readonly recorded?: number;
  /** Factors that were searched; absent if unknown. */
  readonly searched?: readonly number[];
}

/**
 * `good` or `poor` if the trials show it; `undecided` if more trials are
 * needed.
 */
export type Verdict = "good" | "undecided" | "poor";

/** A verdict on one aspect. */
export interface Judgement {
  /** What was looked at. */
  readonly aspect:
    | "performance"
    | "gain"
    | "correlation"
    | "rates"
    | "correspondence";
  /** What it says. */
  readonly verdict: Verdict;
  /** Where undecided: about how many trials would decide; absent if none would. */
  readonly trialsNeeded?: number;
}

/** A comparison with its verdict. */
export interface Diagnosis extends Comparison {
  /**
   * The worst of the judgements. `good`: the trials show that the spiking
   * network does its task and loses at most 10 % of trials against the rate
   * network, and its output, units and rates are like those of the rate
   * network.
   */
  readonly verdict: Verdict;
  /** By performance, gain, correlation, rates and correspondence, in this order. */
  readonly judgements: readonly Judgement[];
  /** Where undecided: about how many trials would decide; absent if none would. */
  readonly trialsNeeded?: number;
  /** Findings, the most severe first. */
  readonly findings: readonly Finding[];
}
