/** Two performances on the same trials, compared trial by trial. */
import { exp, log } from "../arithmetic/elementary.ts";
import { countOf } from "../count.ts";
import { wilson } from "./wilson.ts";

/**
 * Numbers of trials in which each of two networks was right, on the same
 * trials.
 */
export interface PairedCounts {
  /** Trials in which both were right. */
  readonly both: number;
  /** Trials in which only the first was right. */
  readonly first: number;
  /** Trials in which only the second was right. */
  readonly second: number;
  /** Trials in which neither was right. */
  readonly neither: number;
}

/** A paired comparison. */
export interface PairedDifference extends PairedCounts {
  /**
   * Share of trials in which the second is right less that of the first, -1 to
   * 1.
   */
  readonly difference: number;
  /** Lower end of the difference's 95 % interval. */
  readonly low: number;
  /** Upper end of the interval. */
  readonly high: number;
  /** Exact two-sided p of no difference. */
  readonly p: number;
}

/**
 * Compares two networks that ran the same trials: the difference of their shares
 * of right trials with its 95 % interval, and McNemar's exact p.
 *
 * Source: Q. McNemar, Psychometrika 12:153, 1947 (exact: binomial, two-sided);
 * R. G. Newcombe, Statistics in Medicine 17:2635, 1998, method 10.
 *
 * @param first whether the first network was right, trial by trial
 * @param second whether the second one was, in the same order
 * @returns counts, difference (second less first), interval and p; p is 1 if the
 *   two never differ
 * @throws {TypeError} for lists of different lengths
 * @throws {RangeError} for no trials
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { comparePaired } from "@spikernn/spikernn";
 * // The lesion turns 6 right trials of 10 into wrong ones, and none the other way.
 * const intact = Array<boolean>(10).fill(true);
 * const lesioned = intact.map((_, k) => k < 4);
 * const { difference, p } = comparePaired(intact, lesioned);
 * assert(Math.abs(difference + 0.6) < 1e-12);
 * assert(Math.abs(p - 2 * 0.5 ** 6) < 1e-12);
 * ```
 */
export function comparePaired(
  first: readonly boolean[],
  second: readonly boolean[],
): PairedDifference {
  if (first.length !== second.length) {
    throw new TypeError(
      `Cannot compare ${
        countOf(first.length, "trial")
      } with ${second.length}: both ` +
        "networks must run the same ones",
    );
  }
  if (first.length === 0) {
    throw new RangeError("Cannot compare two networks: there are no trials");
  }
  const counts = { both: 0, first: 0, second: 0, neither: 0 };
  first.forEach((right, k) => {
    if (right) counts[second[k] ? "both" : "first"]++;
    else counts[second[k] ? "second" : "neither"]++;
  });
  return {
    ...counts,
    ...newcombe(counts),
    p: mcNemar(counts.first, counts.second),
  };
}

/**
 * McNemar's exact two-sided p: how probable it is that of all trials in which
 * only one of two networks is right, so few or fewer fall to one of them, if
 * either is as probable.
 *
 * @param first trials that the first alone was right in
 * @param second trials that the second alone was right in
 */
export function mcNemar(first: number, second: number): number {
  const trials = first + second;
  const least = Math.min(first, second);
  // Logarithms, because the powers of a half underflow beyond 1,074 trials.
  let choose = 0;
  let p = 0;
  for (let k = 0; k <= least; k++) {
    p += exp(choose - trials * Math.LN2);
    choose += log((trials - k) / (k + 1));
  }
  return Math.min(1, 2 * p);
}

/** Newcombe's interval of a paired difference, from two Wilson intervals. */
function newcombe(
  { both, first, second, neither }: PairedCounts,
): Pick<PairedDifference, "difference" | "low" | "high"> {
  const trials = both + first + second + neither;
  const one = wilson(both + first, trials);
  const two = wilson(both + second, trials);
  const difference = two.value - one.value;
  const correlation = phi({ both, first, second, neither });
  const reach = (a: number, b: number) =>
    Math.sqrt(Math.max(0, a * a - 2 * correlation * a * b + b * b));
  return {
    difference,
    low: difference - reach(two.value - two.low, one.high - one.value),
    high: difference + reach(two.high - two.value, one.value - one.low),
  };
}

/** Correlation of the two, a positive one lessened for continuity. */
function phi({ both, first, second, neither }: PairedCounts): number {
  const margins = (both + first) * (second + neither) * (both + second) *
    (first + neither);
  if (margins === 0) return 0;
  const product = both * neither - first * second;
  const trials = both + first + second + neither;
  const numerator = product > 0 ? Math.max(0, product - trials / 2) : product;
  return numerator / Math.sqrt(margins);
}
