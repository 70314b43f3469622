import assert from "node:assert/strict";
import { comparePaired, mcNemar } from "../../lib/simulate/paired.ts";

function trials(both: number, first: number, second: number, neither: number) {
  const rows = [
    ...Array(both).fill([true, true]),
    ...Array(first).fill([true, false]),
    ...Array(second).fill([false, true]),
    ...Array(neither).fill([false, false]),
  ] as [boolean, boolean][];
  return [rows.map(([a]) => a), rows.map(([, b]) => b)] as const;
}

Deno.test("mcNemar() is twice the binomial tail, at most 1", () => {
  // scipy.stats.binomtest(k, n, 0.5).pvalue
  const known = [[0, 0, 1], [0, 6, 0.03125], [2, 12, 0.012939453125], [
    5,
    5,
    1,
  ], [30, 10, 0.0022214337732293643]] as const;
  for (const [first, second, p] of known) {
    assert.ok(Math.abs(mcNemar(first, second) - p) < 1e-12, `${first}`);
    assert.equal(mcNemar(second, first), mcNemar(first, second));
  }
  const many = mcNemar(900, 1100);
  assert.ok(many > 0 && many < 1e-4, "no underflow");
});

Deno.test("comparePaired() has Newcombe's interval by method 10", () => {
  // Newcombe 1998, table III: 36, 12, 2, 0 and two tables of 0 cells.
  const [first, second] = trials(36, 2, 12, 0);
  const found = comparePaired(first, second);
  assert.deepEqual(
    [found.difference, found.low, found.high].map((x) => x.toFixed(4)),
    ["0.2000", "0.0569", "0.3404"],
  );
  const swapped = comparePaired(second, first);
  assert.ok(Math.abs(swapped.low + found.high) < 1e-12, "turned round");
  assert.equal(swapped.p, found.p);
  const same = comparePaired(...trials(50, 0, 0, 0));
  assert.deepEqual([same.difference, same.p], [0, 1]);
  assert.ok(same.low < 0 && same.high > 0);
});

Deno.test("comparePaired() refuses lists that do not belong together", () => {
  assert.throws(() => comparePaired([true], []), TypeError);
  assert.throws(() => comparePaired([], []), RangeError);
});
