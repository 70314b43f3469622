/** Psychometric curves: how often the answer is positive, by strength of the stimulus. */
import { exp } from "../arithmetic/elementary.ts";
import { countOf } from "../count.ts";
import type { RandomStream } from "../random/stream.ts";

/** Number of answers at one strength of the stimulus. */
export interface AnswerCount {
  /** Strength of the stimulus, signed. */
  readonly level: number;
  /** Number of positive answers. */
  readonly positive: number;
  /** Number of trials. */
  readonly trials: number;
}

/** An estimate with its interval. */
export interface Estimate {
  /** The value. */
  readonly value: number;
  /** Lower end of the 95 % interval; NaN if it does not exist. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
}

/** A logistic function through the shares of positive answers. */
export interface PsychometricFit {
  /** Level at which both answers are equally frequent. */
  readonly bias: Estimate;
  /** Change of the log odds with the level. */
  readonly slope: Estimate;
  /** Log odds at level 0. */
  readonly intercept: number;
  /** Why there is no fit; the numbers are NaN then. */
  readonly reason?: string;
}

/** Bootstrap samples of a fit. */
const samples = 500;
/** Newton steps of a fit; about six are usual. */
const mostSteps = 60;

/**
 * Fits P(positive) = 1/(1 + exp(-(intercept + slope·level))), with guess and
 * lapse rates of 0, by maximum likelihood. Intervals are percentiles of 500
 * fits to answers resampled at each level.
 *
 * Source: F. A. Wichmann and N. J. Hill, Percept. Psychophys. 63:1293 and 1314
 * (2001).
 *
 * @param counts answers by level
 * @param random stream of the bootstrap
 * @returns the fit; NaN with a reason if the answers do not determine it
 * @throws {RangeError} for counts that are not whole, or more answers than
 * trials
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { randomStream } from "@spikernn/spikernn";
 * import { fitPsychometric } from "@spikernn/spikernn/analysis";
 * const { bias, slope } = fitPsychometric([
 *   { level: -1, positive: 20, trials: 100 },
 *   { level: 1, positive: 80, trials: 100 },
 * ], randomStream(1));
 * assert(Math.abs(bias.value) < 1e-9);
 * assert(Math.abs(slope.value - Math.log(4)) < 1e-9);
 * assert(slope.low < slope.value && slope.value < slope.high);
 * ```
 */
export function fitPsychometric(
  counts: readonly AnswerCount[],
  random: RandomStream,
): PsychometricFit {
  check(counts);
  const found = fit(counts);
  const none = { value: NaN, low: NaN, high: NaN };
  if (typeof found === "string") {
    return { bias: none, slope: none, intercept: NaN, reason: found };
  }
  const [intercept, slope] = found;
  const slopes: number[] = [];
  const biases: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const drawn = fit(counts.map(({ level, positive, trials }, k) => {
      let again = 0;
      for (let t = 0; t < trials; t++) {
        if (random.uniform(k, t, sample) * trials < positive) again++;
      }
      return { level, positive: again, trials };
    }));
    // Answers that leave no doubt have a slope beyond all bounds.
    slopes.push(typeof drawn === "string" ? Infinity : drawn[1]);
    if (typeof drawn !== "string") biases.push(-drawn[0] / drawn[1]);
  }
  return {
    bias: { value: -intercept / slope, ...interval(biases) },
    slope: { value: slope, ...interval(slopes) },
    intercept,
  };
}

function check(counts: readonly AnswerCount[]): void {
  for (const { level, positive, trials } of counts) {
    const whole = Number.isInteger(positive) && Number.isInteger(trials);
    if (whole && positive >= 0 && positive <= trials && isFinite(level)) {
      continue;
    }
    throw new RangeError(
      `Cannot fit a psychometric curve: ${positive} positive answers in ` +
        `${
          countOf(trials, "trial")
        } at level ${level}; whole numbers are needed, the ` +
        "first at most the second, and a finite level",
    );
  }
}

/** Intercept and slope, or why there are none. */
function fit(counts: readonly AnswerCount[]): [number, number] | string {
  const used = counts.filter(({ trials }) => trials > 0);
  if (new Set(used.map(({ level }) => level)).size < 2) {
    return "fewer than two levels have trials";
  }
  if (separated(used)) return "the answers leave no doubt at any level";
  const scale = Math.max(...used.map(({ level }) => Math.abs(level)));
  let [a, b] = [0, 0];
  for (let step = 0; step < mostSteps; step++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
    for (const { level, positive, trials } of used) {
      const x = level / scale;
      const p = 1 / (1 + exp(-(a + b * x)));
      const rest = positive - trials * p;
      const weight = trials * p * (1 - p);
      g0 += rest;
      g1 += rest * x;
      h00 += weight;
      h01 += weight * x;
      h11 += weight * x * x;
    }
    const determinant = h00 * h11 - h01 * h01;
    if (!(determinant > 0)) break;
    const [da, db] = [
      (h11 * g0 - h01 * g1) / determinant,
      (h00 * g1 - h01 * g0) / determinant,
    ];
    // A long step may overshoot; the likelihood is concave, so shorter ones arrive.
    const short = Math.min(1, 3 / Math.hypot(da, db));
    a += short * da;
    b += short * db;
    if (Math.hypot(da, db) < 1e-12 * (1 + Math.hypot(a, b))) break;
  }
  return [a, b / scale];
}

/** Whether some level divides the answers without error, so that no slope is steepest. */
function separated(counts: readonly AnswerCount[]): boolean {
  const inOrder = [...counts].sort((a, b) => a.level - b.level);
  const clean = (up: boolean) => {
    // From none to all (or back), with at most one level of both answers between.
    const kinds = inOrder.map(({ positive, trials }) =>
      positive === 0 ? 0 : positive === trials ? 2 : 1
    );
    if (!up) kinds.reverse();
    return kinds.filter((kind) => kind === 1).length <= 1 &&
      kinds.every((kind, k) => k === 0 || kind >= kinds[k - 1]);
  };
  return clean(true) || clean(false);
}

/** The middle 95 % of values; an end that is beyond all bounds is NaN. */
function interval(values: number[]): { low: number; high: number } {
  if (values.length < samples / 2) return { low: NaN, high: NaN };
  values.sort((a, b) => a - b);
  const at = (share: number) => {
    const place = share * (values.length - 1);
    const [low, high] = [values[Math.floor(place)], values[Math.ceil(place)]];
    const value = low === high ? low : low + (high - low) * (place % 1);
    return Number.isFinite(value) ? value : NaN;
  };
  return { low: at(0.025), high: at(0.975) };
}
