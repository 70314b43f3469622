/** Means of networks compared, with intervals after Student. */
import { fisherTail } from "../../../analysis/distributions.ts";

/** A difference of means. */
export interface Comparison {
  /** Networks, or pairs of networks. */
  readonly n: number;
  /** Networks of the second group, if there are two. */
  readonly others?: number;
  /** Difference of the means; NaN if there is nothing to compare. */
  readonly difference: number;
  /** Lower end of its 95 % interval; NaN for too few networks. */
  readonly low: number;
  /** Its upper end. */
  readonly high: number;
  /** Two-sided p of no difference. */
  readonly p: number;
  /** The difference in standard deviations: Hedges' g, of pairs Cohen's d. */
  readonly effect: number;
}

/** Mean and the half-width of its 95 % interval. */
export interface MeanOf {
  readonly n: number;
  readonly mean: number;
  readonly sd: number;
  readonly low: number;
  readonly high: number;
}

/** Probability that Student's t is further from 0 than a value, on either side. */
export function studentTails(t: number, degrees: number): number {
  return fisherTail(t * t, 1, degrees);
}

/** The value that Student's t is beyond with probability 0.05, on either side. */
export function student975(degrees: number): number {
  let [low, high] = [0, 1];
  while (studentTails(high, degrees) > 0.05) high *= 2;
  for (let k = 0; k < 100; k++) {
    const middle = (low + high) / 2;
    if (studentTails(middle, degrees) > 0.05) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** A mean with Student's 95 % interval; NaN ends for fewer than two numbers. */
export function meanOf(values: readonly number[]): MeanOf {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const sd = n > 1 ? Math.sqrt(squares / (n - 1)) : NaN;
  const half = n > 1 ? student975(n - 1) * sd / Math.sqrt(n) : NaN;
  return { n, mean, sd, low: mean - half, high: mean + half };
}

/**
 * The mean of one group less that of another, variances unequal.
 *
 * Source: B. L. Welch, Biometrika 34:28, 1947; L. V. Hedges, J. Educ. Stat.
 * 6:107, 1981 (g: pooled standard deviation, corrected for small samples).
 */
export function compareGroups(
  first: readonly number[],
  second: readonly number[],
): Comparison {
  const [a, b] = [meanOf(first), meanOf(second)];
  const n = { n: a.n, others: b.n };
  const difference = a.mean - b.mean;
  if (a.n < 2 || b.n < 2) return { ...n, ...unknown, difference };
  const [u, v] = [a.sd ** 2 / a.n, b.sd ** 2 / b.n];
  const error = Math.sqrt(u + v);
  const degrees = (u + v) ** 2 / (u ** 2 / (a.n - 1) + v ** 2 / (b.n - 1));
  const free = a.n + b.n - 2;
  const pooled = Math.sqrt(
    ((a.n - 1) * a.sd ** 2 + (b.n - 1) * b.sd ** 2) / free,
  );
  return {
    ...n,
    ...tested(difference, error, degrees),
    effect: difference / pooled * (1 - 3 / (4 * free - 1)),
  };
}

/** The mean of changes, each within a network. */
export function compareWithin(changes: readonly number[]): Comparison {
  const { n, mean, sd } = meanOf(changes);
  if (n < 2) return { n, ...unknown, difference: mean };
  return {
    n,
    ...tested(mean, sd / Math.sqrt(n), n - 1),
    effect: mean / sd,
  };
}

const unknown = { low: NaN, high: NaN, p: NaN, effect: NaN };

/** If nothing varies there is nothing to doubt. */
function tested(difference: number, error: number, degrees: number) {
  if (error === 0) {
    const p = difference === 0 ? 1 : 0;
    return { difference, low: difference, high: difference, p };
  }
  const half = student975(degrees) * error;
  return {
    difference,
    low: difference - half,
    high: difference + half,
    p: studentTails(difference / error, degrees),
  };
}
