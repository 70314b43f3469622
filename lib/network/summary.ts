/** A network in numbers. */
import { exp, log } from "../arithmetic/elementary.ts";
import {
  decayTimeConstants,
  effectiveProjection,
  effectiveWeights,
} from "./effective.ts";
import { eigenvalueSteps } from "./eigenvalue_steps.ts";
import { unitTypes } from "./geometry.ts";
import type { RateNetwork } from "./types.ts";

/** Smallest, mean and largest of several numbers. */
export interface Spread {
  /** Smallest of them. */
  readonly min: number;
  /** Arithmetic mean. */
  readonly mean: number;
  /** Largest of them. */
  readonly max: number;
}

/** Counts of effective weights by sign. */
export interface WeightCounts {
  /** Weights above 0: excitatory synapses. */
  readonly positive: number;
  /** Weights of 0: no synapse. */
  readonly zero: number;
  /** Weights below 0: inhibitory synapses. */
  readonly negative: number;
}

/** One layer in numbers. */
export interface LayerSummary {
  /** Number of units N. */
  readonly units: number;
  /** Number of excitatory units. */
  readonly excitatory: number;
  /** Number of inhibitory units, SST units among them. */
  readonly inhibitory: number;
  /** Number of somatostatin (SST) units. */
  readonly sst: number;
  /** The N×N effective recurrent weights, counted by sign. */
  readonly weights: WeightCounts;
  /** Decay time constants, in steps. */
  readonly taus: Spread;
  /** Largest magnitude among the eigenvalues of the effective recurrent weights. */
  readonly spectralRadius: number;
}

/** A network in numbers. */
export interface NetworkSummary {
  /** Number of units, all layers together. */
  readonly units: number;
  /** Number of input channels. */
  readonly channels: number;
  /** One summary a layer, from the stimulus up. */
  readonly layers: readonly LayerSummary[];
  /** Projections between layers. */
  readonly between: readonly {
    readonly from: number;
    readonly to: number;
    readonly weights: WeightCounts;
  }[];
}

/**
 * Counts units and synapses, and finds the spread of the decay time constants
 * and the spectral radius of each layer.
 *
 * @param network any rate network
 * @returns plain data
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, randomStream, summariseNetwork } from "@spikernn/spikernn";
 * const network = createNetwork({ channels: 1, units: 30 }, randomStream(1));
 * const { layers: [layer] } = summariseNetwork(network);
 * assert(layer.excitatory + layer.inhibitory === 30);
 * ```
 */
export function summariseNetwork(network: RateNetwork): NetworkSummary {
  const layers = network.layers.map((layer, l): LayerSummary => {
    const types = unitTypes(layer);
    const weights = effectiveWeights(network, l);
    return {
      units: layer.size,
      excitatory: types.excitatory.length,
      inhibitory: types.inhibitory.length,
      sst: types.sst.length,
      weights: countWeights(weights),
      taus: spread(decayTimeConstants(network, l)),
      spectralRadius: spectralRadius(weights, layer.size),
    };
  });
  return {
    units: layers.reduce((sum, { units }) => sum + units, 0),
    channels: network.inputs.length === 0
      ? 0
      : network.inputs[0].weights.length /
        network.layers[network.inputs[0].to].size,
    layers,
    between: network.between.map((projection) => ({
      from: projection.from as number,
      to: projection.to,
      weights: countWeights(effectiveProjection(network, projection)),
    })),
  };
}

function countWeights(weights: Float64Array): WeightCounts {
  let [positive, negative] = [0, 0];
  for (const weight of weights) {
    if (weight > 0) positive++;
    else if (weight < 0) negative++;
  }
  return { positive, zero: weights.length - positive - negative, negative };
}

function spread(values: Float64Array): Spread {
  let [min, max, sum] = [Infinity, -Infinity, 0];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
  }
  return { min, mean: sum / values.length, max };
}

/** Above this size all eigenvalues would take seconds: the radius is estimated. */
const largestExact = 400;

/**
 * Largest magnitude among the eigenvalues of a square matrix: from all
 * eigenvalues up to 400 rows, above by the growth of a vector under the matrix
 * (to about 1 %).
 *
 * @param matrix size×size, row-major
 */
export function spectralRadius(matrix: Float64Array, size: number): number {
  if (!matrix.some((value) => value !== 0)) return 0;
  if (size > largestExact) return growth(matrix, size);
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  // In one go: the work of 400 rows is done before others are missed.
  const steps = eigenvalueSteps()(matrix.slice(), size, real, imaginary);
  for (const _share of steps);
  return real.reduce(
    (largest, x, i) => Math.max(largest, Math.hypot(x, imaginary[i])),
    0,
  );
}

/**
 * The growth per step of ||A^k v|| between k = 100 and k = 400: its logarithm
 * tends to that of the spectral radius, and complex pairs, which make the norm
 * wobble, average out.
 */
function growth(matrix: Float64Array, size: number): number {
  const rows = Array.from({ length: size }, (_, i) => {
    const row = matrix.subarray(i * size, (i + 1) * size);
    const columns = [...row.keys()].filter((j) => row[j] !== 0);
    return { columns, values: columns.map((j) => row[j]) };
  });
  // Signs alternate irregularly, so that no symmetry of the matrix hides.
  let vector = Float64Array.from({ length: size }, (_, i) => Math.cos(i * i));
  const [settle, end] = [100, 400];
  let logarithm = 0;
  for (let k = 0; k < end; k++) {
    const next = new Float64Array(size);
    rows.forEach(({ columns, values }, i) => {
      for (let e = 0; e < columns.length; e++) {
        next[i] += values[e] * vector[columns[e]];
      }
    });
    const norm = Math.hypot(...next);
    if (norm === 0) return 0;
    if (k >= settle) logarithm += log(norm);
    for (let i = 0; i < size; i++) next[i] /= norm;
    vector = next;
  }
  return exp(logarithm / (end - settle));
}
