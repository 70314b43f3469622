/** Networks and trials to time: the paper's initial values, and a trained network. */
import { readFile } from "node:fs/promises";
import type { RateTrial } from "../lib/backend/types.ts";
import { decodeMat, matrix } from "../lib/formats/mat5.ts";
import type { RateNetwork } from "../lib/network/types.ts";
import { type RandomStream, randomStream } from "../lib/random/stream.ts";
import { goNogo } from "../lib/tasks/go_nogo.ts";

/** Layers of the given sizes with the paper's initial weights, Dale's principle, taus 4–20. */
export function initialNetwork(sizes: readonly number[]): RateNetwork {
  const random = randomStream(1);
  const inhibitory = sizes.map((size, l) => {
    const stream = random.fork("inhibitory", l);
    return Uint8Array.from(
      { length: size },
      (_, i) => Number(stream.uniform(i) < 0.2),
    );
  });
  const normals = (purpose: string, l: number, length: number, gain: number) =>
    Float32Array.from(
      { length },
      (_, i) => gain * random.fork(purpose, l).normal(i),
    );
  return {
    activation: "sigmoid",
    dale: true,
    taus: [4, 20],
    layers: sizes.map((size, l) => ({
      size,
      inhibitory: inhibitory[l],
      sstCount: 0,
      weights: absent(
        random.fork("W", l),
        size * size,
        0.2,
        1.5 / Math.sqrt(size * 0.2),
      ),
      mask: new Uint8Array(size * size).fill(1),
      tausGaus: normals("taus", l, size, 1),
    })),
    inputs: [{
      from: "input",
      to: 0,
      weights: normals("input", 0, sizes[0], 1),
    }],
    between: sizes.slice(1).map((size, l) => ({
      from: l,
      to: l + 1,
      // Long-range projections come from excitatory units.
      weights: absent(
        random.fork("between", l),
        size * sizes[l],
        0.8,
        0.5 / Math.sqrt(sizes[l]),
      ).map((w, k) => inhibitory[l][k % sizes[l]] ? 0 : w),
    })),
    readout: {
      from: [sizes.length - 1],
      weights: [normals("readout", 0, sizes[sizes.length - 1], 0.01)],
      bias: 0,
    },
  };
}

/** Positive weights, each present with a probability. */
function absent(
  random: RandomStream,
  length: number,
  probability: number,
  gain: number,
): Float32Array {
  return Float32Array.from(
    { length },
    (_, k) =>
      random.uniform(k, 1) < probability
        ? gain * Math.abs(random.normal(k))
        : 0,
  );
}

/** The Go-NoGo network of tests/data, trained by the original code. */
export async function trainedNetwork(): Promise<RateNetwork> {
  const path = new URL("../tests/data/gonogo_original.mat", import.meta.url);
  const file = decodeMat(new Uint8Array(await readFile(path)));
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
