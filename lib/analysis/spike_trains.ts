/**
 * Statistics of spike trains: how irregular, how variable over trials, how
 * correlated, how synchronous. Intervals never reach over the end of a trial.
 */
import { countOf } from "../count.ts";
import { integer } from "../random/draw.ts";
import type { RandomStream } from "../random/stream.ts";
import { checkTrains, type Span, type SpikeTrains } from "./activity.ts";

/** Irregularity of one unit; NaN if there are too few intervals. */
export interface Irregularity {
  /** Spikes in the window, all trials together. */
  readonly spikes: number;
  /** Firing rate, Hz. */
  readonly rate: number;
  /** Coefficient of variation of the intervals, those of all trials together. */
  readonly cv: number;
  /** Mean of 2|a - b|/(a + b) over successive intervals of a trial. */
  readonly cv2: number;
  /** Local variation: mean of 3((a - b)/(a + b))². */
  readonly lv: number;
}

/**
 * Irregularity of every unit in a window: rate, CV, CV2 and Lv. A unit with
 * fewer than 3 spikes has only a rate; CV2 and Lv also need 3 spikes in one
 * trial.
 *
 * Source: G. R. Holt et al., J. Neurophysiol. 75:1806 (1996), for CV2; S.
 * Shinomoto et al., Neural Comput. 15:2823 (2003), for Lv.
 *
 * @param trains the spikes
 * @param window in ms: [from, to)
 * @returns one a unit
 * @throws {TypeError} for lists of spikes that differ in length
 * @throws {RangeError} for a window outside the trial, and for trials, units and
 * times of spikes that do not exist
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { irregularity } from "@spikernn/spikernn/analysis";
 * const [unit] = irregularity({
 *   trials: 1,
 *   units: 1,
 *   durationMs: 100,
 *   trial: new Uint32Array(4),
 *   unit: new Uint32Array(4),
 *   time: Float64Array.of(10, 20, 30, 40),
 *   conditions: ["go"],
 * }, { from: 0, to: 100 });
 * assert(unit.rate === 40 && unit.cv === 0 && unit.lv === 0);
 * ```
 */
export function irregularity(
  trains: SpikeTrains,
  window: Span,
): Irregularity[] {
  checkTrains(trains);
  checkWindow(trains, window);
  const { trials } = trains;
  const seconds = trials * (window.to - window.from) / 1000;
  return byUnit(trains, window).map((ofTrials) => {
    const intervals: number[] = [];
    let [spikes, pairs, cv2, lv] = [0, 0, 0, 0];
    for (const times of ofTrials) {
      spikes += times.length;
      for (let k = 1; k < times.length; k++) {
        const interval = times[k] - times[k - 1];
        intervals.push(interval);
        if (k < 2) continue;
        const before = times[k - 1] - times[k - 2];
        // Of three spikes at one time, as in rounded recordings, there is no ratio.
        if (interval + before === 0) continue;
        const ratio = Math.abs(interval - before) / (interval + before);
        cv2 += 2 * ratio;
        lv += 3 * ratio * ratio;
        pairs++;
      }
    }
    return {
      spikes,
      rate: spikes / seconds,
      cv: spikes >= 3 && intervals.length >= 2 ? variation(intervals) : NaN,
      cv2: cv2 / pairs,
      lv: lv / pairs,
    };
  });
}

/** Standard deviation (of the values as they are, not of a sample) over mean. */
function variation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(square / values.length) / mean;
}

/** Intervals between spikes of some units in a window, ms, all trials together. */
export function intervalsOf(
  trains: SpikeTrains,
  window: Span,
  chosen: readonly number[],
): number[] {
  const all = byUnit(trains, window);
  return chosen.flatMap((unit) =>
    all[unit].flatMap((times) =>
      times.slice(1).map((time, k) => time - times[k])
    )
  );
}

/** Times of the spikes in a window, by unit and trial, ascending. */
export function byUnit(
  { units, trials, trial, unit, time }: SpikeTrains,
  { from, to }: Span,
  some = { from: 0, to: trials },
): number[][][] {
  const found = Array.from(
    { length: units },
    () => Array.from({ length: some.to - some.from }, (): number[] => []),
  );
  for (let k = 0; k < time.length; k++) {
    if (trial[k] < some.from || trial[k] >= some.to) continue;
    if (time[k] < from || time[k] >= to) continue;
    found[unit[k]][trial[k] - some.from].push(time[k]);
  }
  for (const ofTrials of found) {
    for (const times of ofTrials) times.sort((a, b) => a - b);
  }
  return found;
}

