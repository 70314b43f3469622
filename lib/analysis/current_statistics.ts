/** Excitatory and inhibitory currents over all trials: means, balance, correlation. */
import { binCount, type Span, type SpikeTrains } from "./activity.ts";
import { synapticCurrents, type SynapticFilter } from "./currents.ts";
import { checkWindow } from "./spike_trains.ts";

/** Largest lag at which the currents are compared, ms. */
const mostLag = 20;

/** Currents of all units; one number a unit where nothing else is said. */
export interface CurrentStatistics {
  /** Number of units N. */
  readonly units: number;
  /** Number of bins of a trial. */
  readonly bins: number;
  /** Names of the conditions. */
  readonly conditions: readonly string[];
  /** Excitatory current averaged over trials and bins, mV, conditions×units×bins. */
  readonly excitatory: Float64Array;
  /** Inhibitory current likewise, 0 or below. */
  readonly inhibitory: Float64Array;
  /** Mean excitatory current in the window, all trials, mV. */
  readonly meanExcitatory: Float64Array;
  /** Mean inhibitory current in the window, mV. */
  readonly meanInhibitory: Float64Array;
  /** -I_E/I_I of these means; NaN where one of them is 0. */
  readonly balance: Float64Array;
  /** Pearson correlation over time of I_E and -I_I in the window at the best lag. */
  readonly correlation: Float64Array;
  /** That lag, ms: above 0 where inhibition follows excitation. */
  readonly lag: Float64Array;
}

/**
 * Currents of every unit over all trials, recomputed from the spikes: means by
 * condition and bin; in a window the balance, and the correlation over time and
 * trials at the lag within ±20 ms at which it is largest.
 *
 * @param filter from `synapticFilter`
 * @param spikes of all trials
 * @param options window in ms, width of a bin in ms, and a function that is
 *   awaited after each trial
 * @throws {RangeError} for a window outside the trial or too short for the lags
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { currentStatistics } from "@spikernn/spikernn/analysis";
 * const { balance, meanExcitatory } = await currentStatistics(
 *   {
 *     units: 2,
 *     dt: 0.05,
 *     kind: "double",
 *     rise: 2,
 *     decay: [20, 20],
 *     weights: Float64Array.of(0, 0.5, -1, 0),
 *   },
 *   {
 *     trials: 1,
 *     units: 2,
 *     durationMs: 500,
 *     trial: Uint32Array.of(0),
 *     unit: Uint32Array.of(0),
 *     time: Float64Array.of(10),
 *     conditions: ["go"],
 *   },
 *   { window: { from: 0, to: 500 }, binMs: 10 },
 * );
 * // 0.5 mV·s in half a second; nothing inhibits the unit.
 * assert(Math.abs(meanExcitatory[1] - 1) < 0.02 && Number.isNaN(balance[1]));
 * ```
 */
