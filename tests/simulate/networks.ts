/** Small networks for the tests of conversion and simulation. */
import { convert } from "../../lib/spiking/convert.ts";
import type { SpikingNetwork } from "../../lib/network/spiking.ts";
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

/** Two layers, with synapses that are absent and everything calibrated. */
export function calibratedNetwork(): SpikingNetwork {
  const network = networkOf([layerOf(4, 2), layerOf(3, 1)], 1);
  network.layers[0].weights.set([0, -0.3], 5);
  network.layers[1].mask[2] = 0;
  return convert(network, {
    scalingFactor: [20, 50],
    calibration: {
      readout: {
        gainExcitatory: 1.2,
        gainInhibitory: 0.8,
        offset: 0.1,
        units: Float64Array.from({ length: 7 }, (_, i) => 1 + i / 10),
      },
      units: {
        bias: Float64Array.from({ length: 7 }, (_, i) => i / 10),
        gain: Float64Array.from({ length: 7 }, (_, i) => 1 + i / 20),
      },
      synapses: {
        recurrent: [
          Float32Array.from({ length: 16 }, (_, k) => 0.5 + k / 8),
          Float32Array.from({ length: 9 }, (_, k) => 2 - k / 8),
        ],
        between: [Float32Array.from({ length: 12 }, (_, k) => 1 + k / 4)],
      },
    },
  });
}
