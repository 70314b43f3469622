import assert from "node:assert/strict";
import { median } from "../../lib/arithmetic/median.ts";
import { regress } from "../../lib/map/statistics.ts";

Deno.test("regress() finds the line through exact pairs", () => {
  const x = [0, 1, 2, 5];
  const { gain, offset, correlation } = regress(x, x.map((v) => 3 - 2 * v));
  assert.ok(Math.abs(gain + 2) < 1e-12);
  assert.ok(Math.abs(offset - 3) < 1e-12);
  assert.ok(Math.abs(correlation + 1) < 1e-12);
});

Deno.test("regress() agrees with a case worked by hand", () => {
  // Sums xx = 2, xy = 1, yy = 2 around the means 1 and 1.
  const { gain, offset, correlation } = regress([0, 1, 2], [1, 0, 2]);
  assert.equal(gain, 0.5);
  assert.equal(offset, 0.5);
  assert.equal(correlation, 0.5);
});

Deno.test("regress() has no slope over a constant", () => {
  const flat = regress([0.1, 0.1, 0.1], [1, 2, 3]);
  assert.ok(Number.isNaN(flat.gain) && Number.isNaN(flat.correlation));
  assert.equal(flat.offset, 2);
  const silent = regress([1, 2, 3], [0, 0, 0]);
  assert.equal(silent.gain, 0);
  assert.ok(Number.isNaN(silent.correlation));
  assert.throws(() => regress([1], [1]), TypeError);
  assert.throws(() => regress([1, 2], [1]), TypeError);
});

Deno.test("median() leaves NaN out", () => {
  assert.equal(median([3, NaN, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.ok(Number.isNaN(median([NaN])));
});
