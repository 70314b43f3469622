import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { choice, integer, permutation } from "../../lib/random/draw.ts";
import { randomStream } from "../../lib/random/stream.ts";

Deno.test("integer() draws every value about equally often", () => {
  const random = randomStream(2);
  const counts = new Uint32Array(7);
  for (let i = 0; i < 70_000; i++) counts[integer(random, 7, i)]++;
  const chi2 = counts.reduce((s, n) => s + (n - 1e4) ** 2 / 1e4, 0);
  ok(chi2 < 22.5, `chi-square ${chi2}, 6 degrees of freedom`);
});

Deno.test("integer() refuses a bound that is no whole number above 0", () => {
  for (const below of [0, -1, 1.5, NaN, 2 ** 33]) {
    throws(() => integer(randomStream(0), below), RangeError);
  }
});

Deno.test("permutation() holds every index once", () => {
  fc.assert(fc.property(fc.maxSafeNat(), fc.nat({ max: 300 }), (seed, n) => {
    const order = permutation(randomStream(seed), n);
    deepStrictEqual(
      order.toSorted(),
      Uint32Array.from({ length: n }, (_, i) => i),
    );
  }));
});

Deno.test("permutation() gives every order of three about equally often", () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 12_000; seed++) {
    const order = permutation(randomStream(seed), 3).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  strictEqual(counts.size, 6);
  for (const n of counts.values()) ok(Math.abs(n - 2000) < 180, `${n} of 2000`);
});

Deno.test("choice() gives one of the values and refuses none", () => {
  const values = ["a", "b", "c"];
  ok(values.includes(choice(randomStream(1), values, 9)));
  throws(() => choice(randomStream(1), []), RangeError);
});
