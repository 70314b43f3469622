import assert from "node:assert/strict";
import * as fc from "fast-check";
import { createNetwork } from "../../lib/network/create.ts";
import { effectiveWeights } from "../../lib/network/effective.ts";
import { unitTypes } from "../../lib/network/geometry.ts";
import type { NetworkSettings } from "../../lib/network/settings.ts";
import { randomStream } from "../../lib/random/stream.ts";

const random = randomStream(1);

function make(settings: Partial<NetworkSettings> = {}, seed = 1) {
  return createNetwork(
    { channels: 1, units: 200, ...settings },
    randomStream(seed),
  );
}

/** Mean and standard deviation. */
function moments(values: ArrayLike<number>) {
  let [sum, squares] = [0, 0];
  for (let k = 0; k < values.length; k++) {
    sum += values[k];
    squares += values[k] ** 2;
  }
  const mean = sum / values.length;
  return { mean, sd: Math.sqrt(squares / values.length - mean ** 2) };
}

Deno.test("createNetwork() gives the paper's network by default", () => {
  const network = make();
  const [layer] = network.layers;
  assert.equal(network.activation, "sigmoid");
  assert.deepEqual(network.taus, [4, 20]);
  assert.ok(network.dale);
  assert.equal(layer.size, 200);
  assert.equal(network.readout.bias, 0);
  const present = layer.weights.filter((w) => w !== 0);
  const density = present.length / 40_000;
  assert.ok(Math.abs(density - 0.2) < 4 * Math.sqrt(0.16 / 40_000));
  // |N(0, 1)| has mean 0.798 and SD 0.603.
  const scale = 1.5 / Math.sqrt(200 * 0.2);
  const { mean, sd } = moments(present);
  assert.ok(Math.abs(mean / scale - 0.798) < 0.03);
  assert.ok(Math.abs(sd / scale - 0.603) < 0.03);
  assert.ok(present.every((w) => w > 0));
  const { excitatory, inhibitory } = unitTypes(layer);
  assert.equal(excitatory.length + inhibitory.length, 200);
  assert.ok(inhibitory.length > 20 && inhibitory.length < 64);
});

Deno.test("createNetwork() draws readout, input weights and logits as the paper", () => {
  const network = make({ units: 1000, connection: 0.01, channels: 3 });
  const readout = moments(network.readout.weights[0]);
  assert.ok(Math.abs(readout.sd - 0.01) < 0.001);
  const input = moments(network.inputs[0].weights);
  assert.equal(network.inputs[0].weights.length, 3000);
  assert.ok(Math.abs(input.mean) < 0.08 && Math.abs(input.sd - 1) < 0.06);
  const logits = moments(network.layers[0].tausGaus);
  assert.ok(Math.abs(logits.mean) < 0.13 && Math.abs(logits.sd - 1) < 0.1);
});

Deno.test("createNetwork() without Dale's principle has weights of both signs and no types", () => {
  const { layers: [layer] } = make({ dale: false });
  assert.ok(layer.inhibitory.every((flag) => flag === 0));
  const negative = layer.weights.filter((w) => w < 0).length;
  const positive = layer.weights.filter((w) => w > 0).length;
  assert.ok(Math.abs(negative / (negative + positive) - 0.5) < 0.05);
});

Deno.test("createNetwork() draws gamma(2, 0.003) weights, not scaled by gain", () => {
  const { layers: [layer] } = make({ weights: "gamma", gain: 9 });
  const { mean, sd } = moments(layer.weights.filter((w) => w !== 0));
  assert.ok(Math.abs(mean - 0.006) < 0.0003);
  assert.ok(Math.abs(sd - 0.003 * Math.SQRT2) < 0.0003);
});

Deno.test("createNetwork() lets no inhibitory unit project to an SST unit", () => {
  const network = make({ sst: 10 });
  const [layer] = network.layers;
  const { sst, inhibitory } = unitTypes(layer);
  assert.deepEqual(sst, inhibitory.slice(0, 10));
  const weights = effectiveWeights(network, 0);
  for (let i = 0; i < 200; i++) {
    for (let j = 0; j < 200; j++) {
      const cut = sst.includes(i) && inhibitory.includes(j);
      assert.equal(layer.mask[i * 200 + j], cut ? 0 : 1);
      if (cut) assert.equal(weights[i * 200 + j], 0);
    }
  }
});

