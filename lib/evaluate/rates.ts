/** Firing rates by population. */
import type { RateNetwork } from "../network/types.ts";
import type { PopulationRates } from "../network/scores.ts";

/** Spikes of every unit, summed over trials. */
export interface SpikeTotals {
  /** One number a unit, all layers in order. */
  readonly spikes: Float64Array;
  /** Time simulated, all trials together, s. */
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
  const excitatory = new Mean();
  const inhibitory = new Mean();
  const sst = new Mean();
  const pv = new Mean();
  let unit = 0;
  for (const { size, inhibitory: flags, sstCount } of network.layers) {
    let inhibitoryBefore = 0;
    for (let i = 0; i < size; i++) {
      const rate = spikes[unit++] / seconds;
      if (flags[i] === 0) {
        excitatory.add(rate);
        continue;
      }
      inhibitory.add(rate);
      (inhibitoryBefore++ < sstCount ? sst : pv).add(rate);
    }
  }
  return {
    excitatory: excitatory.value,
    inhibitory: inhibitory.value,
    sst: sst.value,
    pv: pv.value,
  };
}

class Mean {
  #sum = 0;
  #count = 0;

  add(value: number): void {
    this.#sum += value;
    this.#count++;
  }

  get value(): number {
    return this.#sum / this.#count;
  }
}
