/**
 * All numbers at random come from here. A stream is a key, derived from a seed
 * and a chain of purposes; a number is a function of the key and a counter, so
 * it is the same on every backend, whatever the batch or the order of calls.
 */

/** A stream of random numbers, addressed by counters; it has no state. */
export interface RandomStream {
  /** What the kernels take, an unsigned 32-bit number. */
  readonly key: number;
  /** A stream for another purpose, independent of this one. */
  fork(purpose: string, index?: number): RandomStream;
  /** Standard normal number at a counter; the same as the kernels draw. */
  normal(unit?: number, step?: number, trial?: number): number;
  /** Uniform number in [0, 1) at a counter. */
  uniform(unit?: number, step?: number, trial?: number): number;
}
