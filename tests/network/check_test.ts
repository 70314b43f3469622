import { throws } from "node:assert/strict";
import { checkNetwork, type Purpose } from "../../lib/network/check.ts";
import { createNetwork } from "../../lib/network/create.ts";
import type { RateNetwork } from "../../lib/network/types.ts";
import { randomStream } from "../../lib/random/stream.ts";

const network = createNetwork(
  { units: [4, 3], channels: 2 },
  randomStream(1),
);
const { layers, inputs, between, readout } = network;
const purposes: readonly Purpose[] = ["run", "convert"];

Deno.test("checkNetwork() takes what createNetwork() makes", () => {
  for (const purpose of purposes) checkNetwork(network, purpose);
  checkNetwork({ ...network, taus: [10] }, "run");
});

Deno.test("checkNetwork() says which array does not fit", () => {
  const layer = (change: Partial<RateNetwork["layers"][number]>) => ({
    layers: [layers[0], { ...layers[1], ...change }],
  });
  const cases: readonly (readonly [Partial<RateNetwork>, string, RegExp])[] = [
    [{ layers: [] }, "TypeError", /it has no layers$/],
    [
      { activation: "tanh" as "sigmoid" },
      "RangeError",
      /its activation is "tanh", allowed are sigmoid, /,
    ],
    [
      layer({ weights: new Float32Array(8) }),
      "TypeError",
      /recurrent weights of layer 1 are 8 numbers, 9 are needed/,
    ],
    [layer({ mask: new Uint8Array(3) }), "TypeError", /mask of layer 1 are 3/],
    [
      layer({ inhibitory: new Uint8Array(4) }),
      "TypeError",
      /unit types of layer 1 are 4/,
    ],
    [
      layer({ tausGaus: new Float32Array(2) }),
      "TypeError",
      /decay time constants of layer 1 are 2/,
    ],
    [
      { inputs: [{ ...inputs[0], weights: new Float32Array(7) }] },
      "TypeError",
      /input weights are 7 numbers, allowed are whole multiples of 4/,
    ],
    [
      { inputs: [{ ...inputs[0], from: 1 }] },
      "RangeError",
      /input projection 0 comes from layer 1, allowed is "input"/,
    ],
    [
      { inputs: [{ ...inputs[0], to: 2 }] },
      "RangeError",
      /input projection 0 names layer 2, allowed are layers 0 to 1/,
    ],
    [
      { between: [{ ...between[0], from: "input" }] },
      "RangeError",
      /projection 0 between layers names the input/,
    ],
    [
      { between: [{ ...between[0], weights: new Float32Array(11) }] },
      "TypeError",
      /weights from layer 0 to layer 1 are 11 numbers, 12 are needed/,
    ],
    [
      { readout: { ...readout, from: [5] } },
      "RangeError",
      /the readout names layer 5/,
    ],
    [
      { readout: { ...readout, weights: [] } },
      "TypeError",
      /readout weights of layer 1 are missing/,
    ],
    [
      {
        readout: {
          ...readout,
          weights: [readout.weights[0], layers[0].weights],
        },
      },
      "TypeError",
      /rows of readout weights are 2 numbers, 1 are needed/,
    ],
    [{ taus: [0, 5] }, "RangeError", /time constants are 0, 5 steps/],
  ];
  for (const purpose of purposes) {
    for (const [change, name, message] of cases) {
      throws(
        () => checkNetwork({ ...network, ...change }, purpose),
        (error: Error) =>
          error.name === name && message.test(error.message) &&
          error.message.startsWith(`Cannot ${purpose} the network: `),
        `${purpose} ${message}`,
      );
    }
  }
});

Deno.test("checkNetwork() asks for finite numbers to convert, for steps within tau to run", () => {
  const weights = layers[0].weights.slice();
  weights[3] = NaN;
  const diverged = {
    ...network,
    layers: [{ ...layers[0], weights }, layers[1]],
  };
  checkNetwork(diverged, "run");
  throws(() => checkNetwork(diverged, "convert"), {
    name: "RangeError",
    message: /hold NaN at index 3/,
  });
  const short: RateNetwork = { ...network, taus: [0.5] };
  checkNetwork(short, "convert");
  throws(() => checkNetwork(short, "run"), RangeError);
  throws(() => checkNetwork({ ...network, taus: [20, 4] }, "run"), RangeError);
});
