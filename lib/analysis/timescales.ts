/**
 * Intrinsic timescales of units: how fast the autocorrelation of their spike
 * counts decays, after Murray et al. 2014, Nat. Neurosci. 17:1661.
 */
import { countOf } from "../count.ts";
import { type Activity, checkValues } from "./activity.ts";
import { type DecayFit, fitDecay } from "./decay_fit.ts";

export type { DecayFit } from "./decay_fit.ts";

/** Why a unit has no timescale. */
export type Exclusion =
  | "a lag without a value"
  | "no fall"
  | "falls late"
  | "too short"
  | "too long";

/** Result of fitting one unit's autocorrelation. */
export interface UnitTimescale {
  /** The fit; absent if there is none. */
  readonly fit?: DecayFit;
  /** Why the unit is left out; absent if it is kept. */
  readonly excluded?: Exclusion;
}

/** Lags of the autocorrelation, in bins: 1 … 15. */
export const lagCount = 15;

/** Lag before which the fall must begin. */
const latestFall = 4;

/** Longest timescale that is kept, ms. */
const longest = 500;

/**
 * Autocorrelation of each unit: for each lag k = 1 … 15 the mean over pairs of
 * bins k apart of the Pearson correlation over trials. Pairs in which either bin
 * is the same in all trials are left out; a lag without a pair is NaN.
 *
 * @param counts spike counts of trials without a stimulus
 * @param weights how often each trial counts, for a bootstrap; defaults to once
 * @returns units×15, row-major
 * @throws {TypeError} for another number of counts than the sizes say
 * @throws {RangeError} for fewer than 16 bins, or fewer than 3 trials
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { autocorrelations } from "@spikernn/spikernn/analysis";
 * // Two units, 20 bins: one whose count is that of its trial, one that never fires.
 * const values = Float64Array.from(
 *   { length: 5 * 2 * 20 },
 *   (_, k) => Math.floor(k / 20) % 2 === 0 ? Math.floor(k / 40) : 0,
 * );
 * const found = autocorrelations({
 *   trials: 5, units: 2, bins: 20, binMs: 50, values,
 *   conditions: new Array(5).fill("no stimulus"),
 * });
 * assert(Math.abs(found[14] - 1) < 1e-12 && Number.isNaN(found[15]));
 * ```
 */
export function autocorrelations(
  counts: Activity,
  weights?: ArrayLike<number>,
): Float64Array {
  checkValues(counts);
  const { trials, units, bins, values } = counts;
  if (bins <= lagCount) {
    throw new RangeError(
      `Cannot find timescales in ${countOf(bins, "bin")}: at least ${
        lagCount + 1
      } are ` +
        "needed",
    );
  }
  if (trials < 3) {
    throw new RangeError(
      `Cannot find timescales in ${
        countOf(trials, "trial")
      }: at least 3 are needed`,
    );
  }
  const times = weights
    ? Float64Array.from(weights)
    : new Float64Array(trials).fill(1);
  const total = times.reduce((sum, weight) => sum + weight, 0);
  // Trials that count zero times would only add zeros.
  const counted = Uint32Array.from(times.keys())
    .filter((trial) => times[trial] !== 0);
  const weightOf = Float64Array.from(counted, (trial) => times[trial]);
  // Behind the last bin are rows of zeros, for lags that end there.
  const scores = new Float64Array((bins + lagCount) * counted.length);
  const rows = {
    trials: counted.length,
    weights: weightOf,
    roots: weightOf.map(Math.sqrt),
    total,
    scores,
    varies: new Uint8Array(bins + lagCount),
  };
  const result = new Float64Array(units * lagCount);
  for (let unit = 0; unit < units; unit++) {
    for (let k = 0; k < counted.length; k++) {
      const from = (counted[k] * units + unit) * bins;
      for (let bin = 0, at = k; bin < bins; bin++, at += counted.length) {
        scores[at] = values[from + bin];
      }
    }
    standardise(rows, bins);
    const at = unit * lagCount;
    addProducts(rows, bins, result.subarray(at, at + lagCount));
  }
  return result;
}

/** Counts of one unit: bins×trials, those of the trials that count. */
interface Rows {
  readonly trials: number;
  readonly weights: Float64Array;
  /** Roots of the weights: in both factors, a product is a weighted one. */
  readonly roots: Float64Array;
  /** Sum of the weights. */
  readonly total: number;
  readonly scores: Float64Array;
  /** Whether a bin's counts differ. */
  readonly varies: Uint8Array;
}

