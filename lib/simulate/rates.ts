/** Firing rates by population. */
import { firstUnits, unitTypes } from "../network/geometry.ts";
import type { RateNetwork } from "../network/types.ts";
import type { PopulationRates } from "../network/scores.ts";

/** Spikes of every unit (or rates at every step), summed over trials. */
export interface SpikeTotals {
  /** One number a unit, all layers in order. */
  readonly spikes: Float64Array;
  /** Time simulated, all trials together, s (or steps). */
  readonly seconds: number;
}

/**
 * Mean firing rates of a network's populations over whole trials, in Hz. The
 * first `sstCount` inhibitory units of a layer are SST units, its other
 * inhibitory ones PV.
 *
 * @param network for the types of its units
 * @param totals spikes of each unit and the time in which they fell
 * @returns the rates; NaN for a population without units
 */
export function populationRates(
  network: RateNetwork,
  { spikes, seconds }: SpikeTotals,
): PopulationRates {
  const first = firstUnits(network);
  const types = network.layers.map(unitTypes);
  const mean = (type: keyof ReturnType<typeof unitTypes>) => {
    const rates = types.flatMap((of, l) =>
      of[type].map((unit) => spikes[first[l] + unit] / seconds)
    );
    return rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  };
  return {
    excitatory: mean("excitatory"),
    inhibitory: mean("inhibitory"),
    sst: mean("sst"),
    pv: mean("pv"),
  };
}
