/**
 * A network and trials that every machine can make, to try backends with: small
 * ones whose answers are known, larger ones to time.
 */
import type { RateNetwork } from "../network/types.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import { randomStream } from "../random/stream.ts";
import type { RateTrial } from "./types.ts";

/** Seed of everything known. */
const seed = 20_190_915;

/**
 * A network of `units` units under Dale's principle, one in five inhibitory,
 * one in five synapses present, with the paper's initial weights.
 */
export function knownNetwork(units: number): RateNetwork {
  const random = randomStream(seed).fork("network");
  const numbers = (purpose: string, length: number, scale: number) => {
    const own = random.fork(purpose);
    return Float32Array.from({ length }, (_, k) => scale * own.normal(k));
  };
  const chance = random.fork("synapses");
  const strength = 1.5 / Math.sqrt(0.2 * units);
  const weights = numbers("weights", units * units, strength).map((w, k) =>
    chance.uniform(k) < 0.2 ? Math.abs(w) : 0
  );
  return {
    activation: "sigmoid",
    dale: true,
    taus: [4, 20],
    layers: [{
      size: units,
      inhibitory: Uint8Array.from(
        { length: units },
        (_, i) => i % 5 === 4 ? 1 : 0,
      ),
      sstCount: 0,
      weights,
      mask: new Uint8Array(units * units).fill(1),
      tausGaus: numbers("taus", units, 1),
    }],
    inputs: [{ from: "input", to: 0, weights: numbers("input", units, 1) }],
    between: [],
    readout: { from: [0], weights: [numbers("readout", units, 0.1)], bias: 0 },
  };
}

/** A trial of `steps` steps: a pulse, and a target after it. */
export function knownTrial(steps: number, number: number): RateTrial {
  return {
    steps,
    inputs: knownStimulus(steps),
    target: Float32Array.from(
      { length: steps },
      (_, t) => t > steps / 2 ? 1 : 0,
    ),
    noise: { key: randomStream(seed).fork("noise").key, trial: number },
  };
}

/** A pulse over the second quarter. */
export function knownStimulus(columns: number): Float32Array {
  return Float32Array.from(
    { length: columns },
    (_, t) => t >= columns / 4 && t < columns / 2 ? 1 : 0,
  );
}

/** The known network mapped to LIF units with the paper's constants. */
export function knownSpikingNetwork(units: number): SpikingNetwork {
  return {
    rate: knownNetwork(units),
    factor: 50,
    neuron: {
      name: "lif",
      tauMembrane: 10,
      refractory: 2,
      reset: -65,
      peak: -40,
      bias: -40,
    },
    synapse: { kind: "double", rise: 2 },
    stepMs: 5,
    dt: 0.05,
  };
}

/** Key of the noise of the known spiking trials. */
export const knownSpikingKey = randomStream(seed).fork("spiking noise").key;
