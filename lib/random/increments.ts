/**
 * The noise of spiking units: increments whose moments are those of a standard
 * normal number up to the fifth, at a small part of its price. Four bits of a hash choose
 * one of sixteen numbers, so that one pcg4d serves 32 steps. Written out in float32,
 * operation for operation as the SIMD kernels do it.
 *
 * Source: P. E. Kloeden and E. Platen, "Numerical Solution of Stochastic
 * Differential Equations", 1992, section 14.1: weak convergence of the
 * Euler–Maruyama method asks for moments of its increments, not for their
 * distribution. What spiking networks make of them is measured in docs/how-it-works/noise.md.
 */
import { pcg4d } from "./normal.ts";

const { fround } = Math;

/**
 * Sizes of an increment, each as likely as the others and with either sign: whole
 * numbers of a byte whose fourth moment is 3 times the square of their second, to
 * 4·10⁻⁶ of it. The sixth is 12.3, where a normal number's is 15; the largest
 * increment is 2.14.
 */
export const incrementSizes: readonly number[] = [
  4,
  13,
  23,
  35,
  47,
  57,
  69,
  127,
];

/** By which the second moment becomes 1. */
export const incrementUnit: number = fround(
  1 / Math.sqrt(
    incrementSizes.reduce((sum, size) => sum + size * size, 0) /
      incrementSizes.length,
  ),
);

/** Factor of the last mixing of a word (MurmurHash3, public domain). */
export const mixFactor = 0x85ebca6b;

const words = new Int32Array(4);

/**
 * The four increments of one counter block: a unit's at steps 4·block …
 * 4·block + 3.
 *
 * @param amplitude their standard deviation
 * @param out float32 array that receives four numbers from index `at` on
 */
export function incrementBlock(
  unit: number,
  block: number,
  trial: number,
  key: number,
  amplitude: number,
  out: Float32Array,
  at = 0,
): void {
  const scale = fround(incrementUnit * fround(amplitude));
  pcg4d(unit, block >>> 3, trial, key, words);
  // Eight steps a word: the lower halves of its bytes, then the upper ones.
  const word = mixed(words[block >>> 1 & 3]) >>> 4 * (block & 1);
  for (let k = 0; k < 4; k++) {
    const bits = word >>> 8 * k & 15;
    const size = incrementSizes[bits & 7];
    out[at + k] = fround((bits < 8 ? size : -size) * scale);
  }
}

const one = new Float32Array(4);

/** A single increment, of standard deviation 1. */
export function increment(
  unit: number,
  step: number,
  trial: number,
  key: number,
): number {
  incrementBlock(unit, step >>> 2, trial, key, 1, one);
  return one[step & 3];
}

/** A word whose low bits are as good as its high ones, which pcg4d's are not. */
function mixed(word: number): number {
  const product = Math.imul(word ^ word >>> 16, mixFactor);
  return product ^ product >>> 13;
}