Deno.test("createNetwork() balances expected excitation and inhibition when asked", () => {
  const network = make({ units: 400, inhibitoryScale: "balanced" });
  const weights = effectiveWeights(network, 0);
  let [excitation, inhibition] = [0, 0];
  for (const weight of weights) {
    if (weight > 0) excitation += weight;
    else inhibition -= weight;
  }
  assert.ok(Math.abs(excitation / inhibition - 1) < 0.1);
  const [twice] = make({ inhibitoryScale: 2 }).layers;
  const [once] = make().layers;
  once.weights.forEach((weight, k) => {
    const factor = once.inhibitory[k % 200] ? 2 : 1;
    assert.ok(Math.abs(twice.weights[k] - weight * factor) < 1e-6);
  });
});

Deno.test("createNetwork() connects layers by excitatory units, whose drive does not depend on size", () => {
  for (const size of [50, 400]) {
    const network = make({ units: [size, 30], betweenGain: 4 });
    const [{ from, to, weights, mask }] = network.between;
    assert.deepEqual([from, to], [0, 1]);
    const { inhibitory } = network.layers[0];
    let sum = 0;
    weights.forEach((weight, k) => {
      sum += weight;
      assert.ok(weight >= 0);
      if (inhibitory[k % size]) assert.equal(weight + mask![k], 0);
    });
    assert.ok(Math.abs(sum / 30 - 4) < 0.3, `drive ${sum / 30}`);
  }
  const all = make({ units: [50, 30], betweenFrom: "all" });
  assert.ok(all.between[0].mask!.every((flag) => flag === 1));
});

Deno.test("createNetwork() places input, readout and feedback as told", () => {
  const network = make({
    units: [20, 10, 15],
    feedback: 0.3,
    readout: "all",
    inputTo: "all",
  });
  assert.deepEqual(network.between.map(({ from, to }) => [from, to]), [
    [0, 1],
    [1, 2],
    [1, 0],
    [2, 1],
  ]);
  assert.deepEqual(network.readout.from, [0, 1, 2]);
  assert.deepEqual(network.inputs.map(({ to }) => to), [0, 1, 2]);
  const plain = make({ units: [20, 10] });
  assert.deepEqual(plain.readout.from, [1]);
  assert.deepEqual(plain.inputs.map(({ to }) => to), [0]);
});

Deno.test("createNetwork() depends on stream and settings alone", () => {
  fc.assert(
    fc.property(
      fc.nat(1000),
      fc.integer({ min: 1, max: 40 }),
      (seed, units) => {
        const settings = { channels: 2, units, sst: 0 };
        assert.deepEqual(
          createNetwork(settings, random.fork("same", seed)),
          createNetwork(settings, random.fork("same", seed)),
        );
      },
    ),
    { numRuns: 20 },
  );
  assert.notDeepEqual(make({}, 1), make({}, 2));
});

Deno.test("createNetwork() names a setting that is out of range", () => {
  const cases: [Partial<NetworkSettings>, RegExp][] = [
    [{ units: 0 }, /units is 0, allowed: a whole number from 1/],
    [{ units: [] }, /units is none/],
    [{ inhibitory: 1.2 }, /inhibitory is 1.2, allowed: numbers from 0 to 1/],
    [{ connection: 0 }, /connection is 0/],
    [{ taus: [20, 4] }, /taus is 20 4, allowed: one number or two ascending/],
    [{ taus: [0.5] }, /taus is \[0.5\], allowed: 1 to 2 numbers of 1 or more/],
    [{ gain: NaN }, /gain is NaN/],
    [{ activation: "tanh" as "sigmoid" }, /activation is tanh/],
    [{ units: 10, sst: 9 }, /9 SST units .* among the \d inhibitory/],
    [{ sst: 2, dale: false }, /sst is 2, allowed: 0 without Dale/],
    [{ channels: 0 }, /channels is 0/],
  ];
  for (const [settings, message] of cases) {
    assert.throws(() => make(settings), { name: "RangeError", message });
  }
  for (const [flag, option] of [["N", "units"], ["P_inh", "inhibitory"]]) {
    assert.throws(() => make({ [flag]: 0.5 }), {
      message: `Cannot make a network: ${flag} is the name of a flag, in the ` +
        `library it is ${option}`,
    });
  }
});
