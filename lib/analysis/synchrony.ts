/** Synchrony of filtered spike trains. */
import { exp } from "../arithmetic/elementary.ts";
import { riseTime, type SynapseName } from "../network/synapses.ts";
import { countOf } from "../count.ts";
import { checkTrains, type Span, type SpikeTrains } from "./activity.ts";
import type { SynapticFilter } from "./currents.ts";
import { byUnit, checkWindow } from "./spike_trains.ts";

/**
 * Synchrony χ of the filtered spike trains: χ² is the variance over time of
 * their mean, divided by the mean of their variances, averaged over trials. χ
 * is 1 if all units do the same, and about 1/√N if they fire independently.
 *
 * Source: D. Golomb and J. Rinzel, Physica D 72:259 (1994).
 *
 * @param trains the spikes
 * @param window in ms
 * @param filter rise and decay time constants of the filter, ms; its kind defaults
 *   to `double`
 * @returns χ; NaN if no unit fires in the window
 * @throws {TypeError} for lists of spikes that differ in length, or another number
 * of decay time constants than units
 * @throws {RangeError} for a window outside the trial, and for trials, units and
 * times of spikes that do not exist
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { synchrony } from "@spikernn/spikernn/analysis";
 * const together = synchrony({
 *   trials: 1,
 *   units: 2,
 *   durationMs: 200,
 *   trial: Uint32Array.of(0, 0),
 *   unit: Uint32Array.of(0, 1),
 *   time: Float64Array.of(50, 50),
 *   conditions: ["go"],
 * }, { from: 0, to: 200 }, { rise: 2, decay: [20, 20] });
 * assert(Math.abs(together - 1) < 1e-12);
 * ```
 */
export function synchrony(
  trains: SpikeTrains,
  window: Span,
  { kind, rise, decay }:
    & Pick<SynapticFilter, "rise" | "decay">
    & Partial<Pick<SynapticFilter, "kind">>,
): number {
  checkTrains(trains);
  checkWindow(trains, window);
  const { trials, units } = trains;
  if (decay.length !== units) {
    throw new TypeError(
      `Cannot filter spikes of ${countOf(units, "unit")}: got ${
        countOf(decay.length, "decay time constant")
      }`,
    );
  }
  return meanSynchrony([
    ...trialSynchronies({
      ...{ trains, window, kind, rise, decay },
      ...{ from: 0, to: trials },
    }),
  ]);
}

/** Mean of the synchronies of trials, of those in which a unit changes. */
export function meanSynchrony(ofTrials: readonly number[]): number {
  let [sum, number] = [0, 0];
  for (const chi of ofTrials) {
    if (Number.isNaN(chi)) continue;
    sum += chi;
    number++;
  }
  return sum / number;
}

/** Some trials of spike trains. */
export interface SynchronyJob {
  readonly trains: SpikeTrains;
  readonly window: Span;
  /** Kind of the filter. Defaults to `double`. */
  readonly kind?: SynapseName;
  readonly rise: number;
  readonly decay: ArrayLike<number>;
  /** First trial. */
  readonly from: number;
  /** One past the last trial. */
  readonly to: number;
}

/** The synchrony of each of some trials, for a thread. */
export async function synchronyOfTrials(
  job: SynchronyJob,
  onDone?: (done: number) => void | Promise<void>,
): Promise<number[]> {
  const found: number[] = [];
  for (const chi of trialSynchronies(job)) {
    found.push(chi);
    await onDone?.(found.length);
  }
  return found;
}

/** χ of one trial after the other; NaN for one in which no unit changes. */
function* trialSynchronies(
  { trains, window, kind = "double", rise, decay, from, to }: SynchronyJob,
): Generator<number> {
  const { units } = trains;
  const samples = Math.floor(trains.durationMs + 1e-9);
  const [first, last] = [
    Math.ceil(window.from),
    Math.min(window.to, samples),
  ];
  const filters = Array.from(
    decay,
    (tau) => filterOf(riseTime({ kind, rise }, tau) ?? 0, tau),
  );
  const all = byUnit(trains, { from: 0, to: Infinity }, { from, to });
  const filtered = new Float64Array(samples);
  for (let trial = 0; trial < to - from; trial++) {
    const mean = new Float64Array(samples);
    let variances = 0;
    for (let u = 0; u < units; u++) {
      applyFilter(all[u][trial], filters[u], filtered);
      for (let t = 0; t < samples; t++) mean[t] += filtered[t] / units;
      variances += variance(filtered, first, last) / units;
    }
    yield variances === 0
      ? NaN
      : Math.sqrt(variance(mean, first, last) / variances);
  }
}

/** A double exponential of area 1, in Hz. */
function filterOf(rise: number, decay: number) {
  // Two equal time constants have no difference of exponentials.
  const slow = Math.abs(decay - rise) < 1e-6 * rise ? rise * (1 + 1e-6) : decay;
  const [down, up] = [exp(-1 / slow), rise > 0 ? exp(-1 / rise) : 0];
  return { rise, slow, down, up, scale: 1000 / (slow - rise) };
}

/** Puts the filtered spike train into `to`, every ms from 0. */
function applyFilter(
  times: readonly number[],
  { rise, slow, down, up, scale }: ReturnType<typeof filterOf>,
  to: Float64Array,
): void {
  let [a, b, next] = [0, 0, 0];
  for (let t = 0; t < to.length; t++) {
    a *= down;
    b *= up;
    for (; next < times.length && times[next] <= t; next++) {
      const age = t - times[next];
      a += exp(-age / slow);
      b += rise > 0 ? exp(-age / rise) : 0;
    }
    to[t] = scale * (a - b);
  }
}

function variance(values: Float64Array, from: number, to: number): number {
  // As a part of a list is cut out.
  const end = Math.floor(to);
  let sum = 0;
  for (let t = from; t < end; t++) sum += values[t];
  const mean = sum / (end - from);
  let square = 0;
  for (let t = from; t < end; t++) square += (values[t] - mean) ** 2;
  return square / (end - from);
}
