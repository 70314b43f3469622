import assert from "node:assert/strict";
import { modify, type WeightChange } from "../../lib/network/modify.ts";
import type { RateNetwork } from "../../lib/network/types.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { layerOf, networkOf } from "../simulate/networks.ts";

// Units 0 and 1 are E, 2 is SST, 3 is PV; weight 10·post + pre.
const layer = {
  ...layerOf(4, 2, 1),
  weights: Float32Array.from(
    { length: 16 },
    (_, k) => 10 * Math.floor(k / 4) + k % 4,
  ),
  // No synapse from SST to SST.
  mask: Uint8Array.from({ length: 16 }, (_, k) => k === 10 ? 0 : 1),
};
const network = networkOf([layer]);
const weights = (of: RateNetwork, l = 0) => [...of.layers[l].weights];
const before = weights(network);
const changed = (changes: WeightChange[], of = network) =>
  weights(modify(of, changes)).flatMap((w, k) => w === before[k] ? [] : [k]);

Deno.test("modify() scales the synapses between two classes of units", () => {
  const half = (from: WeightChange["from"], to: WeightChange["to"]) => {
    const after = weights(
      modify(network, [{ from, to, kind: "scale", amount: 0.5 }]),
    );
    return after.flatMap((w, k) => {
      if (w === before[k]) return [];
      assert.equal(w, before[k] / 2);
      return [k];
    });
  };
  // Weight 0 of unit 0 to itself is no synapse.
  assert.deepEqual(half("E", "E"), [1, 4, 5]);
  assert.deepEqual(half("I", "E"), [2, 3, 6, 7]);
  assert.deepEqual(half("E", "I"), [8, 9, 12, 13]);
  assert.deepEqual(half("I", "I"), [11, 14, 15]);
  assert.deepEqual(half("SST", "PV"), [14]);
  assert.deepEqual(half("PV", "SST"), [11]);
  assert.deepEqual(half([0, "PV"], [1]), [4, 7]);
  assert.equal(half("all", "all").length, 14);
  assert.deepEqual(half({ layer: 0, population: "PV" }, { layer: 0 }), [
    3,
    7,
    11,
    15,
  ]);
  assert.deepEqual(weights(network), before, "the network stays as it is");
});

Deno.test("modify() cuts a share of synapses, nested by share", () => {
  const cut = (amount: number, seed = 1) =>
    changed([{ from: "all", to: "all", kind: "cut", amount, seed }]);
  assert.deepEqual(cut(0), []);
  const [few, more] = [cut(0.2), cut(0.5)];
  assert.deepEqual([few.length, more.length, cut(1).length], [3, 7, 14]);
  assert.ok(few.every((k) => more.includes(k)));
  assert.notDeepEqual(cut(0.5, 2), more);
  const after = modify(network, [
    { from: "all", to: "all", kind: "cut", amount: 0.5, seed: 1 },
  ]);
  more.forEach((k) => assert.equal(after.layers[0].weights[k], 0));
});

Deno.test("modify() shuffles weights among the places of the synapses", () => {
  const after = modify(network, [
    { from: "E", to: "I", kind: "shuffle", seed: 3 },
  ]).layers[0].weights;
  const places = [8, 9, 12, 13];
  const sorted = (of: ArrayLike<number>) =>
    places.map((k) => of[k]).sort((a, b) => a - b);
  assert.deepEqual(sorted(after), [20, 21, 30, 31]);
  assert.notDeepEqual(places.map((k) => after[k]), [20, 21, 30, 31]);
  assert.deepEqual(
    before.flatMap((w, k) => w === after[k] || places.includes(k) ? [] : [k]),
    [],
  );
});

Deno.test("modify() takes own selections, layers, and changes one after the other", () => {
  assert.deepEqual(
    changed([{
      from: "all",
      to: "all",
      kind: "scale",
      amount: 2,
      synapses: (post, pre) => post === 3 && pre < 2,
    }]),
    [12, 13],
  );
  const both = modify(network, [
    { from: "E", to: "E", kind: "scale", amount: 0 },
    // What was scaled to 0 is still a synapse of the network given.
    { from: "E", to: "E", kind: "scale", amount: 3 },
    { from: "PV", to: "PV", kind: "scale", amount: 3 },
  ]);
  assert.equal(both.layers[0].weights[5], 0);
  assert.equal(both.layers[0].weights[15], 99);
  const deep = networkOf([layer, layer]);
  const cut = modify(deep, [{
    from: { layer: 0, population: "E" },
    to: { layer: 1 },
    kind: "cut",
    amount: 1,
  }]);
  assert.deepEqual([...cut.between[0].weights], [
    ...[0, 0, 3, 4, 0, 0, 7, 8, 0, 0, 11, 12, 0, 0, 15, 16],
  ]);
  assert.deepEqual(weights(cut, 1), before);
  const back = modify(deep, [
    { from: "E", to: "E", kind: "scale", amount: 2 },
  ]);
  assert.equal(back.layers[1].weights[5], 22, "a class is that of all layers");
  assert.equal(back.between[0].weights[0], 2);
});

Deno.test("modify() gives the spiking twin the same synapses", () => {
  const change: WeightChange = {
    from: "I",
    to: "E",
    kind: "cut",
    amount: 0.5,
    seed: 8,
  };
  const spiking = convert(network, { scalingFactor: 50 });
  assert.deepEqual(
    modify(spiking, [change]).rate,
    modify(network, [change]),
  );
  assert.equal(spiking.rate, network);
});

Deno.test("modify() without Dale's principle scales and shuffles signed weights", () => {
  const signed = networkOf(
    [{
      ...layerOf(2),
      weights: Float32Array.of(0, -1, 2, -3),
    }],
    1,
    { dale: false },
  );
  const change = { from: "all", to: "all" } as const;
  assert.deepEqual(
    weights(modify(signed, [{ ...change, kind: "scale", amount: 2 }])),
    [0, -2, 4, -6],
  );
  const shuffled = weights(modify(signed, [{ ...change, kind: "shuffle" }]));
  assert.equal(shuffled[0], 0);
  assert.deepEqual(shuffled.slice(1).sort((a, b) => a - b), [-3, -1, 2]);
});

Deno.test("modify() refuses what cannot be meant", () => {
  const refuse = (
    change: Partial<WeightChange> & { window?: unknown },
    message: RegExp,
  ) =>
    assert.throws(
      () =>
        modify(network, [
          { from: "E", to: "E", kind: "scale", amount: 1, ...change },
        ]),
      { name: "RangeError", message },
    );
  refuse({ amount: -0.1 }, /strength of 0 or more/);
  refuse({ amount: NaN }, /strength of 0 or more/);
  refuse({ amount: undefined }, /strength of 0 or more/);
  refuse({ kind: "cut", amount: 1.2 }, /share of 0 to 1/);
  refuse({ kind: "shuffle", amount: 1 }, /allowed is none/);
  refuse({ kind: "prune" as "cut" }, /allowed are scale, cut, shuffle/);
  refuse({ from: "SST", to: "SST" }, /from SST to SST: there is none/);
  refuse({ synapses: () => false }, /there is none/);
  refuse({ from: { layer: 1 } }, /layers 0 to 0/);
  refuse({ window: { from: 0, to: 5 } }, /option modifications/);
  assert.throws(
    () =>
      modify(networkOf([layerOf(3)]), [
        { from: "I", to: "all", kind: "cut", amount: 1 },
      ]),
    { name: "RangeError", message: /population I: the network has no such/ },
  );
});
