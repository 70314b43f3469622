/** What can be drawn from a stream besides single numbers. */
import type { RandomStream } from "./stream.ts";

/**
 * A whole number from 0 to `below - 1`, all equally likely (to 2^-32·below).
 *
 * @param random stream
 * @param below number of values, a whole number from 1 to 2^32
 * @param unit counter of the stream; likewise `step` and `trial`
 * @throws {RangeError} for any other `below`
 */
export function integer(
  random: RandomStream,
  below: number,
  unit = 0,
  step = 0,
  trial = 0,
): number {
  if (!(Number.isInteger(below) && below >= 1 && below <= 2 ** 32)) {
    throw new RangeError(
      `Cannot draw a whole number below ${below}: ` +
        "allowed are whole numbers from 1 to 2^32",
    );
  }
  return Math.floor(random.uniform(unit, step, trial) * below);
}

/**
 * The numbers 0 … n - 1 in random order (Fisher and Yates); uses up the
 * stream's counters (0, 0) … (0, n).
 */
export function permutation(random: RandomStream, n: number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = integer(random, i + 1, 0, i);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/**
 * One of several values, all equally likely.
 *
 * @throws {RangeError} when there is none
 */
export function choice<T>(
  random: RandomStream,
  values: readonly T[],
  unit = 0,
  step = 0,
  trial = 0,
): T {
  if (values.length === 0) {
    throw new RangeError("Cannot choose at random: there are 0 values");
  }
  return values[integer(random, values.length, unit, step, trial)];
}
