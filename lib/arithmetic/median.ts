/** The middle of numbers. */

/** Median of numbers, NaN ones left out; NaN if none is left. */
export function median(numbers: ArrayLike<number>): number {
  const sorted = Float64Array.from(numbers).filter((x) => !Number.isNaN(x))
    .sort();
  if (sorted.length === 0) return NaN;
  const middle = sorted.length >> 1;
  return sorted.length % 2
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}
