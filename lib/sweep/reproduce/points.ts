/** The networks of a figure, as points of a sweep. */
import { countOf } from "../../count.ts";
import { sweepPoints } from "../points.ts";
import type { Point } from "../types.ts";
import type { Condition, FigurePlan } from "./types.ts";

/** Trials of the final evaluation of every network. */
export const evaluationTrials = 100;

/** A condition's networks, to be made. */
export interface ConditionPoints {
  readonly condition: Condition;
  readonly points: readonly Point[];
}

/**
 * The points of a figure, by its conditions: networks of successive seeds.
 * The same network has the same name in every figure, so that figures that
 * share a folder share networks.
 *
 * @param plan of the figure
 * @param networks of each condition
 * @param firstSeed seed of the first network; defaults to 1
 * @throws {RangeError} for a number of networks that is not whole or below 1
 */
export function figurePoints(
  plan: FigurePlan,
  networks: number,
  firstSeed = 1,
): ConditionPoints[] {
  if (!(Number.isSafeInteger(networks) && networks > 0)) {
    throw new RangeError(
      `Cannot reproduce figure ${plan.figure} with ${
        countOf(networks, "network")
      } a ` +
        "condition: a whole number of 1 or more is needed",
    );
  }
  const seeds = Array.from({ length: networks }, (_, k) => firstSeed + k);
  return plan.conditions.map((condition) => {
    // Folders are named after these settings, whatever a figure varies.
    const { task, N, decay_taus, ...train } = condition.train;
    const points = sweepPoints({
      name: plan.figure,
      train,
      ...(condition.map && { map: condition.map }),
      trials: evaluationTrials,
      ...(plan.analyse && { analyse: plan.analyse, analysisFiles: true }),
      ...(plan.perturb && { perturb: plan.perturb }),
      grid: {},
      points: [{ task, N, decay_taus }],
      seeds,
    });
    return { condition, points };
  });
}

/**
 * All points of a figure in the order in which they are worth having: arm by
 * arm, the first network of every condition before the second of any.
 */
export function inTurn(byCondition: readonly ConditionPoints[]): Point[] {
  const arms = [...new Set(byCondition.map(({ condition }) => condition.arm))];
  const points = arms.flatMap((arm) =>
    armInTurn(byCondition.filter(({ condition }) => condition.arm === arm))
  );
  return [...new Map(points.map((point) => [point.id, point])).values()];
}

function armInTurn(byCondition: readonly ConditionPoints[]): Point[] {
  const longest = Math.max(
    0,
    ...byCondition.map(({ points }) => points.length),
  );
  return Array.from(
    { length: longest },
    (_, k) => byCondition.flatMap(({ points }) => points[k] ?? []),
  ).flat();
}
