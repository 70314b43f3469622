/** Small models and files to test with. */
import type { FloatArray, RateNetwork } from "../../lib/network/types.ts";
import type { Score } from "../../lib/network/scores.ts";
import type { Model, SearchRecord } from "../../lib/network/records.ts";
import { decodeMat, encodeMat, type MatValue } from "../../lib/mat5/mod.ts";
import { decodeModel, encodeModel } from "../../lib/formats/model_file.ts";
import { numbersFrom } from "./mutate.ts";

/** Repeatable single-precision numbers from -1 to 1. */
export function floats(length: number, seed: number): Float32Array {
  const next = numbersFrom(seed * 7919 + 1);
  return Float32Array.from({ length }, () => next(20001) / 10000 - 1);
}

/** A network with the given layer sizes; every third unit is inhibitory under Dale's principle. */
export function network(
  sizes: readonly number[],
  options: { dale?: boolean; taus?: RateNetwork["taus"]; seed?: number } = {},
): RateNetwork {
  const { dale = true, taus = [4, 20], seed = 1 } = options;
  const flags = (length: number, every: number) =>
    Uint8Array.from({ length }, (_, i) => i % every === every - 1 ? 1 : 0);
  const layers = sizes.map((size, l) => ({
    size,
    inhibitory: dale ? flags(size, 3) : new Uint8Array(size),
    sstCount: dale && size > 2 ? 1 : 0,
    weights: floats(size * size, seed + l),
    mask: flags(size * size, 7).map((flag) => 1 - flag),
    tausGaus: floats(size, seed + 10 + l),
  }));
  const last = layers.length - 1;
  return {
    activation: "softplus",
    dale,
    taus,
    layers,
    inputs: [{
      from: "input",
      to: 0,
      weights: floats(sizes[0] * 2, seed + 20),
    }],
    between: sizes.slice(1).map((size, l) => ({
      from: l,
      to: l + 1,
      weights: floats(size * sizes[l], seed + 30 + l),
      mask: flags(size * sizes[l], 5),
    })),
    readout: {
      from: [last],
      weights: [floats(sizes[last], seed + 40)],
      bias: 0.1,
    },
  };
}

/** Row `part` of parts of equal length, for a score with every number another. */
function score(seed: number): Score {
  const numbers = floats(12, seed);
  const proportion = (correct: number) => ({
    correct,
    trials: 10,
    value: correct / 10,
    low: correct / 10 - 0.1,
    high: correct / 10 + 0.1,
  });
  return {
    paper: proportion(9),
    strict: proportion(seed % 10),
    loss: NaN,
    outputError: numbers[0],
    conditions: [{
      condition: "go",
      paper: proportion(5),
      strict: proportion(4),
      outputError: numbers[1],
      meanOutput: Infinity,
    }],
    rates: {
      excitatory: 2.8,
      inhibitory: 18.5 + seed,
      sst: NaN,
      pv: numbers[2],
    },
  };
}

/** A search over three factors. */
export function search(): SearchRecord {
  return {
    factors: [20, 25, 30],
    scores: [score(1), score(2), score(3)],
    chosen: 25,
    select: "strict",
    plateau: [20, 25],
    settings: { neuron: "lif", tref: 2, note: 'quotes " and é' },
  };
}

/** A model in which everything is present. */
export function fullModel(sizes: readonly number[], dale = true): Model {
  const steps = 6;
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const after = network(sizes, { dale, seed: 1 });
  const before = network(sizes, { dale, seed: 100 });
  return {
    network: after,
    initial: {
      ...before,
      between: before.between,
      readout: { ...before.readout, bias: 0 },
    },
    task: { name: "go-nogo", timing: { stim_on: 50, stim_dur: 25 } },
    training: {
      lastUpdate: 3,
      losses: Float64Array.of(4, 3, 2, 1),
      evaluations: [
        {
          update: 1,
          performance: 0.5,
          strict: 0.25,
          loss: 8,
          noiseLevel: 1,
          lesson: 1,
        },
        { update: 3, performance: 1, strict: NaN, loss: 1.5, noiseLevel: 2 },
        { update: 4, performance: 1, strict: NaN, loss: 1.5 },
      ],
      evalOutputs: floats(3 * (steps - 1), 2),
      evalLabels: Float64Array.of(1, 0, -1),
      outcome: { reason: "limit", met: true },
    },
    trial: {
      inputs: Float64Array.from(floats(2 * steps, 3)),
      target: Float64Array.of(0, 0, 0, 1, 1, 1),
      outputs: floats(steps - 1, 4),
      states: floats(units * steps, 5),
      rates: floats(units * steps, 6),
      initialStates: floats(units * steps, 7),
      initialRates: floats(units * steps, 8),
    },
    search: search(),
    provenance: {
      version: "0.1.0",
      seed: 42,
      backend: "simd",
      created: "2026-01-02T03:04:05Z",
      settings: { N: sizes[0], "P_inh": 0.2, task: "go-nogo" },
    },
  };
}

/** Numbers below or equal to 0 become 0. */
export function rectified(weights: FloatArray): number[] {
  return Array.from(weights, (weight) => weight > 0 ? weight : 0);
}

/** A model as it comes back from a file with some fields changed. */
export function edited(
  model: Model,
  edit: (fields: Map<string, MatValue>) => void,
): Model {
  const fields = decodeMat(encodeModel(model));
  edit(fields);
  return decodeModel(encodeMat(fields));
}
