import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import * as simd from "../../lib/kernels/normal/normal.wasm";
import { normalBlock } from "../../lib/kernels/normal/reference.ts";
import {
  cubicCoefficient,
  incrementBlock,
  linearCoefficient,
  meanOfBytes,
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

Deno.test("increment() has the second and fourth moment of a normal number exactly", () => {
  // The distribution of the sum of four bytes.
  let chances = [1];
  for (let byte = 0; byte < 4; byte++) {
    const next = new Array<number>(chances.length + 255).fill(0);
    chances.forEach((p, sum) => {
      for (let b = 0; b < 256; b++) next[sum + b] += p / 256;
    });
    chances = next;
  }
  const moment = (power: number) =>
    chances.reduce((total, p, sum) => {
      const d = sum - meanOfBytes;
      return total +
        p * (d * (linearCoefficient + cubicCoefficient * d * d)) ** power;
    }, 0);
  const close = (a: number, b: number) =>
    strictEqual(Math.abs(a - b) < 1e-6, true);
  close(moment(1), 0);
  close(moment(2), 1);
  close(moment(3), 0);
  close(moment(4), 3);
  close(moment(5), 0);
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
