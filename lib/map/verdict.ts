/** From measurements to a verdict on a conversion. */
import { countOf } from "../count.ts";
import type { Score } from "../network/scores.ts";
import type { CalibrationOutcome, Correspondence } from "../network/records.ts";
import { wilson } from "../simulate/wilson.ts";
import type {
  Comparison,
  Diagnosis,
  Judgement,
  Verdict,
} from "./diagnosis_types.ts";
import { median } from "../arithmetic/median.ts";

/**
 * Limits of the verdict, each with its reason. Findings warn earlier, see
 * `thresholds`.
 *
 * - `margin` 0.1: a good spiking network is shown to lose at most this much of
 *   the rate network's strict performance. 100 trials show it where 96 are right.
 * - `enough` 0.8: below it a network does not do its task. One that always gives
 *   the same answer is right in half of the trials or so.
 * - `gain` 0.5 to 2: beyond, the output is wrong by half of its size or more.
 * - `correlation` 0.2: the median unit shares less than 4 % of its variance with
 *   its rate unit: the network is another one.
 * - `recorded` 10: with fewer trials of a condition noise alone can lower the
 *   correlation that far.
 * - `kept`: a calibration that changed the weights by a tenth or more and left
 *   less than four fifths of the correspondence, or a correlation below 0.5, has
 *   learned the task anew. Calibrated from an untrained network it falls from 0.8
 *   to 0.3; from trained ones of 100 units it stays or grows (0.85 to 0.86 for a
 *   sigmoid, 0.54 to 0.63 for clipped relu, 0.49 to 0.78 for softplus).
 * - `units` 0.5: half of the units are saturated, or are silent though their rate
 *   moves.
 */
export const limits = {
  margin: 0.1,
  enough: 0.8,
  gain: [0.5, 2],
  correlation: 0.2,
  recorded: 10,
  units: 0.5,
  silentDeviation: 0.05,
  kept: { weights: 0.1, correlation: 0.5, share: 0.8 },
} as const;

/** Trials behind one recorded trial of every condition, as `diagnose` takes them. */
export const trialsPerRecorded = 10;

/** Largest number of trials that is proposed. */
const mostTrials = 100_000;

/** The gravest of several verdicts. */
function gravest(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("poor")) return "poor";
  return verdicts.includes("undecided") ? "undecided" : "good";
}

/**
 * Judges a conversion by performance, gain of the output, correlation of units
 * and rates; the verdict is the gravest of the four.
 *
 * @param comparison what was measured
 * @returns the verdict, the four judgements, and how many trials would decide
 *   where it is undecided; absent if no number up to 100,000 would
 */
export function judge(
  comparison: Comparison,
): Pick<Diagnosis, "verdict" | "judgements" | "trialsNeeded"> {
  const judgements = [
    judgePerformance(comparison.rate, comparison.spiking),
    judgeGain(comparison),
    judgeCorrelation(comparison),
    judgeRates(comparison),
    judgeCorrespondence(comparison),
  ];
  const verdict = gravest(judgements.map((each) => each.verdict));
  if (verdict !== "undecided") return { verdict, judgements };
  const needed = judgements.filter((each) => each.verdict === "undecided")
    .map(({ trialsNeeded }) => trialsNeeded ?? Infinity);
  const most = Math.max(...needed);
  return {
    verdict,
    judgements,
    ...(most <= mostTrials && { trialsNeeded: most }),
  };
}

/**
 * Whether the spiking network does its task nearly as well as the rate network.
 * The limit is 10 % below the rate network's strict performance, but at least
 * 80 %. `good`: the 95 % interval of the spiking network's is above it; `poor`: it
 * is below. So more trials never turn one into the other, but for chance.
 */
export function judgePerformance(rate: Score, spiking: Score): Judgement {
  const verdict = performanceOf(rate.strict, spiking.strict);
  const trialsNeeded = verdict === "undecided"
    ? trialsFor(rate, spiking)
    : undefined;
  return {
    aspect: "performance",
    verdict,
    ...(trialsNeeded !== undefined && { trialsNeeded }),
  };
}

function performanceOf(
  rate: Pick<Score["strict"], "value">,
  spiking: Pick<Score["strict"], "low" | "high">,
): Verdict {
  const limit = Math.max(rate.value - limits.margin, limits.enough);
  if (spiking.low >= limit) return "good";
  return spiking.high < limit ? "poor" : "undecided";
}

/** Trials that would decide if the shares of right ones stayed as they are. */
function trialsFor(rate: Score, spiking: Score): number | undefined {
  const at = ({ strict: { value } }: Score, trials: number) =>
    wilson(Math.round(value * trials), trials);
  let trials = spiking.strict.trials;
  while (trials < mostTrials) {
    trials = roundUp(Math.max(trials + 1, Math.ceil(1.05 * trials)));
    const verdict = performanceOf(at(rate, trials), at(spiking, trials));
    if (verdict !== "undecided") return trials;
  }
  // Right at the limit, as 9 of 10 are beside 10 of 10: by chance, if they are few.
  const more = Math.max(100, 10 * spiking.strict.trials);
  if (more <= mostTrials) return roundUp(more);
}

