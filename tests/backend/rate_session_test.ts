/** What every rate session promises, on each backend. */
import assert from "node:assert/strict";
import { openBackend } from "../../lib/backend/open.ts";
import { referenceSession } from "../../lib/backend/rate_reference.ts";
import type { RateSession, RateTrial } from "../../lib/backend/types.ts";
import type { RateNetwork } from "../../lib/network/types.ts";
import { randomNetwork, randomTrials } from "./rate_networks.ts";
import { parametersOf, withParameters } from "../../lib/backend/wiring.ts";
import { layerStages } from "../../lib/backend/stages.ts";
import { trialBlocks } from "../../lib/backend/blocks.ts";

const shape = {
  sizes: [13, 6],
  steps: 30,
  batch: 6,
  channels: 2,
  activation: "sigmoid" as const,
  dale: true,
  fixedTau: false,
  loss: "l2" as const,
  density: 0.5,
  hasFeedback: false,
  readsAll: true,
  drivesAll: false,
  hasLossWeights: false,
  drawsNoise: true,
  seed: 4,
};

const simd = await openBackend();
const opens: [string, (n: RateNetwork) => Promise<RateSession>][] = [
  ["simd", (network) => simd.open(network)],
  [
    "reference",
    (network) =>
      Promise.resolve(referenceSession(network, { precision: "float32" })),
  ],
];
const adam = { learningRate: 0.05 };

for (const [name, open] of opens) {
  Deno.test(`${name}: a trial's outputs do not depend on its neighbours`, async () => {
    const session = await open(randomNetwork(shape));
    const trials = randomTrials({ ...shape, batch: 21 });
    const together = await session.run(trials);
    for (const b of [0, 3, 15, 16, 20]) {
      const [alone] = await session.run([trials[b]]);
      assert.deepEqual(together[b].outputs, alone.outputs);
    }
  });

  Deno.test(`${name}: set() replaces the parameters and keeps the optimiser`, async () => {
    const [first, other] = [shape, { ...shape, seed: 5 }].map(randomNetwork);
    const trials = randomTrials(shape);
    const session = await open(first);
    await session.update(trials, "l2", adam);
    const state = session.optimiser();
    session.set(parametersOf(other));
    // Synapses that the first network lacks are there.
    const weights = (of: RateNetwork) => of.layers.map((l) => [...l.weights]);
    assert.deepEqual(weights(session.network()), weights(other));
    assert.deepEqual(session.optimiser(), state);
    const mixed = withParameters(first, parametersOf(other));
    const fresh = await open(mixed);
    assert.deepEqual(
      (await session.run(trials)).map(({ outputs }) => outputs),
      (await fresh.run(trials)).map(({ outputs }) => outputs),
    );
    const wrong = { ...parametersOf(other), weights: [new Float32Array(1)] };
    assert.throws(() => session.set(wrong), TypeError);
    await session.run(trials);
    session.close();
    fresh.close();
  });

  Deno.test(`${name}: trials of different lengths go together`, async () => {
    const session = await open(randomNetwork(shape));
    const short = randomTrials({ ...shape, steps: 17, batch: 2 });
    const long = randomTrials({ ...shape, steps: 31, batch: 2 });
    const mixed = [short[0], long[0], long[1], short[1]];
    const { losses, gradient } = await session.gradient(mixed, "l1");
    assert.equal(losses.length, 4);
    let bias = 0;
    for (const [b, trial] of mixed.entries()) {
      const one = await session.gradient([trial], "l1");
      assert.equal(losses[b], one.losses[0]);
      bias += one.gradient.bias / 4;
    }
    assert.ok(Math.abs(gradient.bias - bias) < 1e-5 * Math.abs(bias) + 1e-6);
  });

  Deno.test(`${name}: the gradient of a batch is that of the mean loss`, async () => {
    const session = await open(randomNetwork(shape));
    const trials = randomTrials(shape);
    const { gradient } = await session.gradient(trials, "l2");
    const sums = new Float64Array(gradient.weights[0].length);
    for (const trial of trials) {
      const one = await session.gradient([trial], "l2");
      one.gradient.weights[0].forEach((g, k) => sums[k] += g / trials.length);
    }
    const largest = sums.reduce((m, g) => Math.max(m, Math.abs(g)), 0);
    assert.ok(largest > 0);
    gradient.weights[0].forEach((g, k) =>
      assert.ok(Math.abs(g - sums[k]) < 1e-5 * largest)
    );
  });

  Deno.test(`${name}: absent and masked synapses never change`, async () => {
    const network = randomNetwork(shape);
    const session = await open(network);
    const trials = randomTrials(shape);
    for (let k = 0; k < 10; k++) await session.update(trials, "l2", adam);
    const after = session.network();
    let changed = 0;
    network.layers.forEach(({ weights, mask }, l) => {
      weights.forEach((w, e) => {
        const found = after.layers[l].weights[e];
        if (w <= 0 || mask[e] === 0) assert.equal(found, Math.fround(w));
        else changed += Number(found !== Math.fround(w));
      });
    });
    network.between.forEach(({ weights, mask }, p) => {
      weights.forEach((w, e) => {
        const found = after.between[p].weights[e];
        if (w <= 0 || mask![e] === 0) assert.equal(found, Math.fround(w));
        else changed += Number(found !== Math.fround(w));
      });
    });
    assert.ok(changed > 50);
  });

  Deno.test(`${name}: a session goes on from a saved network and optimiser`, async () => {
    const trials = randomTrials(shape);
    const one = await open(randomNetwork(shape));
    for (let k = 0; k < 12; k++) await one.update(trials, "l2", adam);
    const two = await open(one.network());
    two.restore(one.optimiser());
    for (let k = 0; k < 5; k++) {
      const a = await one.update(trials.slice(k), "l2", adam);
      const b = await two.update(trials.slice(k), "l2", adam);
      assert.deepEqual(a, b);
    }
    assert.deepEqual(one.network(), two.network());
    assert.deepEqual(one.optimiser(), two.optimiser());
  });

  Deno.test(`${name}: stimulation moves the chosen units in its window`, async () => {
    const session = await open(randomNetwork(shape));
    const [plain] = randomTrials(shape);
    const stimulated: RateTrial = {
      ...plain,
      stimulation: { units: [2, 14], from: 8, to: 11, amount: 3 },
    };
    const record = { states: true };
    const [a, b] = await session.run([plain, stimulated], record);
    const [alone] = await session.run([stimulated], record);
    assert.deepEqual(b.states, alone.states);
    const moved = (unit: number, step: number) =>
      b.states![unit * shape.steps + step] -
      a.states![unit * shape.steps + step];
    for (let unit = 0; unit < 19; unit++) {
      for (let t = 0; t < 8; t++) assert.equal(moved(unit, t), 0);
    }
    assert.ok(Math.abs(moved(2, 8) - 3) < 1e-5);
    assert.ok(Math.abs(moved(14, 8) - 3) < 1e-5);
    assert.ok(moved(2, 10) > 5);
    assert.equal(moved(5, 8), 0);
  });

  Deno.test(`${name}: a perfect output has no loss and no gradient`, async () => {
    const network = randomNetwork(shape);
    const still = {
      ...network,
      readout: {
        ...network.readout,
        weights: network.readout.weights.map((w) => w.map(() => 0)),
        bias: 0.5,
      },
    };
    const session = await open(still);
    const trials = randomTrials(shape).map((trial) => ({
      ...trial,
      target: new Float32Array(trial.steps).fill(0.5),
    }));
    for (const some of [trials, trials.slice(0, 1)]) {
      const { losses, gradient } = await session.gradient(some, "l2");
      assert.ok(losses.every((loss) => loss === 0));
      assert.equal(gradient.bias, 0);
      assert.ok(gradient.readout[0].every((g) => g === 0));
    }
  });

  Deno.test(`${name}: the loss weights weigh the outputs`, async () => {
    const session = await open(randomNetwork(shape));
    const trials = randomTrials(shape).map((trial) => ({
      ...trial,
      lossWeights: Float32Array.from(
        { length: trial.steps - 1 },
        (_, k) => Number(k >= 20),
      ),
    }));
    const { losses, traces } = await session.gradient(trials, "l1");
    traces.forEach(({ outputs }, b) => {
      let sum = 0;
      for (let k = 20; k < outputs.length; k++) {
        sum += Math.abs(outputs[k] - trials[b].target![k]);
      }
      assert.ok(Math.abs(losses[b] - sum) < 1e-5 * sum);
    });
  });

  Deno.test(`${name}: scale 0 switches the noise off`, async () => {
    const session = await open(randomNetwork(shape));
    const [trial] = randomTrials(shape);
    const quiet = (key: number) => ({
      ...trial,
      noise: { key, trial: 3, scale: 0 },
    });
    const [a, b] = await session.run([quiet(1), quiet(2)]);
    assert.deepEqual(a, b);
  });

  Deno.test(`${name}: wrong arguments are refused`, async () => {
    const network = randomNetwork(shape);
    const [trial] = randomTrials(shape);
    const session = await open(network);
    await assert.rejects(session.run([]), TypeError);
    await assert.rejects(
      session.run([{ ...trial, inputs: new Float32Array(3) }]),
      /inputs of trial 0 has 3 numbers, expected 60/,
    );
    await assert.rejects(
      session.update([{ ...trial, target: undefined }], "l2", adam),
      /target of trial 0/,
    );
    await assert.rejects(
      session.update([trial], "l2", { learningRate: -1 }),
      /learning rate is -1/,
    );
    assert.throws(
      () =>
        referenceSession({ ...network, taus: [0.5] }, { precision: "float64" }),
      /0\.5 steps/,
    );
    session.close();
    await assert.rejects(session.run([trial]), /closed/);
  });
}

