import { deepStrictEqual as equal } from "node:assert/strict";
import { createNetwork } from "../../lib/network/create.ts";
import {
  channelCount,
  firstUnits,
  inputWeights,
  populationsOf,
  stepsPerRateStep,
  unitCount,
  unitTypes,
} from "../../lib/network/geometry.ts";
import type { RateNetwork } from "../../lib/network/types.ts";
import { randomStream } from "../../lib/random/stream.ts";

const network = createNetwork(
  { units: [3, 2], channels: 2, inputTo: "all" },
  randomStream(1),
);

Deno.test("units are counted over all layers in order", () => {
  equal(unitCount(network), 5);
  equal(firstUnits(network), [0, 3]);
  equal(channelCount(network), 2);
  equal(channelCount({ ...network, inputs: [] }), 0);
  equal(stepsPerRateStep({ stepMs: 5, dt: 0.05 }), 100);
});

Deno.test("inputWeights() adds up the projections to a layer, row by unit", () => {
  const inputs: RateNetwork["inputs"] = [
    { from: "input", to: 0, weights: Float32Array.of(1, 2, 3, 4, 5, 6) },
    { from: "input", to: 1, weights: Float32Array.of(7, 8, 9, 10) },
    { from: "input", to: 1, weights: Float32Array.of(0.5, 0, 0, 0.25) },
  ];
  equal(
    inputWeights({ ...network, inputs }),
    Float64Array.of(1, 2, 3, 4, 5, 6, 7.5, 8, 9, 10.25),
  );
});

Deno.test("unitTypes() takes the first inhibitory units for SST", () => {
  const inhibitory = Uint8Array.of(0, 1, 1, 0, 1);
  equal(unitTypes({ inhibitory, sstCount: 2 }), {
    excitatory: [0, 3],
    inhibitory: [1, 2, 4],
    sst: [1, 2],
    pv: [4],
  });
});

Deno.test("populationsOf() goes by layer, excitatory units first, none empty", () => {
  const layers = network.layers.map((layer, l) => ({
    ...layer,
    inhibitory: l === 0 ? Uint8Array.of(1, 0, 1) : new Uint8Array(2),
    sstCount: l === 0 ? 1 : 0,
  }));
  equal(populationsOf({ layers, dale: true }), [
    { layer: 0, type: "E", units: [1] },
    { layer: 0, type: "PV", units: [2] },
    { layer: 0, type: "SST", units: [0] },
    { layer: 1, type: "E", units: [3, 4] },
  ]);
  equal(populationsOf({ layers, dale: false }), [
    { layer: 0, type: "units", units: [0, 1, 2] },
    { layer: 1, type: "units", units: [3, 4] },
  ]);
});
