/**
 * Intrinsic timescales of units: how fast the autocorrelation of their spike
 * counts decays, after Murray et al. 2014, Nat. Neurosci. 17:1661.
 */
import { exp } from "../arithmetic/elementary.ts";
import { countOf } from "../count.ts";
import type { Activity } from "./activity.ts";

/** Why a unit has no timescale. */
export type Exclusion =
  | "a lag without a value"
  | "no fall"
  | "falls late"
  | "too short"
  | "too long";

/** A fit A·(exp(-t/τ) + B) of an autocorrelation. */
export interface DecayFit {
  /**
   * τ, ms; Infinity if the decay is so slow that it looks like a straight line.
   */
  readonly tau: number;
  /** A. */
  readonly amplitude: number;
  /** B. */
  readonly offset: number;
  /** Lag from which it was fitted, in bins. */
  readonly from: number;
}

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
  { trials, units, bins, values }: Activity,
  weights?: ArrayLike<number>,
): Float64Array {
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
  const result = new Float64Array(units * lagCount);
  const scores = new Float64Array(bins * trials);
  const varies = new Uint8Array(bins);
  const times = weights
    ? Float64Array.from(weights)
    : new Float64Array(trials).fill(1);
  const roots = times.map(Math.sqrt);
  const total = times.reduce((sum, weight) => sum + weight, 0);
  for (let unit = 0; unit < units; unit++) {
    for (let bin = 0; bin < bins; bin++) {
      const row = scores.subarray(bin * trials, (bin + 1) * trials);
      let sum = 0;
      let low = Infinity;
      let high = -Infinity;
      for (let k = 0; k < trials; k++) {
        const weight = times[k];
        const value = values[(k * units + unit) * bins + bin];
        row[k] = value;
        if (weight === 0) continue;
        sum += weight * value;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      varies[bin] = high > low ? 1 : 0;
      if (!varies[bin]) continue;
      const mean = sum / total;
      let squares = 0;
      for (let k = 0; k < trials; k++) {
        row[k] -= mean;
        squares += times[k] * row[k] * row[k];
      }
      const scale = 1 / Math.sqrt(squares);
      // With the root of the weight in both, a product is a weighted one.
      for (let k = 0; k < trials; k++) {
        row[k] *= scale * roots[k];
      }
    }
    for (let lag = 1; lag <= lagCount; lag++) {
      let sum = 0;
      let pairs = 0;
      for (let bin = 0; bin + lag < bins; bin++) {
        if (!varies[bin] || !varies[bin + lag]) continue;
        const [one, other] = [bin * trials, (bin + lag) * trials];
        for (let k = 0; k < trials; k++) {
          sum += scores[one + k] * scores[other + k];
        }
        pairs++;
      }
      result[unit * lagCount + lag - 1] = sum / pairs;
    }
  }
  return result;
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

/** Rates 1/τ per bin that are tried first: τ from a 30th of a bin to 10,000. */
const firstRates = Float64Array.from(
  { length: 60 },
  (_, k) => 1e-4 * (30 / 1e-4) ** (k / 59),
);

/** The sum of squares at a rate, with the best amplitude and constant. */
interface Trial {
  readonly rate: number;
  readonly squares: number;
  readonly slope: number;
  readonly constant: number;
  /** Its derivative by the rate. */
  readonly derivative: number;
}

/**
 * Least squares of slope·exp(-rate·k) + constant: at each rate the two others are
 * linear, so that one dimension is searched, the whole of it.
 */
function fitDecay(
  values: Float64Array,
  first: number,
  binMs: number,
): DecayFit | undefined {
  const tried = Array.from(firstRates, (rate) => atRate(values, rate));
  let best = 0;
  tried.forEach(({ squares }, k) => {
    if (squares < tried[best].squares) best = k;
  });
  // A fall to the constant within one bin: the limit of ever shorter τ.
  const limit = atRate(values, Infinity).squares;
  if (!(tried[best].squares < limit * (1 - 1e-9))) return undefined;
  if (best === 0) return decay(tried[0], Infinity, first);
  let [low, high] = [
    firstRates[best - 1],
    firstRates[Math.min(best + 1, tried.length - 1)],
  ];
  // Bisection of the derivative: exact to the last digits, unlike that of a sum
  // that is flat at its minimum.
  let middle = tried[best];
  for (let k = 0; k < 60 && high - low > 1e-14 * high; k++) {
    middle = atRate(values, (low + high) / 2);
    if (middle.derivative > 0) high = middle.rate;
    else low = middle.rate;
  }
  return decay(middle, binMs / middle.rate, first);
}

function decay(
  { rate, slope, constant }: Trial,
  tau: number,
  first: number,
): DecayFit {
  // exp(-rate·(k - first)) was fitted: the amplitude is that at lag 0.
  const amplitude = slope * exp(rate * first);
  return { tau, amplitude, offset: constant / amplitude, from: first };
}

function atRate(values: Float64Array, rate: number): Trial {
  const n = values.length;
  const factor = exp(-rate);
  let [e, sumE, sumEE, sumY, sumEY] = [1, 0, 0, 0, 0];
  for (let k = 0; k < n; k++, e *= factor) {
    sumE += e;
    sumEE += e * e;
    sumY += values[k];
    sumEY += e * values[k];
  }
  const [meanE, meanY] = [sumE / n, sumY / n];
  let [spread, along] = [0, 0];
  e = 1;
  for (let k = 0; k < n; k++, e *= factor) {
    spread += (e - meanE) ** 2;
    along += (e - meanE) * (values[k] - meanY);
  }
  const slope = along / spread;
  const constant = meanY - slope * meanE;
  let [squares, derivative] = [0, 0];
  e = 1;
  for (let k = 0; k < n; k++, e *= factor) {
    const residual = values[k] - slope * e - constant;
    squares += residual * residual;
    derivative += 2 * residual * slope * k * e;
  }
  return { rate, squares, slope, constant, derivative };
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
