import assert from "node:assert/strict";
import {
  classConnections,
  reciprocity,
  unitConnections,
} from "../../lib/analysis/weights.ts";
import { silentUnits } from "../../lib/analysis/silent.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { allEffectiveWeights } from "../../lib/network/effective.ts";
import { spikingParameters } from "../../lib/network/spiking_parameters.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { finished } from "../../lib/records/finished.ts";
import { analyse } from "../../lib/runs/analyse/analyse.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { getTask } from "../../lib/tasks/registry.ts";

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
  assert.deepEqual(silentUnits(rates, 2, "lif"), []);
  assert.throws(() => silentUnits([], 2, "sigmoid"), /there is no trial/);
});

Deno.test("analyse weights: a spiking network's are those that it runs with, calibrated", async () => {
  const network = createNetwork({ channels: 1, units: 20 }, randomStream(1));
  const { inhibitory } = network.layers[0];
  // Units that inhibit get half of their input, and their synapses are doubled.
  const gain = Float64Array.from(inhibitory, (flag) => flag ? 0.5 : 1);
  const recurrent = [
    Float64Array.from({ length: 400 }, (_, k) => inhibitory[k % 20] ? 2 : 1),
  ];
  const twin = convert(network, {
    scalingFactor: 40,
    calibration: {
      units: { gain, bias: new Float64Array(20) },
      synapses: { recurrent, between: [] },
    },
  });
  const { results: { weights: { scalars, tables, arrays } } } = await finished(
    analyse({ model: { network }, task: getTask("go-nogo"), twin }, {
      analyses: ["weights"],
      seed: 1,
    }),
  );
  const mean = (of: string, spiking: boolean) =>
    scalars.find((one) =>
      one.name === "mean_weight" && one.of === of &&
      (one.network === "spiking") === spiking
    )!.value;
  const factors = { "E to E": 1, "I to E": 2, "E to I": 0.5, "I to I": 1 };
  for (const [of, by] of Object.entries(factors)) {
    const ratio = mean(of, true) / mean(of, false) * 40;
    assert.ok(Math.abs(ratio - by) < 1e-12, `${of}: ${ratio}`);
  }
  assert.deepEqual(
    arrays.spiking_weights.data,
    spikingParameters(twin).weights,
  );
  assert.ok(tables.some(({ name }) => name === "spiking_classes"));
});

Deno.test("classConnections() of other weights than the network's own", () => {
  const layers = createNetwork(
    { channels: 1, units: [20, 10] },
    randomStream(1),
  );
  const own = allEffectiveWeights(layers);
  const halves = classConnections(layers, own.map((weight) => weight / 2));
  const whole = classConnections(layers);
  assert.ok(whole.some(({ to, from }) => to.layer > from.layer));
  whole.forEach(({ mean, synapses }, k) => {
    assert.equal(halves[k].synapses, synapses);
    assert.ok(synapses === 0 || Math.abs(halves[k].mean * 2 - mean) < 1e-12);
  });
  assert.throws(() => classConnections(layers, [1, 2]), /30 units has 900/);
});