/** Counts of spikes in equal windows. */
export interface SpikeCounts {
  /** Number of trials. */
  readonly trials: number;
  /** Number of units. */
  readonly units: number;
  /** Number of windows in a trial. */
  readonly windows: number;
  /** Spikes, trials×units×windows. */
  readonly counts: Uint32Array;
  /** Name of the condition of each trial. */
  readonly conditions: readonly string[];
}

/**
 * Counts spikes in windows of equal width that fill a span. A last part that is
 * not a whole window is left out.
 *
 * @param trains the spikes
 * @param span in ms
 * @param widthMs width of a window, ms. Defaults to 100
 * @returns the counts
 * @throws {TypeError} for lists of spikes that differ in length
 * @throws {RangeError} for a span outside the trial, or narrower than a window,
 * and for trials, units and times of spikes that do not exist
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { spikeCounts } from "@spikernn/spikernn/analysis";
 * const { windows, counts } = spikeCounts({
 *   trials: 1,
 *   units: 1,
 *   durationMs: 300,
 *   trial: new Uint32Array(3),
 *   unit: new Uint32Array(3),
 *   time: Float64Array.of(99, 100, 250),
 *   conditions: ["go"],
 * }, { from: 100, to: 300 });
 * assert(windows === 2 && counts.join() === "1,1");
 * ```
 */
export function spikeCounts(
  trains: SpikeTrains,
  span: Span,
  widthMs = 100,
): SpikeCounts {
  checkTrains(trains);
  checkWindow(trains, span);
  const { trials, units, conditions, trial, unit, time } = trains;
  const windows = Math.floor((span.to - span.from) / widthMs + 1e-9);
  if (!(widthMs > 0 && windows >= 1)) {
    throw new RangeError(
      `Cannot count spikes in windows of ${widthMs} ms: ` +
        `${span.from} to ${span.to} ms holds none of them`,
    );
  }
  const counts = new Uint32Array(trials * units * windows);
  for (let k = 0; k < time.length; k++) {
    const at = Math.floor((time[k] - span.from) / widthMs + 1e-9);
    if (at < 0 || at >= windows) continue;
    counts[(trial[k] * units + unit[k]) * windows + at]++;
  }
  return { trials, units, windows, counts, conditions };
}

/**
 * Fano factor of every unit: the variance of its counts over the trials of a
 * condition, divided by their mean, averaged over the windows and conditions in
 * which it fired.
 *
 * @param counts from `spikeCounts`
 * @returns one a unit; NaN for a unit that never fired
 * @throws {RangeError} if no condition has two trials
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fanoFactors } from "@spikernn/spikernn/analysis";
 * const [fano] = fanoFactors({
 *   trials: 4,
 *   units: 1,
 *   windows: 1,
 *   counts: Uint32Array.of(0, 2, 0, 2),
 *   conditions: ["go", "go", "go", "go"],
 * });
 * assert(fano === 1);
 * ```
 */
export function fanoFactors(
  { trials, units, windows, counts, conditions }: SpikeCounts,
): Float64Array {
  const groups = trialsByCondition(conditions).filter((g) => g.length > 1);
  if (groups.length === 0) {
    throw new RangeError(
      `Cannot compute Fano factors: ${
        countOf(trials, "trial")
      }, of each condition one; ` +
        "two of a condition are needed",
    );
  }
  return Float64Array.from({ length: units }, (_, unit) => {
    let [sum, number] = [0, 0];
    for (const group of groups) {
      for (let w = 0; w < windows; w++) {
        let [total, square] = [0, 0];
        for (const trial of group) {
          const count = counts[(trial * units + unit) * windows + w];
          total += count;
          square += count * count;
        }
        if (total === 0) continue;
        const mean = total / group.length;
        sum += (square / group.length - mean * mean) / mean;
        number++;
      }
    }
    return sum / number;
  });
}

/** Correlation of the spike counts of two units. */
export interface PairCorrelation {
  /** The units, from 0. */
  readonly units: readonly [number, number];
  /**
   * Pearson correlation of the counts after the mean over the trials of the
   * same condition and window is subtracted.
   */
  readonly noise: number;
  /** Pearson correlation of the counts themselves. */
  readonly total: number;
}

