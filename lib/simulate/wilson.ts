/** Interval of a proportion. */
import { exp } from "../arithmetic/elementary.ts";
import { countOf } from "../count.ts";
import type { Proportion } from "../network/scores.ts";

/**
 * A proportion with its Wilson interval, which stays inside [0, 1] and is
 * accurate near its ends, where the performance of trained networks lies.
 *
 * Source: E. B. Wilson, J. Am. Stat. Assoc. 22:209, 1927.
 *
 * @param correct number of correct trials
 * @param trials number of trials
 * @param level confidence level. Defaults to 0.95
 * @returns the proportion; NaN with the interval [0, 1] for no trials
 * @throws {RangeError} for counts that are not whole, more correct ones than
 * there are, or a level outside (0, 1)
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { wilson } from "@spikernn/spikernn";
 * const { value, low, high } = wilson(95, 100);
 * assert(value === 0.95 && low.toFixed(3) === "0.888");
 * assert(high.toFixed(3) === "0.978");
 * ```
 */
export function wilson(
  correct: number,
  trials: number,
  level = 0.95,
): Proportion {
  if (
    !(Number.isInteger(correct) && Number.isInteger(trials) &&
      correct >= 0 && correct <= trials)
  ) {
    throw new RangeError(
      `Cannot give the proportion of ${correct} in ${
        countOf(trials, "trial")
      }: whole ` +
        "numbers are needed, the first at most the second",
    );
  }
  if (!(level > 0 && level < 1)) {
    throw new RangeError(
      `Cannot give an interval at level ${level}: allowed is (0, 1)`,
    );
  }
  if (trials === 0) return { correct, trials, value: NaN, low: 0, high: 1 };
  const value = correct / trials;
  const z = normalQuantile((1 + level) / 2);
  const spread = z * z / trials;
  const centre = value + spread / 2;
  const half = z *
    Math.sqrt(value * (1 - value) / trials + spread / trials / 4);
  return {
    correct,
    trials,
    value,
    // At the ends rounding must not push a bound past the value.
    low: correct === 0 ? 0 : (centre - half) / (1 + spread),
    high: correct === trials ? 1 : (centre + half) / (1 + spread),
  };
}

/** z with P(Z < z) = p for a standard normal Z and p from 0.5 to 1, by bisection. */
function normalQuantile(p: number): number {
  let [low, high] = [0, 9];
  for (let halvings = 0; halvings < 60; halvings++) {
    const middle = (low + high) / 2;
    if (normalCumulative(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(Z < z) for z from 0 to 9, by its power series: phi(z)·(z + z³/3 + z⁵/15 + …). */
function normalCumulative(z: number): number {
  let term = z;
  let sum = z;
  for (let n = 3; term > 1e-17 * sum; n += 2) {
    term *= z * z / n;
    sum += term;
  }
  return 0.5 + sum * exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
}
