/** Checks of arrays that a mapping takes over. */
import type { FloatArray } from "../network/types.ts";

/** @throws {TypeError} for another number of numbers */
export function checkLength(
  array: ArrayLike<number> | undefined,
  length: number,
  what: string,
): void {
  if (array?.length !== length) {
    throw new TypeError(
      `Cannot convert the network: the ${what} are ` +
        `${array ? array.length + " numbers" : "missing"}, ` +
        `${length} are needed`,
    );
  }
}

/**
 * @throws {TypeError} for another number of numbers
 * @throws {RangeError} for numbers that are not finite
 */
export function checkNumbers(
  numbers: FloatArray | undefined,
  length: number,
  what: string,
): void {
  checkLength(numbers, length, what);
  const bad = numbers!.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new RangeError(
      `Cannot convert the network: the ${what} hold ${numbers![bad]} at ` +
        `index ${bad}; a network whose training ended with finite weights ` +
        "is needed",
    );
  }
}
