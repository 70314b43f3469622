/** Networks and trials for the tests of spiking simulation. */
import { readFileSync } from "node:fs";
import type { Layer, RateNetwork } from "../../lib/network/types.ts";
import type {
  SpikingNetwork,
  SpikingTrial,
} from "../../lib/network/spiking.ts";
import { decodeMat } from "../../lib/mat5/mod.ts";
import { decodeModel } from "../../lib/formats/model_file.ts";
import { randomStream } from "../../lib/random/stream.ts";

const data = new URL("../data/", import.meta.url);

/** The Go-NoGo network that the original code trained. */
export function goNoGoNetwork(): RateNetwork {
  return decodeModel(readFileSync(new URL("gonogo_original.mat", data)))
    .network;
}

/** A variable of the noise-free run as plain numbers, column-major. */
export function noiseFree(name: string): number[] {
  const file = readFileSync(new URL("lif_noise_free_float64.mat", data));
  return Array.from(
    (decodeMat(file).get(name) as unknown as { data: ArrayLike<number> }).data,
  );
}

/** Stimulus of a Go-NoGo trial, 201 columns. */
export function goNoGoInputs(go: boolean): Float32Array {
  return new Float32Array(201).fill(go ? 1 : 0, 50, 75);
}

/** How a small random network is made. */
export interface SmallOptions {
  readonly sizes: readonly number[];
  readonly channels: number;
  readonly seed: number;
  readonly taus?: readonly [number] | readonly [number, number];
}

/** A random network of one layer or several in a chain, a third inhibitory. */
export function smallNetwork(options: SmallOptions): RateNetwork {
  const { sizes, channels, seed, taus = [4, 20] } = options;
  const random = randomStream(seed);
  const matrix = (purpose: string, rows: number, columns: number) => {
    const stream = random.fork(purpose);
    return Float32Array.from(
      { length: rows * columns },
      (_, k) => stream.uniform(k, 1) < 0.4 ? 2 * stream.normal(k) : 0,
    );
  };
  const layers = sizes.map((size, l): Layer => ({
    size,
    inhibitory: Uint8Array.from({ length: size }, (_, i) => i % 3 ? 0 : 1),
    sstCount: 0,
    weights: matrix(`recurrent ${l}`, size, size),
    mask: new Uint8Array(size * size).fill(1),
    tausGaus: Float32Array.from(
      { length: size },
      (_, i) => random.fork("tau", l).normal(i),
    ),
  }));
  const last = sizes.length - 1;
  return {
    activation: "sigmoid",
    dale: true,
    taus,
    layers,
    inputs: [{
      from: "input",
      to: 0,
      weights: Float32Array.from(
        { length: sizes[0] * channels },
        (_, k) => random.fork("input").normal(k),
      ),
    }],
    between: layers.slice(1).map((layer, l) => ({
      from: l,
      to: l + 1,
      weights: matrix(`between ${l}`, layer.size, sizes[l]),
    })),
    readout: {
      from: [last],
      weights: [
        Float32Array.from(
          { length: sizes[last] },
          (_, i) => random.fork("readout").normal(i),
        ),
      ],
      bias: 0,
    },
  };
}

/** A trial of random stimulus. */
export function smallTrial(
  network: SpikingNetwork,
  seed: number,
  changes: Partial<SpikingTrial> = {},
): SpikingTrial {
  const { inputs, layers } = network.rate;
  const channels = inputs[0].weights.length / layers[inputs[0].to].size;
  const columns = changes.columns ?? 9;
  const random = randomStream(seed).fork("stimulus");
  return {
    inputs: Float32Array.from(
      { length: channels * columns },
      (_, k) => k % columns > 1 ? 4 * random.normal(k) : 0,
    ),
    columns,
    noise: { key: random.key, trial: seed },
    ...changes,
  };
}
