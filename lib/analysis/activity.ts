/**
 * Activity and spikes as plain arrays, of any origin: what every analysis works
 * on. Trials × units × bins, row-major, with the condition of each trial.
 */
import { exp } from "../arithmetic/elementary.ts";
import { firstNotFinite } from "../arithmetic/finite.ts";
import { countOf } from "../count.ts";
import type { FloatArray } from "../network/types.ts";

/** A window of time in a trial, ms: [from, to). */
export interface Span {
  /** Start, ms from the start of the trial. */
  readonly from: number;
  /** End, not included, ms from the start of the trial. */
  readonly to: number;
}

/** A window with a name: a stimulus, a delay, a response. */
export interface NamedSpan extends Span {
  /** What happens in it. */
  readonly name: string;
}

/** Activity of a network: one number for each trial, unit and bin. */
export interface Activity {
  /** Number of trials. */
  readonly trials: number;
  /** Number of units, N. */
  readonly units: number;
  /** Number of time bins, T. */
  readonly bins: number;
  /** Width of a bin, ms. */
  readonly binMs: number;
  /**
   * Trials×units×bins, row-major. Rates r (no unit) of a rate network, spikes a
   * second (Hz) of a spiking network.
   */
  readonly values: FloatArray;
  /** Name of the condition of each trial. */
  readonly conditions: readonly string[];
}

/** Spikes of several trials of the same duration. */
export interface SpikeTrains {
  /** Number of trials. */
  readonly trials: number;
  /** Number of units, N; a unit without spikes counts. */
  readonly units: number;
  /** Duration of every trial, ms. */
  readonly durationMs: number;
  /** Trial of each spike, from 0. */
  readonly trial: Uint32Array;
  /** Unit of each spike, from 0. */
  readonly unit: Uint32Array;
  /** Time of each spike, ms from the start of its trial. */
  readonly time: Float64Array;
  /** Name of the condition of each trial. */
  readonly conditions: readonly string[];
}

/** By how much of a bin a time may miss the bin's edge: k·0.05 rounds. */
export const edge = 1e-9;

/**
 * Checks that activity has as many values as its sizes say.
 *
 * @throws {TypeError} if it does not
 */
export function checkValues(
  { trials, units, bins, values }: Omit<Activity, "conditions">,
): void {
  if (values.length !== trials * units * bins) {
    throw new TypeError(
      `Cannot analyse activity of ${countOf(trials, "trial")} × ${
        countOf(units, "unit")
      } × ` +
        `${countOf(bins, "bin")}: got ${countOf(values.length, "value")}`,
    );
  }
}

/**
 * Checks that sizes and labels of activity fit together.
 *
 * @throws {TypeError} if they do not
 */
export function checkSizes(activity: Activity): void {
  checkValues(activity);
  const { trials, conditions } = activity;
  if (conditions.length !== trials) {
    throw new TypeError(
      `Cannot analyse activity of ${countOf(trials, "trial")}: ` +
        `got conditions of ${conditions.length}`,
    );
  }
}

/**
 * Checks that activity is complete and finite, where a value that is not would
 * spoil all results.
 *
 * @throws {TypeError} for sizes and labels that do not fit together
 * @throws {RangeError} for values that are not finite
 */
export function checkActivity(activity: Activity): void {
  checkSizes(activity);
  const bad = firstNotFinite(activity.values);
  if (bad < 0) return;
  throw new RangeError(
    `Cannot analyse activity: it holds ${activity.values[bad]} at index ` +
      `${bad}, finite values are needed`,
  );
}

/**
 * Checks that spikes fit together.
 *
 * @throws {TypeError} for lists of different lengths
 * @throws {RangeError} for trials, units and times of spikes that do not exist
 */
