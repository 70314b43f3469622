/** The score of trials that were run in two parts. */
import type { PopulationRates, Proportion, Score } from "../network/scores.ts";
import { wilson } from "./wilson.ts";

/**
 * Merges the scores of two parts of the trials. The result is the score of all
 * of them at once, except for the last digits of its means.
 *
 * @param first score of some trials, of equal durations
 * @param second score of others
 * @returns the score, with conditions in the order of the first, then those
 * only in the second
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mergeScores, summarise } from "@spikernn/spikernn/mapping";
 * const trial = { condition: "go", meanOutput: 0.9, finite: true, paper: true };
 * const right = summarise([{ ...trial, strict: true, outputError: 0.1 }], ["go"]);
 * const wrong = summarise([{ ...trial, strict: false, outputError: 0.7 }], ["go"]);
 * const { strict, outputError } = mergeScores(right, wrong);
 * assert(strict.correct === 1 && strict.trials === 2);
 * assert(Math.abs(outputError - 0.4) < 1e-12);
 * ```
 */
export function mergeScores(first: Score, second: Score): Score {
  const mean = meanOf(first.strict.trials, second.strict.trials);
  const rates = first.rates && second.rates;
  return {
    paper: both(first.paper, second.paper),
    strict: both(first.strict, second.strict),
    loss: mean(first.loss, second.loss),
    outputError: mean(first.outputError, second.outputError),
    conditions: [...first.conditions, ...second.conditions]
      .map(({ condition }) => condition)
      .filter((name, k, names) => names.indexOf(name) === k)
      .map((name) => mergeConditions(name, first, second)),
    ...(rates && { rates: mergeRates(first.rates!, rates, mean) }),
  };
}

type Condition = Score["conditions"][number];
type Mean = (first: number, second: number) => number;

/** Means of parts of so many trials, as the mean of all. */
function meanOf(first: number, second: number): Mean {
  return (a, b) => (a * first + b * second) / (first + second);
}

function both(first: Proportion, second: Proportion): Proportion {
  return wilson(
    first.correct + second.correct,
    first.trials + second.trials,
  );
}

function mergeConditions(name: string, ...scores: Score[]): Condition {
  const [first, second] = scores.flatMap(({ conditions }) =>
    conditions.filter(({ condition }) => condition === name)
  );
  if (!second) return first;
  const mean = meanOf(first.strict.trials, second.strict.trials);
  return {
    condition: name,
    paper: both(first.paper, second.paper),
    strict: both(first.strict, second.strict),
    outputError: mean(first.outputError, second.outputError),
    meanOutput: mean(first.meanOutput, second.meanOutput),
  };
}

function mergeRates(
  first: PopulationRates,
  second: PopulationRates,
  mean: Mean,
): PopulationRates {
  return {
    excitatory: mean(first.excitatory, second.excitatory),
    inhibitory: mean(first.inhibitory, second.inhibitory),
    sst: mean(first.sst, second.sst),
    pv: mean(first.pv, second.pv),
  };
}
