import assert from "node:assert/strict";
import fc from "fast-check";
import type { Score } from "../../lib/network/scores.ts";
import {
  between,
  choose,
  plateau,
  rank,
  type ScoredFactor,
} from "../../lib/map/selection.ts";

function tried(
  factor: number,
  paper: number,
  strict: number,
  outputError: number,
  halfWidth = 0.05,
): ScoredFactor {
  const proportion = (value: number) => ({
    value,
    low: value - halfWidth,
    high: value + halfWidth,
  });
  const score = {
    paper: proportion(paper),
    strict: proportion(strict),
    outputError,
  };
  return { factor, score: score as unknown as Score };
}

// The shape of the original's Go-NoGo model: lenient at small factors.
const grid = [
  tried(20, 1, 0, 1.6),
  tried(40, 1, 0.9, 0.4),
  tried(45, 0.98, 0.96, 0.35),
  tried(50, 0.98, 0.93, 0.26),
  tried(55, 0.9, 0.5, 0.2),
];

Deno.test("plateau() holds the factors within the best one's interval", () => {
  assert.deepEqual(plateau(grid), [45, 50]);
  assert.deepEqual(plateau([]), []);
});

Deno.test("choose() takes the first of equals by the paper's rule", () => {
  assert.equal(choose(grid, "paper"), 20);
  assert.equal(choose(grid.toReversed(), "paper"), 40);
});

Deno.test("choose() takes the smallest error of the plateau by the strict rule", () => {
  assert.equal(choose(grid), 50);
});

Deno.test("choose() takes the smallest error where no factor works", () => {
  const none = [tried(20, 0, 0, 2), tried(25, 0, 0, 1), tried(30, 0, 0, 3)];
  assert.equal(choose(none), 25);
  assert.deepEqual(plateau(none), [], "what never works is no plateau");
});

Deno.test("choose() rejects nothing to choose from and unknown rules", () => {
  assert.throws(() => choose([]), RangeError);
  // deno-lint-ignore no-explicit-any
  assert.throws(() => choose(grid, "best" as any), {
    name: "RangeError",
    message: /allowed are strict, paper/,
  });
});

Deno.test("between() halves the way to the better neighbour", () => {
  assert.equal(between(grid), 47.5);
  assert.equal(between(grid, "paper"), 30);
  assert.equal(between([grid[0]]), undefined);
  assert.equal(between([]), undefined);
  // Order does not matter: neighbours are neighbours in size.
  assert.equal(between(grid.toReversed()), 47.5);
});

Deno.test("rank() puts the plateau first and loses no factor", () => {
  const scores = fc.uniqueArray(
    fc.record({
      factor: fc.integer({ min: 1, max: 99 }),
      paper: fc.integer({ min: 0, max: 20 }),
      strict: fc.integer({ min: 0, max: 20 }),
      error: fc.double({ min: 0, max: 5, noNaN: true }),
    }),
    { minLength: 1, maxLength: 12, selector: (s) => s.factor },
  );
  fc.assert(fc.property(scores, (list) => {
    const entries = list.map((s) =>
      tried(s.factor, s.paper / 20, s.strict / 20, s.error)
    );
    const ranked = rank(entries).map((entry) => entry.factor);
    const level = plateau(entries);
    assert.deepEqual(new Set(ranked.slice(0, level.length)), new Set(level));
    assert.equal(ranked.length, entries.length);
    const best = Math.max(...entries.map((e) => e.score.strict.value));
    for (const { factor, score } of entries) {
      if (best > 0 && score.strict.value === best) {
        assert.ok(level.includes(factor));
      }
    }
    // The plateau does not depend on the order of the trial.
    assert.deepEqual(new Set(plateau(entries.toReversed())), new Set(level));
    assert.equal(
      rank(entries.toReversed(), "paper")[0].score.paper.value,
      Math.max(...entries.map((e) => e.score.paper.value)),
    );
  }));
});