export function checkTrains(
  { trials, units, durationMs, trial, unit, time, conditions }: SpikeTrains,
): void {
  if (trial.length !== time.length || unit.length !== time.length) {
    throw new TypeError(
      `Cannot analyse spikes: got ${
        countOf(trial.length, "trial")
      }, ${unit.length} ` +
        `units and ${time.length} times, as many of each are needed`,
    );
  }
  if (conditions.length !== trials) {
    throw new TypeError(
      `Cannot analyse spikes of ${countOf(trials, "trial")}: ` +
        `got conditions of ${conditions.length}`,
    );
  }
  for (let k = 0; k < time.length; k++) {
    const inside = trial[k] < trials && unit[k] < units && time[k] >= 0 &&
      time[k] <= durationMs * (1 + edge);
    if (inside) continue;
    throw new RangeError(
      `Cannot analyse spikes: number ${k} is of trial ${trial[k]}, unit ` +
        `${unit[k]}, at ${time[k]} ms; there are ${
          countOf(trials, "trial")
        } of ` +
        `${durationMs} ms and ${countOf(units, "unit")}`,
    );
  }
}

/** Names of the conditions of some trials, each once, in the order of first trials. */
export function conditionsOf(
  { conditions }: Pick<Activity, "conditions">,
): string[] {
  return [...new Set(conditions)];
}

/**
 * Activity averaged over the trials of each condition.
 *
 * @param activity of one network
 * @returns conditions×units×bins, with one trial for each condition
 * @throws {TypeError} for sizes and labels that do not fit together
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { averageByCondition } from "@spikernn/spikernn/analysis";
 * const { values, conditions } = averageByCondition({
 *   trials: 3, units: 1, bins: 1, binMs: 10,
 *   values: Float64Array.of(1, 10, 3),
 *   conditions: ["go", "nogo", "go"],
 * });
 * assert.deepEqual([...values], [2, 10]);
 * assert.deepEqual(conditions, ["go", "nogo"]);
 * ```
 */
export function averageByCondition(activity: Activity): Activity {
  checkSizes(activity);
  const names = conditionsOf(activity);
  const size = activity.units * activity.bins;
  const values = new Float64Array(names.length * size);
  const counts = new Array<number>(names.length).fill(0);
  activity.conditions.forEach((condition, trial) => {
    const row = names.indexOf(condition);
    counts[row]++;
    for (let k = 0; k < size; k++) {
      values[row * size + k] += activity.values[trial * size + k];
    }
  });
  for (let k = 0; k < values.length; k++) {
    values[k] /= counts[Math.floor(k / size)];
  }
  return { ...activity, trials: names.length, values, conditions: names };
}

/**
 * Activity smoothed over time by a Gaussian, cut off at four standard
 * deviations; at the edges the weights of the bins that exist add up to 1.
 *
 * @param activity of one network
 * @param sdMs standard deviation, ms
 * @throws {TypeError} for sizes and labels that do not fit together
 * @throws {RangeError} for a standard deviation that is not 0 or more
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { smoothed } from "@spikernn/spikernn/analysis";
 * const { values } = smoothed({
 *   trials: 1, units: 1, bins: 5, binMs: 10,
 *   values: Float64Array.of(0, 0, 100, 0, 0),
 *   conditions: ["go"],
 * }, 10);
 * assert(values[2] > values[1] && Math.abs(values[1] - values[3]) < 1e-12);
 * ```
 */
export function smoothed(activity: Activity, sdMs: number): Activity {
  checkSizes(activity);
  if (!(Number.isFinite(sdMs) && sdMs >= 0)) {
    throw new RangeError(
      `Cannot smooth by a Gaussian of ${sdMs} ms: 0 or more is needed`,
    );
  }
  if (sdMs === 0) return activity;
  const { bins, binMs, values } = activity;
  const reach = Math.ceil(4 * sdMs / binMs);
  const weights = Float64Array.from(
    { length: reach + 1 },
    (_, k) => exp(-0.5 * (k * binMs / sdMs) ** 2),
  );
  const result = new Float64Array(values.length);
  for (let row = 0; row < values.length; row += bins) {
    for (let bin = 0; bin < bins; bin++) {
      let sum = 0;
      let weight = 0;
      const last = Math.min(bins - 1, bin + reach);
      for (let other = Math.max(0, bin - reach); other <= last; other++) {
        const share = weights[Math.abs(other - bin)];
        weight += share;
        sum += share * values[row + other];
      }
      result[row + bin] = sum / weight;
    }
  }
  return { ...activity, values: result };
}

