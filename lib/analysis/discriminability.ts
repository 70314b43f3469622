/**
 * Discriminability of two conditions across time, after Kim and Sejnowski 2021,
 * Nat. Neurosci. 24:129.
 */
import { exp } from "../arithmetic/elementary.ts";
import { checkTrains, type SpikeTrains } from "./activity.ts";

/** Standard deviation of the causal Gaussian window, ms. */
const windowMs = 50;

/** Samples are taken at every so many ms. */
const sampleMs = 5;

/** Spikes filtered, averaged over the odd and the even trials of each value. */
export interface HalfAverages {
  /** Number of units. */
  readonly units: number;
  /** Number of samples. */
  readonly samples: number;
  /** Time between samples, ms; the first one is at 0. */
  readonly sampleMs: number;
  /** Odd trials (the first, third, …), first value less second; units×samples, Hz. */
  readonly odd: Float64Array;
  /** Even trials, likewise. */
  readonly even: Float64Array;
}

/**
 * Differences between two values of a variable, separately for odd and even
 * trials of each condition, so that both halves have the same conditions.
 * Spikes are filtered with a causal Gaussian window (the half of it that lies
 * in the past, with a standard deviation of 50 ms, cut off at four), and
 * sampled at every 5 ms.
 *
 * @param trains spikes of one network
 * @param labels value of each trial; others than the two are left out
 * @param pair the two values
 * @returns differences of mean rates
 * @throws {TypeError} for lists of spikes that differ in length
 * @throws {RangeError} for a condition of these values with fewer than two
 * trials, a value without trials, and for trials, units and times of spikes that
 * do not exist
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { halfDifferences } from "@spikernn/spikernn/analysis";
 * // One spike at 100 ms in each trial of "a".
 * const trains = {
 *   trials: 4, units: 1, durationMs: 500,
 *   trial: Uint32Array.of(0, 2), unit: Uint32Array.of(0, 0),
 *   time: Float64Array.of(100, 100),
 *   conditions: ["a", "b", "a", "b"],
 * };
 * const { odd, sampleMs } = halfDifferences(trains, trains.conditions, ["a", "b"]);
 * assert(odd[95 / sampleMs] === 0 && odd[100 / sampleMs] > odd[150 / sampleMs]);
 * ```
 */
export function halfDifferences(
  trains: SpikeTrains,
  labels: readonly string[],
  [a, b]: readonly [string, string],
): HalfAverages {
  checkTrains(trains);
  const { units, durationMs, trial, unit, time, conditions } = trains;
  const samples = Math.floor(durationMs / sampleMs + 1e-9) + 1;
  const part = partsOf(labels, conditions, [a, b]);
  const halves = {
    odd: new Float64Array(units * samples),
    even: new Float64Array(units * samples),
  };
  // Of the half Gaussian the area is 1; spikes a second.
  const height = 1000 * 2 / (windowMs * Math.sqrt(2 * Math.PI));
  const step = sampleMs / windowMs;
  const bend = exp(-step * step);
  for (let k = 0; k < time.length; k++) {
    const of = part[trial[k]];
    if (!of) continue;
    const half = of.odd ? halves.odd : halves.even;
    const weight = of.share * height;
    const first = Math.max(0, Math.ceil(time[k] / sampleMs - 1e-9));
    const last = Math.min(
      samples - 1,
      Math.floor((time[k] + 4 * windowMs) / sampleMs),
    );
    // exp(-x²/2) at equal steps: each value is the last one times a factor that
    // falls by a constant factor itself.
    const past = (first * sampleMs - time[k]) / windowMs;
    let value = weight * exp(-0.5 * past * past);
    let fall = exp(-step * (past + step / 2));
    const row = unit[k] * samples;
    for (let sample = first; sample <= last; sample++) {
      half[row + sample] += value;
      value *= fall;
      fall *= bend;
    }
  }
  return { units, samples, sampleMs, ...halves };
}

