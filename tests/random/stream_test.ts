import {
  deepStrictEqual,
  notStrictEqual,
  ok,
  strictEqual,
  throws,
} from "node:assert/strict";
import fc from "fast-check";
import { randomStream, streamOfKey } from "../../lib/random/stream.ts";

const seed = fc.maxSafeNat();

Deno.test("randomStream() gives the same numbers for the same seed", () => {
  fc.assert(fc.property(seed, fc.nat(), fc.nat(), fc.nat(), (s, u, t, k) => {
    const one = randomStream(s), other = randomStream(s);
    strictEqual(one.normal(u, t, k), other.normal(u, t, k));
    strictEqual(one.uniform(u, t, k), other.uniform(u, t, k));
    strictEqual(one.fork("a", u).key, other.fork("a", u).key);
  }));
});

Deno.test("randomStream() takes every safe whole number and nothing else", () => {
  for (const s of [0, 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) randomStream(s);
  for (const s of [-1, 0.5, NaN, Infinity, 2 ** 53]) {
    throws(() => randomStream(s), RangeError);
  }
});

Deno.test("randomStream() tells apart seeds that share their lower 32 bits", () => {
  notStrictEqual(randomStream(1).key, randomStream(1 + 2 ** 32).key);
});

Deno.test("fork() depends on the parent, the purpose and the index", () => {
  const root = randomStream(7);
  const keys = new Set<number>();
  for (const parent of [root, randomStream(8), root.fork("a")]) {
    for (const purpose of ["", "a", "b", "ab", "ba", "a\0"]) {
      for (const index of [0, 1, 2, 2 ** 32, 2 ** 40]) {
        keys.add(parent.fork(purpose, index).key);
      }
    }
  }
  strictEqual(keys.size, 3 * 6 * 5);
  throws(() => root.fork("a", -1), RangeError);
  throws(() => root.fork("a", 0.5), RangeError);
});

Deno.test("fork() spreads keys evenly over many indices", () => {
  // 2^16 keys: collisions follow the birthday law, 0.5 expected.
  const root = randomStream(3);
  const keys = Array.from({ length: 65536 }, (_, i) => root.fork("t", i).key);
  ok(new Set(keys).size > 65536 - 6);
  const bins = new Uint32Array(256);
  for (const key of keys) bins[key >>> 24]++;
  const chi2 = bins.reduce((sum, n) => sum + (n - 256) ** 2 / 256, 0);
  ok(Math.abs(chi2 - 255) < 5 * Math.sqrt(2 * 255), `chi-square ${chi2}`);
});

Deno.test("streamOfKey() is the stream whose key it is given", () => {
  const stream = randomStream(11).fork("noise", 3);
  const again = streamOfKey(stream.key);
  strictEqual(again.normal(1, 2, 3), stream.normal(1, 2, 3));
  deepStrictEqual(again.fork("x").key, stream.fork("x").key);
});

Deno.test("uniform() is uniform on [0, 1) and unrelated to normal()", () => {
  const stream = randomStream(5);
  const n = 200_000;
  const bins = new Uint32Array(100);
  let product = 0;
  for (let i = 0; i < n; i++) {
    const u = stream.uniform(i % 200, Math.floor(i / 200));
    ok(u >= 0 && u < 1);
    bins[Math.floor(u * 100)]++;
    product += (u - 0.5) * stream.normal(i % 200, Math.floor(i / 200));
  }
  const chi2 = bins.reduce((s, k) => s + (k - n / 100) ** 2 / (n / 100), 0);
  ok(Math.abs(chi2 - 99) < 4 * Math.sqrt(198), `chi-square ${chi2}`);
  ok(Math.abs(product) / Math.sqrt(n / 12) < 4, `product ${product}`);
});
