import assert from "node:assert/strict";
import {
  classConnections,
  reciprocity,
  unitConnections,
} from "../../lib/analysis/weights.ts";
import { silentUnits } from "../../lib/analysis/silent.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { allEffectiveWeights } from "../../lib/network/effective.ts";
import { randomStream } from "../../lib/random/stream.ts";

Deno.test("classConnections() of SST networks: no inhibitory unit projects to SST", () => {
  const network = createNetwork(
    { channels: 1, units: 60, inhibitory: 0.4, sst: 8 },
    randomStream(1),
  );
  const found = new Map(
    classConnections(network).map((c) => [`${c.from.class}→${c.to.class}`, c]),
  );
  assert.equal(found.size, 16);
  assert.equal(found.get("I→SST")!.synapses, 0);
  assert.ok(Number.isNaN(found.get("PV→SST")!.mean));
  const sum = (name: string) => found.get(name)!.synapses;
  assert.equal(
    sum("I→I"),
    sum("SST→SST") + sum("PV→SST") + sum("SST→PV") + sum("PV→PV"),
  );
  const weights = allEffectiveWeights(network);
  assert.equal(
    sum("E→E") + sum("I→E") + sum("E→I") + sum("I→I"),
    weights.filter((w) => w !== 0).length,
  );
  // Mean by hand.
  const { inhibitory } = network.layers[0];
  const values = [...weights].filter((w, at) =>
    w !== 0 && inhibitory[at % 60] && !inhibitory[Math.floor(at / 60)]
  );
  const mean = values.reduce((a, b) => a + b) / values.length;
  const inputs = values.reduce((a, b) => a + b) /
    inhibitory.filter((flag) => !flag).length;
  const { mean: found1, sd, input, density } = found.get("I→E")!;
  assert.ok(
    Math.abs(found1 - mean) < 1e-12 && Math.abs(input - inputs) < 1e-12,
  );
  assert.ok(sd > 0 && density > 0.1 && density < 0.3);
});

Deno.test("classConnections() keeps layers apart, and has one class without Dale", () => {
  const layers = createNetwork(
    { channels: 1, units: [20, 10] },
    randomStream(1),
  );
  const names = classConnections(layers).map(({ to, from }) =>
    `${from.layer}${from.class}→${to.layer}${to.class}`
  );
  assert.ok(names.includes("0E→1E") && names.includes("1I→1E"));
  assert.ok(!names.includes("1E→0E"));
  const free = createNetwork(
    { channels: 1, units: 20, dale: false },
    randomStream(1),
  );
  assert.deepEqual(classConnections(free).map(({ to }) => to.class), ["units"]);
});

Deno.test("unitConnections() has no ratio without inhibition", () => {
  const [unit] = unitConnections([0, 1, 0, 0], 2);
  assert.ok(Number.isNaN(unit.ratio) && unit.excitation === 1);
  assert.throws(() => unitConnections([1, 2], 2), /a matrix of 2 units has 4/);
});

Deno.test("reciprocity(): 1 for independent synapses, 0 where none is returned", () => {
  const units = 200;
  const random = randomStream(3);
  const weights = Float64Array.from(
    { length: units * units },
    (_, at) => random.uniform(at) < 0.2 ? 1 : 0,
  );
  const all = Array.from({ length: units }, (_, i) => i);
  assert.ok(Math.abs(reciprocity(weights, units, all).index - 1) < 0.06);
  const [a, b] = [all.slice(0, 100), all.slice(100)];
  assert.ok(Math.abs(reciprocity(weights, units, a, b).index - 1) < 0.08);
  const upper = weights.map((w, at) => at % units > at / units ? w : 0);
  assert.equal(reciprocity(upper, units, all).index, 0);
  const both = weights.map((_, at) =>
    weights[at] + weights[(at % units) * units + Math.floor(at / units)]
  );
  assert.equal(reciprocity(both, units, all).share, 1);
  assert.ok(Number.isNaN(reciprocity(new Float64Array(9), 3, [0, 1, 2]).index));
});

Deno.test("silentUnits() goes by the activation's range, over all trials", () => {
  const rates = [
    Float32Array.of(0, 0.9, 0, 0.9),
    Float32Array.of(0, 0, 1.2, 0),
  ];
  assert.deepEqual(silentUnits(rates, 2, "clipped_relu"), [0]);
  assert.deepEqual(silentUnits(rates, 2, "sigmoid"), []);
  assert.throws(() => silentUnits([], 2, "sigmoid"), /there is no trial/);
});