/**
 * Mean of each trial and unit over a window: over the bins that lie in it.
 *
 * @param activity of one network
 * @param window in ms; a bin counts if its middle is in it
 * @returns trials×units
 * @throws {TypeError} for sizes and labels that do not fit together
 * @throws {RangeError} for a window outside the trial, or one without a bin
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { windowMeans } from "@spikernn/spikernn/analysis";
 * const activity = {
 *   trials: 1, units: 1, bins: 4, binMs: 10,
 *   values: Float64Array.of(1, 2, 4, 8),
 *   conditions: ["go"],
 * };
 * assert.deepEqual([...windowMeans(activity, { from: 10, to: 30 })], [3]);
 * ```
 */
export function windowMeans(activity: Activity, window: Span): Float64Array {
  checkSizes(activity);
  const { trials, units, bins, values } = activity;
  const { from, to } = binsOf(activity, window);
  const means = new Float64Array(trials * units);
  for (let row = 0; row < means.length; row++) {
    let sum = 0;
    for (let bin = from; bin < to; bin++) sum += values[row * bins + bin];
    means[row] = sum / (to - from);
  }
  return means;
}

/**
 * The bins whose middles lie in a window.
 *
 * @returns the first one, and one past the last one
 * @throws {RangeError} for a window outside the trial, or one without a bin
 */
export function binsOf(
  { bins, binMs }: Pick<Activity, "bins" | "binMs">,
  { from, to }: Span,
): { readonly from: number; readonly to: number } {
  const first = Math.ceil(from / binMs - 0.5 - edge);
  const last = Math.min(Math.ceil(to / binMs - 0.5 - edge), bins);
  // A trial's last part may be no whole bin.
  const inside = from >= 0 && from < to && to < (bins + 1) * binMs;
  if (!inside || first >= last) {
    throw new RangeError(
      `Cannot use the window ${from} to ${to} ms: it must hold a bin of ` +
        `${binMs} ms and lie within the trial's 0 to ${bins * binMs} ms`,
    );
  }
  return { from: first, to: last };
}

/** Middle of each bin, ms. */
export function binTimes(
  { bins, binMs }: Pick<Activity, "bins" | "binMs">,
): Float64Array {
  return Float64Array.from({ length: bins }, (_, k) => (k + 0.5) * binMs);
}

/** Units of some activity whose value never changes, over all trials and bins. */
export function constantUnits(
  { trials, units, bins, values }: Activity,
): number[] {
  return Array.from({ length: units }, (_, unit) => unit).filter((unit) => {
    const first = values[unit * bins];
    for (let trial = 0; trial < trials; trial++) {
      const from = (trial * units + unit) * bins;
      for (let bin = from; bin < from + bins; bin++) {
        if (values[bin] !== first) return false;
      }
    }
    return true;
  });
}

/**
 * Activity of some of the units, in the order given.
 *
 * @param activity of one network
 * @param chosen numbers of units, from 0
 * @throws {TypeError} for sizes and labels that do not fit together
 * @throws {RangeError} for a unit that there is not
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ofUnits } from "@spikernn/spikernn/analysis";
 * const { units, values } = ofUnits({
 *   trials: 1, units: 3, bins: 2, binMs: 10,
 *   values: Float64Array.of(1, 2, 3, 4, 5, 6),
 *   conditions: ["go"],
 * }, [2, 0]);
 * assert(units === 2);
 * assert.deepEqual([...values], [5, 6, 1, 2]);
 * ```
 */
export function ofUnits(
  activity: Activity,
  chosen: readonly number[],
): Activity {
  checkSizes(activity);
  const { trials, units, bins } = activity;
  const unknown = chosen.find((unit) =>
    !(Number.isInteger(unit) && unit >= 0 && unit < units)
  );
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot take unit ${unknown}: there are ${countOf(units, "unit")}, ` +
        "counted from 0",
    );
  }
  const values = new Float64Array(trials * chosen.length * bins);
  for (let trial = 0; trial < trials; trial++) {
    chosen.forEach((unit, k) => {
      const from = (trial * units + unit) * bins;
      values.set(
        activity.values.subarray(from, from + bins),
        (trial * chosen.length + k) * bins,
      );
    });
  }
  return { ...activity, units: chosen.length, values };
}
