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
