/** Numbers that are finite, and the first that is not. */
import { equal } from "node:assert/strict";
import fc from "fast-check";
import { allFinite, firstNotFinite } from "../../lib/arithmetic/finite.ts";

Deno.test("firstNotFinite() is what a callback a number finds", () => {
  const number = fc.oneof(
    fc.double(),
    fc.constantFrom(NaN, Infinity, -Infinity, -0),
  );
  fc.assert(fc.property(fc.array(number), (values) => {
    const expected = values.findIndex((value) => !Number.isFinite(value));
    equal(firstNotFinite(values), expected);
    equal(firstNotFinite(Float64Array.from(values)), expected);
    equal(allFinite(values), expected < 0);
  }));
});

Deno.test("firstNotFinite() finds it wherever it is among single-precision numbers", () => {
  const largest = 2 ** 128 - 2 ** 104;
  for (let length = 0; length < 40; length++) {
    // Whose sums are far beyond single precision.
    const values = new Float32Array(length).fill(largest);
    equal(firstNotFinite(values), -1);
    for (let k = 0; k < length; k++) {
      for (const bad of [NaN, Infinity, -Infinity]) {
        const one = values.slice();
        one[k] = bad;
        equal(firstNotFinite(one), k);
        // Of opposite signs, which have no sum.
        one[length - 1] = -Infinity;
        equal(firstNotFinite(one), k);
      }
    }
  }
});