function judgeGain(
  { output: { gain }, gainInterval = [gain, gain], ...rest }: Comparison,
): Judgement {
  const aspect = "gain";
  const [low, high] = gainInterval;
  const [least, most] = limits.gain;
  // Without variation of the rate network's output there is nothing to follow.
  if (Number.isNaN(gain) || high < least || low > most) {
    return { aspect, verdict: "poor" };
  }
  if (low > least && high < most) return { aspect, verdict: "good" };
  const { recorded = 1 } = rest;
  const distance = Math.min(Math.abs(gain - least), Math.abs(most - gain));
  const times = ((high - low) / 2 / distance) ** 2;
  const needed = Number.isFinite(times)
    ? Math.ceil(recorded * times) + 1
    : limits.recorded;
  return {
    aspect,
    verdict: "undecided",
    trialsNeeded: roundUp(trialsPerRecorded * needed),
  };
}

function judgeCorrelation(
  { units, recorded = Infinity }: Comparison,
): Judgement {
  const aspect = "correlation";
  const typical = median(units.correlation);
  // Units that do not move follow nothing, and lose nothing.
  const still = movingUnits(units).length === 0;
  if (still || typical >= limits.correlation) {
    return { aspect, verdict: "good" };
  }
  // Noise takes a correlation towards 0, and never to the other side.
  return recorded < limits.recorded && typical > -limits.correlation
    ? {
      aspect,
      verdict: "undecided",
      trialsNeeded: trialsPerRecorded * limits.recorded,
    }
    : { aspect, verdict: "poor" };
}

function judgeCorrespondence(
  { correspondence, uncalibrated }: Comparison,
): Judgement {
  const verdict = isRelearned(correspondence, uncalibrated) ? "poor" : "good";
  return { aspect: "correspondence", verdict };
}

/**
 * Whether a calibration found another network rather than carried over the rate
 * network: it changed the weights by more than a tenth, and the units follow
 * their rate units by a correlation of less than 0.5, or less than they did by
 * the factor alone by a fifth, in correlation or CKA.
 *
 * @param after with the calibration
 * @param alone by the factor alone, on the same trials
 */
export function isRelearned(
  after: Correspondence,
  alone?: Correspondence,
): boolean {
  const { kept } = limits;
  const lost = (of: "unitCorrelation" | "cka") =>
    alone !== undefined && after[of] < kept.share * alone[of];
  return after.weightChange > kept.weights &&
    (after.unitCorrelation < kept.correlation || lost("unitCorrelation") ||
      lost("cka"));
}

function judgeRates({ units }: Comparison): Judgement {
  const moving = movingUnits(units);
  const silent = new Set(units.silent);
  const lost = moving.filter((unit) => silent.has(unit)).length;
  const total = units.firing.length;
  const poor = lost > limits.units * moving.length ||
    units.saturated.length > limits.units * total ||
    silent.size === total;
  return { aspect: "rates", verdict: poor ? "poor" : "good" };
}

/** Units whose rate moves by a twentieth of a sigmoid's range. */
export function movingUnits(
  { rateDeviation }: Comparison["units"],
): number[] {
  return [...rateDeviation.keys()].filter((unit) =>
    rateDeviation[unit] > limits.silentDeviation
  );
}

/** To two digits, upwards. */
function roundUp(trials: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(trials)) - 1);
  return Math.ceil(trials / step) * step;
}

/**
 * A verdict in one sentence, without the full stop.
 *
 * @param diagnosis what `diagnose` gave
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { type Diagnosis, verdictText } from "@spikernn/spikernn";
 * const judgements = [{ aspect: "gain", verdict: "poor" }] as const;
 * const text = verdictText({ verdict: "poor", judgements } as unknown as Diagnosis);
 * assert(text === "poor: gain of the output");
 * ```
 */
export function verdictText(
  { verdict, judgements, trialsNeeded }: Pick<
    Diagnosis,
    "verdict" | "judgements" | "trialsNeeded"
  >,
): string {
  if (verdict === "good") return "good";
  const which = judgements.filter((each) => each.verdict === verdict)
    .map(({ aspect }) => aspectNames[aspect]).join(", ");
  if (verdict === "poor") return `poor: ${which}`;
  return `undecided: ${which}; ` +
    (trialsNeeded === undefined
      ? "it is at the limit, where no number of trials decides"
      : `about ${countOf(trialsNeeded, "trial")} would decide`);
}

const aspectNames = {
  performance: "performance",
  gain: "gain of the output",
  correlation: "correlation of units",
  rates: "firing rates",
  correspondence: "relearned, not mapped",
} as const;

/**
 * Whether a step was not even tried: the network was right in every trial before it,
 * and is what it was.
 */
export function isUntried(
  { before, after, kept }: CalibrationOutcome,
): boolean {
  return !kept && before.strict.value === 1 &&
    after.outputError === before.outputError;
}