/** Makes scores of mean 0 and norm 1 of the counts; zeros where they do not differ. */
function standardise(
  { trials, weights, roots, total, scores, varies }: Rows,
  bins: number,
): void {
  for (let bin = 0; bin < bins; bin++) {
    const from = bin * trials;
    let sum = 0;
    let low = Infinity;
    let high = -Infinity;
    for (let k = 0; k < trials; k++) {
      const value = scores[from + k];
      sum += weights[k] * value;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    varies[bin] = high > low ? 1 : 0;
    if (!varies[bin]) {
      scores.fill(0, from, from + trials);
      continue;
    }
    const mean = sum / total;
    let squares = 0;
    for (let k = 0; k < trials; k++) {
      const change = scores[from + k] - mean;
      scores[from + k] = change;
      squares += weights[k] * change * change;
    }
    const scale = 1 / Math.sqrt(squares);
    for (let k = 0; k < trials; k++) scores[from + k] *= scale * roots[k];
  }
}

/** Lags that are summed side by side: a sum alone waits for each addition. */
const lagsAtOnce = 5;

/** Mean products of scores at each lag. */
function addProducts(
  { trials, scores, varies }: Rows,
  bins: number,
  means: Float64Array,
): void {
  for (let lag = 1; lag <= lagCount; lag += lagsAtOnce) {
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    let sum4 = 0;
    for (let bin = 0; bin + lag < bins; bin++) {
      if (!varies[bin]) continue;
      const at = bin * trials;
      const at0 = at + lag * trials;
      const at1 = at0 + trials;
      const at2 = at1 + trials;
      const at3 = at2 + trials;
      const at4 = at3 + trials;
      // Zeros of bins that do not vary change no sum.
      for (let k = 0; k < trials; k++) {
        const score = scores[at + k];
        sum0 += score * scores[at0 + k];
        sum1 += score * scores[at1 + k];
        sum2 += score * scores[at2 + k];
        sum3 += score * scores[at3 + k];
        sum4 += score * scores[at4 + k];
      }
    }
    means[lag - 1] = sum0;
    means[lag] = sum1;
    means[lag + 1] = sum2;
    means[lag + 2] = sum3;
    means[lag + 3] = sum4;
  }
  for (let lag = 1; lag <= lagCount; lag++) {
    let pairs = 0;
    for (let bin = 0; bin + lag < bins; bin++) {
      if (varies[bin] && varies[bin + lag]) pairs++;
    }
    means[lag - 1] /= pairs;
  }
}

/**
 * Timescale of one autocorrelation: A·(exp(-k·bin/τ) + B) is fitted by least
 * squares, from the lag k after which it first falls. The unit is kept if no
 * lag is NaN, the fall begins before lag 4, and 0 < τ ≤ 500 ms. If a fall
 * within a single bin fits as well as any decay, τ has no lower bound and is
 * too short to be measured.
 *
 * @param correlations at lags 1 … 15
 * @param binMs width of a bin, ms
 * @throws {TypeError} for another number of lags
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { timescale } from "@spikernn/spikernn/analysis";
 * const decay = Float64Array.from({ length: 15 }, (_, k) =>
 *   0.3 * (Math.exp(-50 * (k + 1) / 120) + 0.1));
 * const { fit, excluded } = timescale(decay, 50);
 * assert(excluded === undefined && Math.abs(fit!.tau - 120) < 1e-6);
 * ```
 */
export function timescale(
  correlations: ArrayLike<number>,
  binMs: number,
): UnitTimescale {
  if (correlations.length !== lagCount) {
    throw new TypeError(
      `Cannot find a timescale in ${correlations.length} lags: ` +
        `${lagCount} are needed`,
    );
  }
  for (let k = 0; k < lagCount; k++) {
    if (Number.isNaN(correlations[k])) {
      return { excluded: "a lag without a value" };
    }
  }
  let from = 0;
  while (
    from + 1 < lagCount && !(correlations[from + 1] < correlations[from])
  ) {
    from++;
  }
  if (from + 1 === lagCount) return { excluded: "no fall" };
  const lags = lagCount - from;
  // Fewer points than constants of the curve.
  const fit = lags >= 3
    ? fitDecay(
      Float64Array.from({ length: lags }, (_, k) => correlations[from + k]),
      from + 1,
      binMs,
    )
    : undefined;
  if (from + 1 >= latestFall) return { fit, excluded: "falls late" };
  if (!fit) return { excluded: "too short" };
  if (!(fit.tau <= longest)) return { fit, excluded: "too long" };
  return { fit };
}

/**
 * Mean autocorrelation of some units.
 *
 * @param correlations units×15, of {@linkcode autocorrelations}
 * @param units which ones
 * @returns 15 lags; NaN for no units
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { meanCorrelation } from "@spikernn/spikernn/analysis";
 * const correlations = Float64Array.from({ length: 30 }, (_, k) => k < 15 ? 1 : 0);
 * assert(meanCorrelation(correlations, [0, 1])[14] === 0.5);
 * ```
 */
export function meanCorrelation(
  correlations: Float64Array,
  units: readonly number[],
): Float64Array {
  return Float64Array.from(
    { length: lagCount },
    (_, lag) =>
      units.reduce(
        (sum, unit) => sum + correlations[unit * lagCount + lag],
        0,
      ) /
      units.length,
  );
}
