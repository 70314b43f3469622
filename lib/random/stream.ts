/**
 * All random numbers come from here. A stream is a key, derived from a seed
 * and a chain of purposes; a number is a function of the key and a counter, so
 * it is the same on every backend, whatever the batch or the order of calls.
 */
import { extend, keyOfSeed } from "./key.ts";
import { normalBlock, pcg4d } from "./normal.ts";

/** A stream of random numbers, addressed by counters; it has no state. */
export interface RandomStream {
  /** Key for the kernels, an unsigned 32-bit number. */
  readonly key: number;
  /** A stream for another purpose, independent of this one. */
  fork(purpose: string, index?: number): RandomStream;
  /** Standard normal number at a counter; the same as the kernels draw. */
  normal(unit?: number, step?: number, trial?: number): number;
  /** Uniform number in [0, 1) at a counter. */
  uniform(unit?: number, step?: number, trial?: number): number;
}

/**
 * Separates the words of `uniform` from those of `normal`: a kernel that draws
 * uniform numbers uses the key XOR this.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { uniformSalt } from "@spikernn/spikernn/tasks";
 * assert(Number.isInteger(uniformSalt));
 * ```
 */
export const uniformSalt = 0x5bd1e995;

const block = new Float32Array(4);
const words = new Int32Array(4);

/**
 * The stream with a given key: kernels and trials are handed keys, not streams.
 *
 * @param key from `RandomStream.key`, an unsigned 32-bit number
 * @returns the stream
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { randomStream, streamOfKey } from "@spikernn/spikernn";
 * const noise = randomStream(1).fork("noise");
 * assert(streamOfKey(noise.key).normal(3) === noise.normal(3));
 * ```
 */
export function streamOfKey(key: number): RandomStream {
  return {
    key: key >>> 0,
    fork: (purpose, index = 0) => streamOfKey(extend(key, purpose, index)),
    normal(unit = 0, step = 0, trial = 0) {
      normalBlock(unit, step >>> 2, trial, key, block);
      return block[step & 3];
    },
    uniform(unit = 0, step = 0, trial = 0) {
      pcg4d(unit, step >>> 2, trial, key ^ uniformSalt, words);
      return (words[step & 3] >>> 0) / 0x1_0000_0000;
    },
  };
}

/**
 * Opens the stream of a seed. Counters (unit, step, trial) are taken modulo
 * 2^32; normal numbers have single precision, uniform ones are multiples of
 * 2^-32. docs/how-it-works/noise.md says how they are made and tested.
 *
 * @param seed a whole number from 0 to 2^53 - 1
 * @returns the stream
 * @throws {RangeError} for any other seed
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { randomStream } from "@spikernn/spikernn";
 * const random = randomStream(1);
 * const noise = random.fork("noise");
 * // The same counter gives the same number, in any order of calls.
 * assert(noise.normal(3, 100) === noise.normal(3, 100));
 * assert(noise.normal(3, 100) !== random.normal(3, 100));
 * ```
 */
export function randomStream(seed: number): RandomStream {
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new RangeError(
      `Cannot open a random stream: seed ${seed}, ` +
        `allowed are whole numbers from 0 to ${Number.MAX_SAFE_INTEGER}`,
    );
  }
  return streamOfKey(keyOfSeed(seed));
}
