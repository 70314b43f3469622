/** Networks and trials to time: the paper's initial values, and a trained network. */
import { readFile } from "node:fs/promises";
import type { RateTrial } from "../lib/backend/types.ts";
import { decodeMat, matrix } from "../lib/mat5/mod.ts";
import { createNetwork } from "../lib/network/create.ts";
import type { RateNetwork } from "../lib/network/types.ts";
import { randomStream } from "../lib/random/stream.ts";
import { goNogo } from "../lib/tasks/go_nogo.ts";

/** A network before training, with layers of the given sizes and the default settings. */
export function initialNetwork(sizes: number[]): RateNetwork {
  return createNetwork({ channels: 1, units: sizes }, randomStream(1));
}

/** The Go-NoGo network of tests/data, of 200 units, trained by the original code. */
export function trainedNetwork(): Promise<RateNetwork> {
  return networkIn("../tests/data/gonogo_original.mat");
}

/**
 * A Go-NoGo network of 50 units, by `train --preset robust --task go-nogo --N 50
 * --seed 2`. By its best factor, 45, it is right in four fifths of spiking trials.
 */
export function smallNetwork(): Promise<RateNetwork> {
  return networkIn("go_nogo_50.mat");
}

async function networkIn(file: string): Promise<RateNetwork> {
  const path = new URL(file, import.meta.url);
  return networkOf(new Uint8Array(await readFile(path)));
}

function networkOf(bytes: Uint8Array<ArrayBuffer>): RateNetwork {
  const file = decodeMat(bytes);
  const rows = (name: string) =>
    Float32Array.from(matrix(file.get(name)!).data, Number);
  const weights = rows("w");
  const size = Math.sqrt(weights.length);
  return {
    activation: "sigmoid",
    dale: true,
    taus: [4, 20],
    layers: [{
      size,
      inhibitory: Uint8Array.from(rows("inh")),
      sstCount: 0,
      weights,
      mask: new Uint8Array(size * size).fill(1),
      tausGaus: rows("taus_gaus"),
    }],
    inputs: [{ from: "input", to: 0, weights: rows("w_in") }],
    between: [],
    readout: { from: [0], weights: [rows("w_out")], bias: rows("b_out")[0] },
  };
}

/** Synapses that exist. */
export function synapseCount(network: RateNetwork): number {
  const matrices = [...network.layers, ...network.between];
  return matrices.reduce(
    (sum, { weights }) => sum + weights.filter((w) => w > 0).length,
    0,
  );
}

/** Go-NoGo trials number `from` on. */
export function goNogoTrials(from: number, count: number): RateTrial[] {
  const task = goNogo();
  const random = randomStream(2);
  const { key } = random.fork("noise");
  return Array.from({ length: count }, (_, b) => {
    const { inputs, target } = task.trial(random.fork("trial", from + b));
    return {
      inputs,
      target,
      steps: task.steps,
      noise: { key, trial: from + b },
    };
  });
}
