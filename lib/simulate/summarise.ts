/** From trials to a score. */
import type { Score } from "../network/scores.ts";
import type { TrialScore } from "./score.ts";
import { wilson } from "./wilson.ts";

/** A trial's score, with its loss if there is one (rate networks). */
export interface TrialResult extends TrialScore {
  /** Loss over the whole trial. */
  readonly loss?: number;
}

/**
 * Summarises trials: proportions with 95 % intervals, errors and losses, over
 * all trials and by condition.
 *
 * @param results trials in any order
 * @param conditions the conditions in the order wanted; those that occur in no
 * trial are left out
 * @returns the score; its numbers are NaN without trials, and its `loss` is NaN
 * if a trial has none
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { summarise } from "@spikernn/spikernn/mapping";
 * const trial = { condition: "go", outputError: 0.1, meanOutput: 0.9, finite: true };
 * const score = summarise([
 *   { ...trial, paper: true, strict: true },
 *   { ...trial, paper: true, strict: false },
 * ], ["go", "nogo"]);
 * assert(score.paper.value === 1 && score.strict.value === 0.5);
 * ```
 */
export function summarise(
  results: readonly TrialResult[],
  conditions: readonly string[],
): Score {
  return {
    paper: proportion(results, "paper"),
    strict: proportion(results, "strict"),
    loss: mean(results, ({ loss }) => loss ?? NaN),
    outputError: mean(results, ({ outputError }) => outputError),
    conditions: conditions.flatMap((condition) => {
      const those = results.filter((result) => result.condition === condition);
      return those.length === 0 ? [] : [{
        condition,
        paper: proportion(those, "paper"),
        strict: proportion(those, "strict"),
        outputError: mean(those, ({ outputError }) => outputError),
        meanOutput: mean(those, ({ meanOutput }) => meanOutput),
      }];
    }),
  };
}

function proportion(
  results: readonly TrialResult[],
  rule: "paper" | "strict",
) {
  return wilson(
    results.filter((result) => result[rule]).length,
    results.length,
  );
}

function mean(
  results: readonly TrialResult[],
  value: (result: TrialResult) => number,
): number {
  return results.reduce((sum, result) => sum + value(result), 0) /
    results.length;
}
