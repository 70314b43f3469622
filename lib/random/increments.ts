/**
 * The noise of spiking units: increments whose moments are those of a standard
 * normal number up to the fifth, at less than half of its price. A word of pcg4d
 * is four bytes; their sum is nearly normal, but for its fourth moment, and an odd
 * polynomial of it puts that right. Written out in float32, operation for operation
 * as the SIMD kernels do it.
 *
 * Source: P. E. Kloeden and E. Platen, "Numerical Solution of Stochastic
 * Differential Equations", 1992, section 14.1: weak convergence of the
 * Euler–Maruyama method asks for moments of its increments, not for their
 * distribution. What spiking networks make of them is measured in docs/how-it-works/noise.md.
 */
import { pcg4d } from "./normal.ts";

const { fround } = Math;

/** Mean of the sum of four bytes. */
export const meanOfBytes = 510;

/**
 * An increment is d·(linear + cubic·d²), d the sum of four bytes less its mean:
 * the two for which its second moment is 1 and its fourth 3. The sixth is 14.46,
 * where a normal number's is 15; the largest increment is 4.04.
 */
export const linearCoefficient = fround(0.006421040612805976);
/** See {@linkcode linearCoefficient}. */
export const cubicCoefficient = fround(5.77395428332995e-9);

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
  const scale = fround(amplitude);
  const linear = fround(linearCoefficient * scale);
  const cubic = fround(cubicCoefficient * scale);
  pcg4d(unit, block, trial, key, words);
  for (let k = 0; k < 4; k++) {
    const d = sumOfBytes(words[k]) - meanOfBytes;
    const d2 = fround(d * d);
    out[at + k] = fround(d * fround(linear + fround(cubic * d2)));
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

function sumOfBytes(word: number): number {
  const pairs = (word & 0xff00ff) + (word >>> 8 & 0xff00ff);
  return (pairs & 0xffff) + (pairs >>> 16);
}
