/** What units are to fire, for fine-tuning: as their rate units do. */
import type { Backend } from "../backend/types.ts";
import type { Task } from "../tasks/types.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import { simulateRate } from "../simulate/simulate_rate.ts";
import { factorsOf } from "../simulate/unit_inputs.ts";

/** Rates that the units of a spiking network are to have in one trial. */
export interface Guide {
  /** Rates of the rate network, units×columns. */
  readonly rates: ArrayLike<number>;
  readonly columns: number;
  /** Scaling factor of each unit. */
  readonly factors: ArrayLike<number>;
}

/** How far units are from their guide. */
export interface GuideLoss {
  /** Mean squared difference, as a share of the guide's mean square. */
  readonly loss: number;
  /** Gradient by filtered spikes (1/s), intervals×units. */
  readonly byRates: Float32Array<ArrayBuffer>;
}

/**
 * The guides of a batch: trials of the rate network without noise, with the
 * stimuli that the spiking network gets by the same seed.
 */
export async function guidesOf(
  spiking: SpikingNetwork,
  task: Task,
  options: {
    readonly trials: number;
    readonly seed: number;
    readonly backend: Backend;
    readonly signal?: AbortSignal;
  },
): Promise<Guide[]> {
  const { trials, seed, backend, signal } = options;
  const runs = await simulateRate(spiking.rate, task, {
    trials,
    seed,
    backend,
    signal,
    noiseScale: 0,
    record: { rates: true },
  });
  const factors = factorsOf(spiking);
  return runs.map(({ trace, columns }) => ({
    rates: trace.rates!,
    columns,
    factors,
  }));
}

/**
 * Mean squared difference between filtered spikes, each unit's divided by its
 * factor, and the guide's rates; of all units and intervals, divided by the mean
 * square of the guide's rates.
 *
 * @param rates filtered spikes at the end of each interval, 1/s, units×intervals
 * @param columnOf the column of the guide that an interval ends in
 */
export function guideLoss(
  rates: ArrayLike<number>,
  { rates: wanted, columns, factors }: Guide,
  columnOf: (interval: number) => number,
): GuideLoss {
  const units = factors.length;
  const intervals = rates.length / units;
  const byRates = new Float32Array(rates.length);
  let square = 0;
  for (let at = 0; at < wanted.length; at++) square += wanted[at] ** 2;
  if (square === 0) return { loss: 0, byRates };
  const share = wanted.length / (square * rates.length);
  let loss = 0;
  for (let k = 0; k < intervals; k++) {
    const column = Math.min(columns - 1, columnOf(k));
    for (let unit = 0; unit < units; unit++) {
      const error = rates[unit * intervals + k] / factors[unit] -
        wanted[unit * columns + column];
      loss += share * error * error;
      byRates[k * units + unit] = 2 * share * error / factors[unit];
    }
  }
  return { loss, byRates };
}
