/** What a network's parameters amount to. */
import { exp } from "../arithmetic/elementary.ts";
import { firstUnits, unitCount } from "./geometry.ts";
import type { FloatArray, Projection, RateNetwork } from "./types.ts";

/**
 * Effective recurrent weights of a layer, `Weff = (relu(W) if Dale else W) @ m
 * * som_m`: signed, masked, size×size, row = postsynaptic unit.
 */
export function effectiveWeights(
  network: RateNetwork,
  layer: number,
): Float64Array {
  const { weights, mask, inhibitory } = network.layers[layer];
  return signed(network.dale, weights, mask, inhibitory);
}

/** Effective weights of a projection between layers, size(to)×size(from). */
export function effectiveProjection(
  network: RateNetwork,
  projection: Projection,
): Float64Array {
  const { inhibitory } = network.layers[projection.from as number];
  return signed(network.dale, projection.weights, projection.mask, inhibitory);
}

/**
 * Effective weights of all layers with what connects them, units×units over all
 * layers in order: row = postsynaptic unit.
 */
export function allEffectiveWeights(network: RateNetwork): Float64Array {
  const first = firstUnits(network);
  const units = unitCount(network);
  const matrix = new Float64Array(units * units);
  const place = (weights: Float64Array, to: number, from: number) => {
    const columns = network.layers[from].size;
    for (let row = 0; row < weights.length / columns; row++) {
      matrix.set(
        weights.subarray(row * columns, (row + 1) * columns),
        (first[to] + row) * units + first[from],
      );
    }
  };
  network.layers.forEach((_, l) => place(effectiveWeights(network, l), l, l));
  for (const projection of network.between) {
    place(
      effectiveProjection(network, projection),
      projection.to,
      projection.from as number,
    );
  }
  return matrix;
}

function signed(
  dale: boolean,
  weights: FloatArray,
  mask: Uint8Array | undefined,
  inhibitory: Uint8Array,
): Float64Array {
  const columns = inhibitory.length;
  const effective = new Float64Array(weights.length);
  // A loop: searches and grids of perturbations do this for every network.
  for (let row = 0; row < weights.length; row += columns) {
    for (let j = 0; j < columns; j++) {
      const weight = weights[row + j];
      if (mask && mask[row + j] === 0 || dale && weight <= 0) continue;
      effective[row + j] = dale && inhibitory[j] !== 0 ? -weight : weight;
    }
  }
  return effective;
}

/**
 * Decay time constants of a layer's units, in steps: `sigmoid(taus_gaus)·(max -
 * min) + min`, or the fixed one.
 */
export function decayTimeConstants(
  network: RateNetwork,
  layer: number,
): Float64Array {
  const { size, tausGaus } = network.layers[layer];
  const [min, max] = network.taus;
  if (max === undefined) return new Float64Array(size).fill(min);
  return Float64Array.from(
    tausGaus,
    (value) => (max - min) / (1 + exp(-value)) + min,
  );
}

/** Decay time constants of all units, layers in order, in steps. */
export function allDecayTimeConstants(network: RateNetwork): Float64Array {
  return Float64Array.from(
    network.layers.flatMap((_, l) => [...decayTimeConstants(network, l)]),
  );
}
