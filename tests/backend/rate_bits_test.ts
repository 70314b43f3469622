/** The SIMD kernel agrees with the float32 reference bit for bit. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { openBackend } from "../../lib/backend/open.ts";
import { referenceSession } from "../../lib/backend/rate_reference.ts";
import type { RateParameters } from "../../lib/backend/types.ts";
import type { FloatArray } from "../../lib/network/types.ts";
import { caseShapes, randomNetwork, randomTrials } from "./rate_networks.ts";

/** Every number of a set of parameters, named. */
function flat(parameters: RateParameters): [string, FloatArray][] {
  const { weights, between, readout, tausGaus, bias } = parameters;
  return [
    ...weights.map((v, l): [string, FloatArray] => [`weights ${l}`, v]),
    ...between.map((v, l): [string, FloatArray] => [`between ${l}`, v]),
    ...readout.map((v, l): [string, FloatArray] => [`readout ${l}`, v]),
    ...tausGaus.map((v, l): [string, FloatArray] => [`tausGaus ${l}`, v]),
    ["bias", Float64Array.of(bias)],
  ];
}

function assertSame(what: string, found: FloatArray, expected: FloatArray) {
  assert.equal(found.length, expected.length, what);
  for (let k = 0; k < found.length; k++) {
    // Zeros may differ in sign, which no comparison can see.
    if (found[k] !== expected[k]) {
      assert.fail(`${what}[${k}]: ${found[k]}, expected ${expected[k]}`);
    }
  }
}

function assertSameParameters(
  what: string,
  found: RateParameters,
  expected: RateParameters,
) {
  const wanted = flat(expected);
  flat(found).forEach(([name, values], k) =>
    assertSame(`${what} ${name}`, values, wanted[k][1])
  );
}

Deno.test("simd gives the bits of the float32 reference", async () => {
  const backend = await openBackend({ name: "simd" });
  const shapes = fc.oneof(
    caseShapes({ layers: 1, units: 70, steps: 24, batch: 1 }),
    caseShapes({ layers: 1, units: 30, steps: 50, batch: 37 }),
    caseShapes({ layers: 3, units: 24, steps: 20, batch: 20 }),
    caseShapes({ layers: 3, units: 24, steps: 20, batch: 1 }),
  );
  await fc.assert(
    fc.asyncProperty(shapes, async (shape) => {
      const network = randomNetwork(shape);
      const trials = randomTrials(shape);
      const simd = await backend.open(network);
      const reference = referenceSession(network, { precision: "float32" });
      const record = { states: true, rates: true };
      const traces = await simd.run(trials, record);
      const expectedTraces = await reference.run(trials, record);
      traces.forEach((trace, b) => {
        const expected = expectedTraces[b];
        assertSame(`outputs ${b}`, trace.outputs, expected.outputs);
        assertSame(`states ${b}`, trace.states!, expected.states!);
        assertSame(`rates ${b}`, trace.rates!, expected.rates!);
      });
      const brief = await simd.run(trials);
      brief.forEach((trace, b) =>
        assertSame(`outputs alone ${b}`, trace.outputs, traces[b].outputs)
      );
      const found = await simd.gradient(trials, shape.loss);
      const expected = await reference.gradient(trials, shape.loss);
      assertSame("losses", found.losses, expected.losses);
      assertSameParameters("gradient", found.gradient, expected.gradient);
      found.traces.forEach((trace, b) =>
        assertSame(
          `outputs with gradient ${b}`,
          trace.outputs,
          traces[b].outputs,
        )
      );
      const adam = { learningRate: 0.03, clipNorm: 1 };
      for (let k = 0; k < 3; k++) {
        const a = await simd.update(trials, shape.loss, adam);
        const b = await reference.update(trials, shape.loss, adam);
        assert.deepEqual(a, b);
      }
      const [a, b] = [simd.optimiser(), reference.optimiser()];
      assertSameParameters("first moment", a.first, b.first);
      assertSameParameters("second moment", a.second, b.second);
      const after = await simd.gradient(trials, shape.loss);
      const expectedAfter = await reference.gradient(trials, shape.loss);
      assertSameParameters(
        "later gradient",
        after.gradient,
        expectedAfter.gradient,
      );
      simd.close();
    }),
    { numRuns: 60, seed: 20190611 },
  );
  backend.close();
});

const dying = {
  sizes: [40],
  steps: 25,
  batch: 1,
  channels: 1,
  activation: "sigmoid" as const,
  dale: true,
  fixedTau: false,
  loss: "l2" as const,
  density: 0.3,
  hasFeedback: false,
  readsAll: true,
  drivesAll: true,
  hasLossWeights: false,
  drawsNoise: true,
  seed: 31,
};

for (const batch of [1, 5]) {
  Deno.test(`simd keeps the reference's bits while synapses die, batch ${batch}`, async () => {
    const backend = await openBackend();
    const network = randomNetwork(dying);
    const trials = randomTrials({ ...dying, batch: 50 * batch });
    const simd = await backend.open(network);
    const reference = referenceSession(network, { precision: "float32" });
    const positive = () =>
      simd.network().layers[0].weights.filter((w) => w > 0).length;
    const before = positive();
    for (let k = 0; k < 50; k++) {
      const some = trials.slice(k * batch, (k + 1) * batch);
      const a = await simd.update(some, "l2", { learningRate: 0.2 });
      const b = await reference.update(some, "l2", { learningRate: 0.2 });
      assert.deepEqual(a, b, `update ${k}`);
    }
    assert.ok(positive() < 0.6 * before, `${positive()} of ${before} left`);
    const [a, b] = [simd.network(), reference.network()];
    assertSame("weights", a.layers[0].weights, b.layers[0].weights);
    assertSame("taus", a.layers[0].tausGaus, b.layers[0].tausGaus);
    simd.close();
    backend.close();
  });
}

Deno.test("simd takes drawn and given noise, and stimulation, in one batch", async () => {
  const backend = await openBackend();
  const network = randomNetwork(dying);
  const drawn = randomTrials({ ...dying, batch: 3 });
  const given = randomTrials({ ...dying, batch: 2, drawsNoise: false });
  const trials = [
    drawn[0],
    given[0],
    {
      ...drawn[1],
      stimulation: { units: [3, 7], from: 4, to: 9, amount: -2 },
    },
    given[1],
    { ...drawn[2], noise: { key: 9, trial: 1, scale: 3 } },
  ];
  const simd = await backend.open(network);
  const reference = referenceSession(network, { precision: "float32" });
  const found = await simd.gradient(trials, "l1");
  const expected = await reference.gradient(trials, "l1");
  assertSame("losses", found.losses, expected.losses);
  assertSameParameters("gradient", found.gradient, expected.gradient);
  backend.close();
});

Deno.test("a trial alone has the same bits in a session that trains batches", async () => {
  const backend = await openBackend();
  const shapes = caseShapes({ layers: 2, units: 30, steps: 20, batch: 5 })
    .map((shape) => ({ ...shape, batch: 5 }));
  const record = { states: true, rates: true };
  for (const shape of fc.sample(shapes, { numRuns: 12, seed: 20190613 })) {
    const trials = randomTrials(shape);
    const session = await backend.open(randomNetwork(shape));
    // The batch lays out the weights for trials side by side.
    await session.update(trials, shape.loss, { learningRate: 0.03 });
    const found = await session.run(trials.slice(1, 2), record);
    const fresh = await backend.open(session.network());
    assert.deepEqual(found, await fresh.run(trials.slice(1, 2), record));
    session.close();
    fresh.close();
  }
  backend.close();
});
