/** Excitatory and inhibitory currents over all trials: means, balance, correlation. */
import { checkTrains, type Span, type SpikeTrains } from "./activity.ts";
import { binCount } from "./binning.ts";
import { otherUnits, type SynapticFilter } from "./currents.ts";
import {
  type CurrentsOfUnits,
  mostLag,
  samplesIn,
} from "./current_statistics_job.ts";
import {
  inWorkers,
  sharedTrains,
  type SharedWorkOptions,
  spans,
} from "./in_workers.ts";
import { checkWindow } from "./spike_trains.ts";

/**
 * Statistics of the synaptic currents of all units; arrays have one number for
 * each unit unless a comment says otherwise.
 */
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
  /** -I_E/I_I of these means; NaN if one of them is 0. */
  readonly balance: Float64Array;
  /** Pearson correlation over time of I_E and -I_I in the window at the best lag. */
  readonly correlation: Float64Array;
  /** That lag, ms: above 0 if inhibition follows excitation. */
  readonly lag: Float64Array;
}

/**
 * Statistics of the currents of every unit over all trials, recomputed from the
 * spikes: means by condition and bin, and in a window the balance and the
 * correlation of excitation and inhibition over time and trials, at the lag
 * within ±20 ms at which it is largest.
 *
 * @param filter from `synapticFilter`
 * @param spikes of all trials
 * @param options window in ms, width of a bin in ms, and a function that is
 * awaited after each trial; `workers` are threads (defaults to 1), `signal`
 * stops the work
 * @throws {TypeError} for another number of units, or lists of spikes that differ
 * in length
 * @throws {RangeError} for a window outside the trial or too short for the lags,
 * and for trials, units and times of spikes that do not exist
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
  { window, binMs, onTrial, workers = 1, signal }: SharedWorkOptions & {
    readonly window: Span;
    readonly binMs: number;
    readonly onTrial?: (done: number) => void | Promise<void>;
  },
): Promise<CurrentStatistics> {
  checkTrains(spikes);
  checkWindow(spikes, window);
  const { units, durationMs } = spikes;
  if (filter.units !== units) throw otherUnits(filter, spikes);
  const bins = binCount(durationMs, binMs);
  const conditions = [...new Set(spikes.conditions)];
  const { from, to, reach } = samplesIn(filter, window);
  if (to - from < 2 * reach + 2) {
    throw new RangeError(
      `Cannot correlate currents in the window ${window.from} to ${window.to} ` +
        `ms: it must be longer than the lags, ±${mostLag} ms`,
    );
  }
  const shared = {
    ...{ filter, window, binMs, bins },
    spikes: sharedTrains(spikes, workers),
  };
  // Spikes are gone through once a part: as many parts as threads.
  const parts = spans(units, workers);
  const found = await inWorkers(
    "currents",
    parts.map((span) => ({ ...shared, units: span })),
    {
      workers,
      signal,
      onDone: (done) => onTrial?.(Math.floor(done / parts.length)),
    },
  );
  const joined = (field: keyof CurrentsOfUnits) => {
    const all = new Float64Array(units);
    parts.forEach(({ from }, p) => all.set(found[p][field], from));
    return all;
  };
  const byBin = (field: "excitatory" | "inhibitory") => {
    const all = new Float64Array(conditions.length * units * bins);
    parts.forEach(({ from, to }, p) => {
      const size = (to - from) * bins;
      conditions.forEach((_, c) =>
        all.set(
          found[p][field].subarray(c * size, (c + 1) * size),
          (c * units + from) * bins,
        )
      );
    });
    return all;
  };
  const [meanExcitatory, meanInhibitory] = [
    joined("meanExcitatory"),
    joined("meanInhibitory"),
  ];
  return {
    units,
    bins,
    conditions,
    excitatory: byBin("excitatory"),
    inhibitory: byBin("inhibitory"),
    meanExcitatory,
    meanInhibitory,
    balance: meanExcitatory.map((e, u) =>
      e > 0 && meanInhibitory[u] < 0 ? -e / meanInhibitory[u] : NaN
    ),
    correlation: joined("correlation"),
    lag: joined("lag"),
  };
}
