/** Small networks for the tests of conversion and simulation. */
import type { Layer, RateNetwork } from "../../lib/network/types.ts";

/** One layer of n units; the last `inhibitory` of them are inhibitory. */
export function layerOf(n: number, inhibitory = 0, sstCount = 0): Layer {
  return {
    size: n,
    inhibitory: Uint8Array.from(
      { length: n },
      (_, i) => i >= n - inhibitory ? 1 : 0,
    ),
    sstCount,
    weights: Float32Array.from({ length: n * n }, (_, k) => 0.01 * (k + 1)),
    mask: new Uint8Array(n * n).fill(1),
    tausGaus: Float32Array.from({ length: n }, (_, i) => i / n),
  };
}

/** A network of one layer, or of several in a chain; sigmoid, Dale. */
export function networkOf(
  layers: Layer[],
  channels = 1,
  changes: Partial<RateNetwork> = {},
): RateNetwork {
  const last = layers.length - 1;
  return {
    activation: "sigmoid",
    dale: true,
    taus: [4, 20],
    layers,
    inputs: [{
      from: "input",
      to: 0,
      weights: Float32Array.from(
        { length: layers[0].size * channels },
        (_, k) => k + 1,
      ),
    }],
    between: layers.slice(1).map((layer, l) => ({
      from: l,
      to: l + 1,
      weights: Float32Array.from(
        { length: layer.size * layers[l].size },
        (_, k) => k + 1,
      ),
    })),
    readout: {
      from: [last],
      weights: [
        Float32Array.from({ length: layers[last].size }, (_, i) => i + 1),
      ],
      bias: 0,
    },
    ...changes,
  };
}