/** What each trial adds to the difference: nothing, or its share of a mean. */
function partsOf(
  labels: readonly string[],
  conditions: readonly string[],
  [a, b]: readonly [string, string],
): ({ readonly odd: boolean; readonly share: number } | undefined)[] {
  const seen = new Map<string, number>();
  const odd = conditions.map((condition, trial) => {
    if (labels[trial] !== a && labels[trial] !== b) return false;
    const count = seen.get(condition) ?? 0;
    seen.set(condition, count + 1);
    return count % 2 === 0;
  });
  for (const [condition, count] of seen) {
    if (count < 2) {
      throw new RangeError(
        "Cannot tell odd and even trials of condition " +
          `${
            JSON.stringify(condition)
          } apart: there is 1, at least 2 are needed`,
      );
    }
  }
  const sizes = new Map<string, number>();
  const key = (trial: number) => `${labels[trial]} ${odd[trial]}`;
  labels.forEach((_, trial) =>
    sizes.set(key(trial), (sizes.get(key(trial)) ?? 0) + 1)
  );
  for (const value of [a, b]) {
    if (labels.includes(value)) continue;
    throw new RangeError(
      `Cannot compare ${a} with ${b}: no trial has ${JSON.stringify(value)}`,
    );
  }
  return labels.map((label, trial) =>
    label === a || label === b
      ? {
        odd: odd[trial],
        share: (label === a ? 1 : -1) / sizes.get(key(trial))!,
      }
      : undefined
  );
}

/**
 * Cross-temporal discriminability: Pearson correlation over units of the odd
 * trials' difference at one time with the even trials' difference at another.
 *
 * @param halves of {@linkcode halfDifferences}
 * @param chosen units; defaults to all
 * @returns samples×samples, row-major, odd trials by row; NaN if the units do
 *   not differ from each other
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { discriminability } from "@spikernn/spikernn/analysis";
 * // Three units that differ in the same way in both halves, and later the other way.
 * const half = Float64Array.of(1, -1, 2, -2, 3, -3);
 * const matrix = discriminability({
 *   units: 3, samples: 2, sampleMs: 5, odd: half, even: half,
 * });
 * assert.deepEqual([...matrix].map(Math.round), [1, -1, -1, 1]);
 * ```
 */
export function discriminability(
  { units, samples, odd, even }: HalfAverages,
  chosen: readonly number[] = Array.from({ length: units }, (_, unit) => unit),
): Float64Array {
  const standard = (half: Float64Array) => {
    const rows = new Float64Array(samples * chosen.length);
    for (let t = 0; t < samples; t++) {
      let mean = 0;
      for (const unit of chosen) {
        mean += half[unit * samples + t] / chosen.length;
      }
      let squares = 0;
      chosen.forEach((unit, k) => {
        const deviation = half[unit * samples + t] - mean;
        rows[t * chosen.length + k] = deviation;
        squares += deviation * deviation;
      });
      const scale = squares > 0 ? 1 / Math.sqrt(squares) : NaN;
      for (let k = 0; k < chosen.length; k++) {
        rows[t * chosen.length + k] *= scale;
      }
    }
    return rows;
  };
  const [first, second] = [standard(odd), standard(even)];
  const result = new Float64Array(samples * samples);
  const n = chosen.length;
  for (let t = 0; t < samples; t++) {
    for (let other = 0; other < samples; other++) {
      let sum = 0;
      for (let k = 0; k < n; k++) {
        sum += first[t * n + k] * second[other * n + k];
      }
      result[t * samples + other] = sum;
    }
  }
  return result;
}

/**
 * Divides units into four groups by a number that each has, as equal in size as
 * possible, the smallest numbers first. Units whose number is NaN are left out.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { quartiles } from "@spikernn/spikernn/analysis";
 * assert.deepEqual(quartiles([30, NaN, 10, 20, 80]), [[2], [3], [0], [4]]);
 * ```
 */
export function quartiles(numbers: ArrayLike<number>): number[][] {
  const sorted = Array.from(numbers, (_, unit) => unit)
    .filter((unit) => !Number.isNaN(numbers[unit]))
    .sort((a, b) => numbers[a] - numbers[b] || a - b);
  return [0, 1, 2, 3].map((k) =>
    sorted.slice(
      Math.round(k * sorted.length / 4),
      Math.round((k + 1) * sorted.length / 4),
    )
  );
}
