/** Small random networks and trials for the WebGPU tests. */
import type {
  Activation,
  Layer,
  RateNetwork,
} from "../../lib/network/types.ts";
import type { Noise, RateTrial } from "../../lib/backend/types.ts";
import { type RandomStream, randomStream } from "../../lib/random/stream.ts";

/** Shape of a random network. */
export interface NetworkShape {
  readonly sizes: readonly number[];
  readonly channels: number;
  readonly activation?: Activation;
  readonly dale?: boolean;
  readonly taus?: readonly [number] | readonly [number, number];
  /** Layers that are read. Defaults to the last one. */
  readonly read?: readonly number[];
  /** Projections from every layer to the one below too. */
  readonly feedback?: boolean;
  readonly seed?: number;
}

function layer(
  size: number,
  dale: boolean,
  random: RandomStream,
): Layer {
  const weights = new Float32Array(size * size);
  const mask = new Uint8Array(size * size);
  const inhibitory = new Uint8Array(size);
  const tausGaus = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    inhibitory[i] = dale && random.uniform(i, 0) < 0.3 ? 1 : 0;
    tausGaus[i] = random.normal(i, 1);
    for (let j = 0; j < size; j++) {
      const e = i * size + j;
      mask[e] = random.uniform(e, 2) < 0.9 ? 1 : 0;
      // Some weights are negative or absent.
      weights[e] = random.uniform(e, 3) < 0.7
        ? random.normal(e, 4) * 1.2 / Math.sqrt(size)
        : 0;
    }
  }
  return { size, inhibitory, sstCount: 0, weights, mask, tausGaus };
}

/** A network with weights of either sign, masks and mixed units. */
export function randomNetwork(shape: NetworkShape): RateNetwork {
  const { sizes, channels, dale = true } = shape;
  const random = randomStream(shape.seed ?? 1);
  const matrix = (purpose: string, length: number, scale: number) => {
    const own = random.fork(purpose);
    return Float32Array.from({ length }, (_, e) => scale * own.normal(e));
  };
  const projection = (from: number, to: number, purpose: string) => ({
    from,
    to,
    weights: matrix(purpose, sizes[to] * sizes[from], 0.5),
    mask: Uint8Array.from(
      { length: sizes[to] * sizes[from] },
      (_, e) => e % 3 === 0 ? 0 : 1,
    ),
  });
  const read = shape.read ?? [sizes.length - 1];
  return {
    activation: shape.activation ?? "sigmoid",
    dale,
    taus: shape.taus ?? [4, 20],
    layers: sizes.map((size, l) => layer(size, dale, random.fork("layer", l))),
    inputs: [{
      from: "input",
      to: 0,
      weights: matrix("input", sizes[0] * channels, 1),
    }],
    between: [
      ...sizes.slice(1).map((_, l) => projection(l, l + 1, `between ${l}`)),
      ...shape.feedback
        ? sizes.slice(1).map((_, l) => projection(l + 1, l, `feedback ${l}`))
        : [],
    ],
    readout: {
      from: read,
      weights: read.map((l) => matrix(`readout ${l}`, sizes[l], 0.3)),
      bias: 0.1,
    },
  };
}

/** A trial with random inputs and target; noise is drawn unless given. */
export function randomTrial(
  network: RateNetwork,
  steps: number,
  number: number,
  noise?: Noise,
): RateTrial {
  const random = randomStream(99).fork("trial", number);
  const { weights, to } = network.inputs[0];
  const channels = weights.length / network.layers[to].size;
  return {
    steps,
    inputs: Float32Array.from(
      { length: channels * steps },
      (_, k) => random.normal(k, 0),
    ),
    target: Float32Array.from({ length: steps }, (_, k) => Math.sin(k / 9)),
    noise: noise ?? { key: random.key, trial: number },
  };
}

/** Standard normal noise of a trial as numbers. */
export function givenNoise(
  network: RateNetwork,
  steps: number,
  number: number,
): Noise {
  const units = network.layers.reduce((sum, { size }) => sum + size, 0);
  const random = randomStream(7).fork("noise", number);
  return {
    initial: Float32Array.from(
      { length: units },
      (_, i) => random.normal(i, 0),
    ),
    steps: Float32Array.from(
      { length: units * (steps - 1) },
      (_, k) => random.normal(k, 1),
    ),
  };
}