export async function currentStatistics(
  filter: SynapticFilter,
  spikes: SpikeTrains,
  { window, binMs, onTrial }: {
    readonly window: Span;
    readonly binMs: number;
    readonly onTrial?: (done: number) => void | Promise<void>;
  },
): Promise<CurrentStatistics> {
  checkWindow(spikes, window);
  const { units, trials, durationMs } = spikes;
  const bins = binCount(durationMs, binMs);
  const conditions = [...new Set(spikes.conditions)];
  const every = filter.dt * Math.max(1, Math.round(1 / filter.dt));
  const [from, to] = [
    Math.ceil(window.from / every),
    Math.floor(window.to / every + 1e-9),
  ];
  const reach = Math.round(mostLag / every);
  if (to - from < 2 * reach + 2) {
    throw new RangeError(
      `Cannot correlate currents in the window ${window.from} to ${window.to} ` +
        `ms: it must be longer than the lags, ±${mostLag} ms`,
    );
  }
  const size = units * bins;
  const excitatory = new Float64Array(conditions.length * size);
  const inhibitory = new Float64Array(conditions.length * size);
  const counts = conditions.map(() => 0);
  const means = [new Float64Array(units), new Float64Array(units)];
  const width = 2 * reach + 1;
  const first = new Float64Array(2 * units);
  const lags = Array.from({ length: 3 }, () => new Float64Array(units * width));
  for (let trial = 0; trial < trials; trial++) {
    const currents = synapticCurrents(filter, spikes, trial, every);
    const { samples } = currents;
    const c = conditions.indexOf(spikes.conditions[trial]);
    counts[c]++;
    for (let u = 0; u < units; u++) {
      const e = currents.excitatory.subarray(u * samples, (u + 1) * samples);
      const i = currents.inhibitory.subarray(u * samples, (u + 1) * samples);
      addBins(e, excitatory, (c * units + u) * bins);
      addBins(i, inhibitory, (c * units + u) * bins);
      for (let t = from; t < to; t++) {
        means[0][u] += e[t];
        means[1][u] += i[t];
      }
      // Excitation at the same times for every lag, inhibition shifted.
      for (let t = from + reach; t < to - reach; t++) {
        first[2 * u] += e[t];
        first[2 * u + 1] += e[t] * e[t];
      }
      // From one lag to the next the window of inhibition moves on by a sample.
      let [sum, square] = [0, 0];
      for (let t = from; t < to - 2 * reach; t++) {
        sum += i[t];
        square += i[t] * i[t];
      }
      for (let k = 0; k < width; k++) {
        lags[0][u * width + k] += sum;
        lags[1][u * width + k] += square;
        if (k === width - 1) break;
        const [out, into] = [i[from + k], i[to - 2 * reach + k]];
        sum += into - out;
        square += into * into - out * out;
      }
      addProducts(e.subarray(from + reach, to - reach), i.subarray(from, to), {
        to: lags[2],
        at: u * width,
        width,
      });
    }
    await onTrial?.(trial + 1);
  }
  conditions.forEach((_, c) => {
    for (let k = c * size; k < (c + 1) * size; k++) {
      excitatory[k] /= counts[c];
      inhibitory[k] /= counts[c];
    }
  });
  const perBin = trials * (to - from);
  const meanExcitatory = means[0].map((sum) => sum / perBin);
  const meanInhibitory = means[1].map((sum) => sum / perBin);
  const correlation = new Float64Array(units).fill(NaN);
  const lag = new Float64Array(units).fill(NaN);
  const n = trials * (to - from - 2 * reach);
  for (let u = 0; u < units; u++) {
    const [sum, square] = [first[2 * u], first[2 * u + 1]];
    const varianceOfE = square - sum * sum / n;
    for (let k = 0; k < width; k++) {
      const at = u * width + k;
      const variance = lags[1][at] - lags[0][at] ** 2 / n;
      const covariance = lags[2][at] - sum * lags[0][at] / n;
      // Inhibition is negative: what grows with excitation is -I_I.
      const r = -covariance / Math.sqrt(varianceOfE * variance);
      if (!(r > correlation[u] || Number.isNaN(correlation[u]))) continue;
      if (!Number.isFinite(r)) continue;
      correlation[u] = r;
      lag[u] = (k - reach) * every;
    }
  }
  return {
    units,
    bins,
    conditions,
    excitatory,
    inhibitory,
    meanExcitatory,
    meanInhibitory,
    balance: meanExcitatory.map((e, u) =>
      e > 0 && meanInhibitory[u] < 0 ? -e / meanInhibitory[u] : NaN
    ),
    correlation,
    lag,
  };

  /** Adds the mean of each bin's samples; sample t is at the end of its ms. */
  function addBins(values: Float64Array, to: Float64Array, at: number): void {
    for (let bin = 0; bin < bins; bin++) {
      const start = Math.round(bin * binMs / every);
      const end = Math.max(start + 1, Math.round((bin + 1) * binMs / every));
      let sum = 0;
      for (let t = start; t < end; t++) sum += values[t];
      to[at + bin] += sum / (end - start);
    }
  }
}

/** Adds the products of one course with another one at lags 0 to `width` - 1. */
function addProducts(
  one: Float64Array,
  other: Float64Array,
  { to, at, width }: {
    readonly to: Float64Array;
    readonly at: number;
    readonly width: number;
  },
): void {
  const length = one.length;
  let k = 0;
  // Four lags at a time read each number once.
  for (; k + 4 <= width; k += 4) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let t = 0; t < length; t++) {
      const value = one[t];
      a += value * other[t + k];
      b += value * other[t + k + 1];
      c += value * other[t + k + 2];
      d += value * other[t + k + 3];
    }
    to[at + k] += a;
    to[at + k + 1] += b;
    to[at + k + 2] += c;
    to[at + k + 3] += d;
  }
  for (; k < width; k++) {
    let sum = 0;
    for (let t = 0; t < length; t++) sum += one[t] * other[t + k];
    to[at + k] += sum;
  }
}
