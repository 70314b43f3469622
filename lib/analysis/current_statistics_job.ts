/** Currents of some units over all trials: the part of the work that a thread takes. */
import { edge, type Span, type SpikeTrains } from "./activity.ts";
import {
  currentSampling,
  currentsOnto,
  currentTables,
  type SynapticFilter,
} from "./currents.ts";

/** Largest lag at which the currents are compared, ms. */
export const mostLag = 20;

/** Samples of a window, from and to, and of the largest lag. */
export function samplesIn(filter: SynapticFilter, window: Span) {
  const every = currentSampling(filter);
  return {
    every,
    from: Math.ceil(window.from / every),
    to: Math.floor(window.to / every + 1e-9),
    reach: Math.round(mostLag / every),
  };
}

/** Some units of a network, over all trials. */
export interface CurrentsJob {
  readonly filter: SynapticFilter;
  readonly spikes: SpikeTrains;
  readonly window: Span;
  readonly binMs: number;
  readonly bins: number;
  /** The units: from the first to one past the last. */
  readonly units: { readonly from: number; readonly to: number };
}

/** Currents of some units; one number a unit if nothing else is said. */
export interface CurrentsOfUnits {
  /** Averaged over trials and bins, conditions×units×bins. */
  readonly excitatory: Float64Array;
  readonly inhibitory: Float64Array;
  readonly meanExcitatory: Float64Array;
  readonly meanInhibitory: Float64Array;
  /** At the best lag. */
  readonly correlation: Float64Array;
  readonly lag: Float64Array;
}

/** Currents of some units, for a thread. */
export async function currentsOfUnits(
  { filter, spikes, window, binMs, bins, units: chosen }: CurrentsJob,
  onDone?: (done: number) => void | Promise<void>,
): Promise<CurrentsOfUnits> {
  const { trials } = spikes;
  const units = chosen.to - chosen.from;
  const conditions = [...new Set(spikes.conditions)];
  const { every, from, to, reach } = samplesIn(filter, window);
  const tables = currentTables(filter, Math.round(every / filter.dt), chosen);
  const size = units * bins;
  const excitatory = new Float64Array(conditions.length * size);
  const inhibitory = new Float64Array(conditions.length * size);
  const counts = conditions.map(() => 0);
  const means = [new Float64Array(units), new Float64Array(units)];
  const width = 2 * reach + 1;
  const first = new Float64Array(2 * units);
  const lags = Array.from({ length: 3 }, () => new Float64Array(units * width));
  for (let trial = 0; trial < trials; trial++) {
    const currents = currentsOnto(tables, spikes, trial);
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
    await onDone?.(trial + 1);
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
    excitatory,
    inhibitory,
    meanExcitatory,
    meanInhibitory,
    correlation,
    lag,
  };

  /**
   * Adds the mean of each bin's samples; sample t is at the end of its ms. A bin
   * that ends within a sample's ms takes part of it, one behind the last sample
   * has its value.
   */
  function addBins(values: Float64Array, to: Float64Array, at: number): void {
    for (let bin = 0; bin < bins; bin++) {
      const end = Math.min((bin + 1) * binMs / every, values.length);
      const start = Math.min(bin * binMs / every, end - 1e-6);
      const last = Math.ceil(end - edge);
      let sum = 0;
      for (let t = Math.floor(start + edge); t < last; t++) {
        sum += values[t] * (Math.min(t + 1, end) - Math.max(t, start));
      }
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