Deno.test("layerStages() puts sources first and cycles together", () => {
  assert.deepEqual(layerStages(3, [[0, 1], [1, 2]]), [[0], [1], [2]]);
  assert.deepEqual(layerStages(3, [[2, 1], [1, 0]]), [[2], [1], [0]]);
  assert.deepEqual(layerStages(3, [[0, 1], [1, 2], [2, 1]]), [[0], [1, 2]]);
  assert.deepEqual(layerStages(4, [[0, 2], [2, 0], [2, 1]]), [
    [0, 2],
    [1],
    [3],
  ]);
});

Deno.test("trialBlocks() groups trials of equal length in order", () => {
  const of = (steps: number[]) =>
    trialBlocks(
      steps.map((n) => ({
        steps: n,
        inputs: new Float32Array(n),
        noise: { key: 1, trial: 1 },
      })),
      10,
    ).map(({ from, trials, width }) => [from, trials.length, width]);
  assert.deepEqual(of([9]), [[0, 1, 1]]);
  assert.deepEqual(of([9, 9, 9]), [[0, 3, 4]]);
  assert.deepEqual(of(new Array(37).fill(9)), [
    [0, 16, 16],
    [16, 16, 16],
    [32, 4, 4],
    [36, 1, 1],
  ]);
  assert.deepEqual(of(new Array(13).fill(9)), [[0, 13, 16]]);
  assert.deepEqual(of([9, 9, 8, 8]), [[0, 2, 4], [2, 2, 4]]);
});