/**
 * Spike-count correlations of pairs of units that fired, over all trials and
 * windows.
 *
 * Source: M. R. Cohen and A. Kohn, Nat. Neurosci. 14:811 (2011).
 *
 * @param counts from `spikeCounts`
 * @param random stream that draws the pairs if there are more than `most`
 * @param most number of pairs. Defaults to 2000
 * @returns the pairs; `noise` is NaN if a unit's counts do not vary over trials
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { randomStream } from "@spikernn/spikernn";
 * import { countCorrelations } from "@spikernn/spikernn/analysis";
 * const [pair] = countCorrelations({
 *   trials: 3,
 *   units: 2,
 *   windows: 1,
 *   counts: Uint32Array.of(0, 1, 1, 2, 2, 3),
 *   conditions: ["go", "go", "go"],
 * }, randomStream(1));
 * assert(Math.abs(pair.noise - 1) < 1e-12);
 * ```
 */
export function countCorrelations(
  { trials, units, windows, counts, conditions }: SpikeCounts,
  random: RandomStream,
  most = 2000,
): PairCorrelation[] {
  const size = trials * windows;
  const series = Array.from({ length: units }, (_, unit) => {
    const values = new Float64Array(size);
    for (let t = 0; t < trials; t++) {
      for (let w = 0; w < windows; w++) {
        values[t * windows + w] = counts[(t * units + unit) * windows + w];
      }
    }
    return values;
  });
  const active = [...series.keys()].filter((u) => series[u].some((c) => c > 0));
  const groups = trialsByCondition(conditions);
  const totals = new Map(active.map((u) => [u, standardised(series[u])]));
  const noises = new Map(active.map((u) => {
    const values = series[u].slice();
    for (const group of groups) {
      for (let w = 0; w < windows; w++) {
        const mean = group.reduce((s, t) => s + values[t * windows + w], 0) /
          group.length;
        for (const t of group) values[t * windows + w] -= mean;
      }
    }
    return [u, standardised(values)];
  }));
  const dot = (a: Float64Array, b: Float64Array) => {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += a[k] * b[k];
    return sum;
  };
  return drawPairs(active, random, most).map(([a, b]) => ({
    units: [a, b],
    noise: dot(noises.get(a)!, noises.get(b)!),
    total: dot(totals.get(a)!, totals.get(b)!),
  }));
}

/** Values of mean 0 and length 1; all NaN if they do not vary. */
function standardised(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = values.map((value) => value - mean);
  const length = Math.sqrt(centred.reduce((sum, value) => sum + value ** 2, 0));
  // Residuals of equal counts are 0 but for rounding.
  return centred.map((value) => length > 1e-9 ? value / length : NaN);
}

/** Pairs of units, ascending: all, or as many as are allowed, drawn. */
function drawPairs(
  units: readonly number[],
  random: RandomStream,
  most: number,
): [number, number][] {
  const n = units.length;
  const all = n * (n - 1) / 2;
  const chosen = new Set<number>();
  if (all <= most) { for (let k = 0; k < all; k++) chosen.add(k); }
  else {for (let k = 0; chosen.size < most; k++) {
      chosen.add(integer(random, all, k));
    }}
  return [...chosen].sort((a, b) => a - b).map((k) => {
    // Pair k of (0,1), (0,2), (1,2), (0,3), …
    const b = Math.floor((1 + Math.sqrt(1 + 8 * k)) / 2);
    return [units[k - b * (b - 1) / 2], units[b]];
  });
}

function trialsByCondition(conditions: readonly string[]): number[][] {
  const groups = new Map<string, number[]>();
  conditions.forEach((condition, trial) => {
    const group = groups.get(condition);
    if (group) group.push(trial);
    else groups.set(condition, [trial]);
  });
  return [...groups.values()];
}

/** @throws {RangeError} for a window that is empty or outside the trial */
export function checkWindow(
  { durationMs }: Pick<SpikeTrains, "durationMs">,
  { from, to }: Span,
): void {
  if (from >= 0 && from < to && to <= durationMs * (1 + 1e-9)) return;
  throw new RangeError(
    `Cannot use the window ${from} to ${to} ms: ` +
      `it must lie within the trial's 0 to ${durationMs} ms`,
  );
}
