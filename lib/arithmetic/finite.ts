/** Finite numbers, asked for by a loop: a callback a number takes ten times as long. */

/**
 * Where numbers stop being finite.
 *
 * @param values any numbers
 * @returns the index of the first one that is NaN or infinite; -1 if none is
 */
export function firstNotFinite(values: ArrayLike<number>): number {
  for (let k = 0; k < values.length; k++) {
    if (!Number.isFinite(values[k])) return k;
  }
  return -1;
}

/** Whether all numbers are finite. */
export function allFinite(values: ArrayLike<number>): boolean {
  return firstNotFinite(values) < 0;
}
