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
