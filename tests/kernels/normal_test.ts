import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import * as simd from "../../lib/kernels/normal/normal.wasm";
import { normalBlock } from "../../lib/kernels/normal/reference.ts";
import {
  incrementBlock,
  incrementSizes,
  incrementUnit,
} from "../../lib/random/increments.ts";

const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const start = simd.heapBase();

/** Bits, so that NaN and -0 count as what they are. */
function bitsOf(numbers: Float32Array): Uint32Array {
  return new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
}

Deno.test("unitsInLanes() is bit for bit the scalar reference", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      uint32,
      uint32,
      uint32,
      (units, block, trial, key) => {
        simd.unitsInLanes(start, units, block, trial, key);
        const got = new Float32Array(simd.memory.buffer, start, units * 16);
        const four = new Float32Array(4);
        for (let unit = 0; unit < units; unit++) {
          normalBlock(unit, block, trial, key, four);
          const at = (unit >> 2) * 16 + (unit & 3);
          const lanes = Float32Array.from(four, (_, k) => got[at + 4 * k]);
          deepStrictEqual(bitsOf(lanes), bitsOf(four));
        }
      },
    ),
  );
});

Deno.test("trialsInLanes() is bit for bit the scalar reference", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      uint32,
      uint32,
      uint32,
      (units, block, trial, key) => {
        simd.trialsInLanes(start, units, block, trial, key);
        const got = new Float32Array(simd.memory.buffer, start, units * 16);
        const four = new Float32Array(4);
        for (let unit = 0; unit < units; unit++) {
          for (let lane = 0; lane < 4; lane++) {
            normalBlock(unit, block, trial + lane, key, four);
            const at = unit * 16 + lane;
            const lanes = Float32Array.from(four, (_, k) => got[at + 4 * k]);
            deepStrictEqual(bitsOf(lanes), bitsOf(four));
          }
        }
      },
    ),
  );
});

Deno.test("incrementsInLanes() is bit for bit the scalar reference", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      uint32,
      uint32,
      uint32,
      fc.float({ noNaN: true, min: 0, max: 10 }),
      (units, block, trial, key, amplitude) => {
        simd.incrementsInLanes(start, units, block, trial, key, amplitude);
        const got = new Float32Array(simd.memory.buffer, start, units * 16);
        const four = new Float32Array(4);
        for (let unit = 0; unit < units; unit++) {
          incrementBlock(unit, block, trial, key, amplitude, four);
          const at = (unit >> 2) * 16 + (unit & 3);
          const lanes = Float32Array.from(four, (_, k) => got[at + 4 * k]);
          deepStrictEqual(bitsOf(lanes), bitsOf(four));
        }
      },
    ),
  );
});

Deno.test("increments have the second and fourth moment of a normal number", () => {
  const moment = (power: number) =>
    incrementSizes.reduce(
      (sum, size) => sum + (incrementUnit * size) ** power / 8,
      0,
    );
  ok(Math.abs(moment(2) - 1) < 1e-7);
  ok(Math.abs(moment(4) - 3) < 2e-5);
});

Deno.test("each increment and its negative come as often as the others", () => {
  const counts = new Map<number, number>();
  const four = new Float32Array(4);
  const blocks = 40_000;
  for (let block = 0; block < blocks; block++) {
    incrementBlock(block % 100, Math.floor(block / 100), 3, 4, 1, four);
    for (const x of four) counts.set(x, (counts.get(x) ?? 0) + 1);
  }
  const sizes = incrementSizes.map((size) => Math.fround(size * incrementUnit));
  const all = [...sizes, ...sizes.map((size) => -size)];
  deepStrictEqual(
    [...counts.keys()].sort((a, b) => a - b),
    all.sort((a, b) => a - b),
  );
  const expected = 4 * blocks / 16;
  for (const [value, count] of counts) {
    const sigmas = (count - expected) / Math.sqrt(expected * 15 / 16);
    ok(Math.abs(sigmas) < 4.5, `${value}: ${count}, ${sigmas} standard errors`);
  }
});

Deno.test("normalBlock() gives finite numbers for the rarest words", () => {
  // A radius word of 0 is the far end of the tail, 0x7fffffff its middle.
  const four = new Float32Array(4);
  let largest = 0;
  for (let unit = 0; unit < 300_000; unit++) {
    normalBlock(unit, 7, 1, 2, four);
    for (const x of four) largest = Math.max(largest, Math.abs(x));
    strictEqual(four.every(Number.isFinite), true);
  }
  strictEqual(largest < Math.sqrt(2 * 32 * Math.LN2) + 1e-3, true);
});
