/** The hash of a network's weights tells networks apart, and nothing else. */
import {
  deepStrictEqual as equal,
  notDeepStrictEqual,
} from "node:assert/strict";
import {
  createNetwork,
  randomStream,
  type RateNetwork,
  weightsHash,
} from "../../mod.ts";
import { decodeModel, encodeModel } from "../../lib/entry/files.ts";

const made = (units: number | number[], seed = 1) =>
  createNetwork(
    { channels: 2, units, sst: 1, feedback: 0.5 },
    randomStream(seed),
  );

for (const units of [[12], [6, 7]]) {
  Deno.test(`weightsHash() of ${units} units survives a model file`, async () => {
    const network = made(units);
    const read = decodeModel(encodeModel({ network })).network;
    equal(await weightsHash(read), await weightsHash(network));
  });
}

Deno.test("weightsHash() does not depend on the precision that numbers are kept in", async () => {
  const network = made(8);
  const [layer] = network.layers;
  const double = {
    ...network,
    layers: [{ ...layer, weights: Float64Array.from(layer.weights) }],
  };
  equal(await weightsHash(double), await weightsHash(network));
});

Deno.test("weightsHash() changes with every part of a network", async () => {
  const network = made([6, 7]);
  const changed = (change: (copy: RateNetwork) => void) => {
    const copy = structuredClone(network);
    change(copy);
    return copy;
  };
  const others: readonly RateNetwork[] = [
    changed(({ layers }) => layers[1].weights[3] += 0.5),
    changed(({ layers }) => layers[0].tausGaus[2] += 0.5),
    changed(({ layers }) => layers[0].inhibitory[0] ^= 1),
    changed(({ layers }) => layers[0].mask[5] ^= 1),
    changed(({ inputs }) => inputs[0].weights[1] += 0.5),
    changed(({ between }) => between[0].weights[1] += 0.5),
    changed(({ readout }) => readout.weights[0][1] += 0.5),
    { ...network, activation: "softplus" },
    { ...network, taus: [4, 21] },
    { ...network, readout: { ...network.readout, bias: 0.5 } },
  ];
  const hashes = await Promise.all([network, ...others].map(weightsHash));
  equal(new Set(hashes).size, hashes.length);
  notDeepStrictEqual(hashes[0], await weightsHash(made([6, 7], 2)));
});
