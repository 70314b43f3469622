/**
 * A race between scaling factors: all run the same trials, step by step, and those
 * that can no longer be the best or on the plateau get no further ones.
 */
import {
  type PerformanceRule,
  performanceRules,
  type Score,
} from "../network/scores.ts";
import { wilson } from "../simulate/wilson.ts";
import { plateau, rank, type ScoredFactor } from "./selection.ts";

/** Trials of every factor before the first look, at least. */
const leastTrials = 8;

/** From one look to the next the trials grow by this. */
const growth = 1.5;

/**
 * Level of the interval that a factor is given up by. It is looked at some five
 * times, and a factor that is given up wrongly may have been the one to choose.
 */
const level = 0.99;

/**
 * After how many trials a race looks who is left: 8, 12, 18, 28, … up to all,
 * each in whole rounds of the task's conditions.
 *
 * @param trials of a factor that is never given up
 * @param conditions of the task, which take turns
 */
export function raceSteps(trials: number, conditions: number): number[] {
  const whole = (n: number) => Math.ceil(n / conditions) * conditions;
  const steps: number[] = [];
  for (let n = whole(leastTrials); n < trials; n = whole(growth * n)) {
    steps.push(n);
  }
  return [...steps, trials];
}

/**
 * The factors that may still be the best by the rule that chooses, or on the
 * plateau: those whose share of right trials is not surely smaller (by its 99 %
 * interval) than the lower end of another one's 95 % interval, which is where the
 * plateau begins. The plateau is one of the strict rule, which therefore counts
 * beside the paper's if that one chooses.
 *
 * @param tried factors with their scores so far, of any numbers of trials
 * @param select the rule that chooses
 * @returns the factors, in the order given
 */
export function stillRacing(
  tried: readonly ScoredFactor[],
  select: PerformanceRule,
): number[] {
  const limits = [...new Set([select, "strict"] as const)].map((rule) => ({
    rule,
    low: Math.max(...tried.map(({ score }) => score[rule].low)),
  }));
  return tried.filter(({ score }) =>
    limits.some(({ rule, low }) => highest(score, rule) >= low)
  ).map(({ factor }) => factor);
}

/**
 * The factors that a choice would rest on, as they stand: the best one by each
 * rule, and the plateau.
 *
 * @param tried factors with their scores so far, of any numbers of trials
 * @param rules that count. Defaults to both
 */
export function decisive(
  tried: readonly ScoredFactor[],
  rules: readonly PerformanceRule[] = performanceRules,
): Set<number> {
  const best = rules.flatMap((rule) => rank(tried, rule).slice(0, 1))
    .map(({ factor }) => factor);
  return new Set([...best, ...plateau(tried)]);
}

/** What a share of right trials may be at most. */
function highest(score: Score, rule: PerformanceRule): number {
  const { correct, trials } = score[rule];
  return wilson(correct, trials, level).high;
}
