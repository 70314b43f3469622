/** Networks and trials as the arrays that the spiking scan reads. */
import { filterOf, spikeArea } from "../../../network/synapses.ts";
import { uniformSalt } from "../../../random/stream.ts";
import type { LifNetwork, LifTrial } from "../types.ts";
import {
  factRows,
  spikeWords,
  stimulationWords,
  trialHeader,
} from "./variant.ts";

/** A trial and the network that it is of, of networks that share a batch. */
export interface PlacedTrial {
  readonly network: number;
  readonly trial: LifTrial;
}

/** Scales of a batch: units whose factors are alike in every network share one. */
export interface Scales {
  /** Place of each unit's scale. */
  readonly place: Uint32Array;
  /** 1/factor of each place, for each network. */
  readonly values: readonly (readonly number[])[];
}

/** Finds the scales of networks that differ in nothing but their factors. */
export function scalesOf(networks: readonly LifNetwork[]): Scales {
  const places = new Map<string, number>();
  const firstUnits: number[] = [];
  const place = Uint32Array.from({ length: networks[0].units }, (_, i) => {
    const name = networks.map(({ factors }) => factors[i]).join();
    let found = places.get(name);
    if (found === undefined) {
      found = firstUnits.push(i) - 1;
      places.set(name, found);
    }
    return found;
  });
  const values = networks.map(({ factors }) =>
    firstUnits.map((i) => 1 / factors[i])
  );
  return { place, values };
}

/** Facts of the units, a row each; see `factRows`. */
export function unitFacts(network: LifNetwork, scales: Scales): Uint32Array {
  const { units, channels, dt, synapse, inputGain } = network;
  const { decays } = filterOf(synapse);
  // A filtered spike has an integral of 1; it is in 1/s, times in ms.
  const gain = network.decay.map((td) => 1000 / spikeArea(synapse, td, dt));
  const facts = new Uint32Array((factRows + channels) * units);
  const floats = new Float32Array(facts.buffer);
  facts.set(scales.place);
  [
    network.bias,
    network.decay.map((td) => decays ? Math.exp(-dt / td) : 0),
    gain,
    network.readout,
    gain.map((value, i) => value * inputGain[i]),
  ].forEach((row, k) => floats.set(row, (k + 1) * units));
  floats.set(network.inputWeights, factRows * units);
  return facts;
}

/** One row a trial; see `trialHeader` and `stimulationWords`. */
export function trialTable(
  network: LifNetwork,
  scales: Scales,
  trials: readonly PlacedTrial[],
): { table: Uint32Array; row: number } {
  const row = trialHeader + scales.values[0].length;
  const words = spikeWords(network.units);
  const stimulations = trials.map(({ trial }) =>
    trial.stimulations.flatMap((stimulation, index) =>
      stimulation.probability > 0 ? [{ ...stimulation, index }] : []
    )
  );
  const count = stimulations.reduce((sum, { length }) => sum + length, 0);
  const table = new Uint32Array(
    trials.length * row + count * (stimulationWords + words),
  );
  const floats = new Float32Array(table.buffer);
  let next = trials.length * row;
  trials.forEach(({ network: number, trial }, b) => {
    const at = b * row;
    table.set([trial.key, trial.trial], at);
    floats[at + 2] = trial.amplitude;
    table.set([stimulations[b].length, next], at + 3);
    floats[at + 5] = network.offset;
    floats.set(scales.values[number], at + trialHeader);
    let bits = next + stimulations[b].length * stimulationWords;
    for (const stimulation of stimulations[b]) {
      const { from, to, probability, amount, index } = stimulation;
      // Heads: word / 2^32 below the probability.
      const heads = Math.min(Math.ceil(probability * 2 ** 32), 2 ** 32) - 1;
      table.set([Math.max(from, 0), Math.max(to, 0), heads], next);
      floats[next + 3] = amount;
      table.set([bits, index, (trial.key ^ uniformSalt) >>> 0], next + 4);
      for (const unit of stimulation.units) {
        table[bits + (unit >> 5)] |= 1 << (unit & 31);
      }
      next += stimulationWords;
      bits += words;
    }
    next = bits;
  });
  return { table, row };
}
