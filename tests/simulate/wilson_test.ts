import assert from "node:assert/strict";
import fc from "fast-check";
import { wilson } from "../../lib/simulate/wilson.ts";

function near(actual: number, expected: number, tolerance: number) {
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `${actual} is not ${expected}`,
  );
}

Deno.test("wilson() gives the known intervals", () => {
  // Newcombe, Statistics in Medicine 17:857, 1998, table I, method 3.
  for (
    const [correct, trials, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ]
  ) {
    const interval = wilson(correct, trials);
    near(interval.low, low, 5e-5);
    near(interval.high, high, 5e-5);
  }
});

Deno.test("wilson() takes other levels", () => {
  // z = 1.6448536 and 2.5758293; at no success the upper bound is z²/(n + z²).
  near(wilson(0, 10, 0.9).high, 1.6448536 ** 2 / (10 + 1.6448536 ** 2), 1e-7);
  near(wilson(0, 10, 0.99).high, 2.5758293 ** 2 / (10 + 2.5758293 ** 2), 1e-7);
  near(wilson(3, 10, 0.95).low, wilson(3, 10, 0.95 + 1e-12).low, 1e-9);
});

Deno.test("wilson() holds the value, mirrors, and narrows with more trials", () => {
  const counts = fc.integer({ min: 1, max: 5000 }).chain((trials) =>
    fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials))
  );
  fc.assert(fc.property(counts, ([correct, trials]) => {
    const { value, low, high } = wilson(correct, trials);
    assert.ok(0 <= low && low <= value && value <= high && high <= 1);
    const mirrored = wilson(trials - correct, trials);
    near(mirrored.low, 1 - high, 1e-12);
    const more = wilson(4 * correct, 4 * trials);
    assert.ok(more.high - more.low < high - low);
  }));
});

Deno.test("wilson() knows nothing from no trials, and refuses nonsense", () => {
  assert.deepEqual(wilson(0, 0), {
    correct: 0,
    trials: 0,
    value: NaN,
    low: 0,
    high: 1,
  });
  for (const [correct, trials] of [[2, 1], [-1, 1], [0.5, 1], [NaN, 1]]) {
    assert.throws(() => wilson(correct, trials), RangeError);
  }
  for (const level of [0, 1, NaN]) {
    assert.throws(
      () => wilson(1, 2, level),
      /Cannot give an interval at level/,
    );
  }
});
