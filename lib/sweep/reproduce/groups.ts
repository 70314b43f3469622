/** Results of a reproduction by the conditions of its plan. */
import { type ResultRow, resultsTable } from "../results.ts";
import { type GroupSummary, summariseSweep } from "../summary.ts";
import type { PointResult } from "../types.ts";
import type { Condition, FigurePlan } from "./types.ts";

/** A condition's networks. */
export interface ConditionResults {
  readonly condition: Condition;
  readonly results: readonly PointResult[];
}

/**
 * What the conditions of a plan differ in, by names of flags: for each of them
 * the value of every such setting, null if it has none.
 */
export function conditionSettings(
  { conditions }: Pick<FigurePlan, "conditions">,
): Record<string, unknown>[] {
  const all = conditions.map(({ train, map }) => ({ ...train, ...map }));
  const names = [...new Set(all.flatMap(Object.keys))].filter((name) =>
    new Set(all.map((settings) => JSON.stringify(valueOf(settings, name))))
      .size > 1
  );
  return all.map((settings) =>
    Object.fromEntries(names.map((name) => [name, valueOf(settings, name)]))
  );
}

function valueOf(settings: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(settings, name) ? settings[name] : null;
}

/**
 * A summary for every condition that has results, in the plan's order.
 *
 * What stands under the paper's rule is what the paper gives: performance in
 * the search itself at the factor that is best by that rule. Under the strict
 * rule stands the factor of the strict choice, on fresh trials.
 */
export function conditionGroups(
  byCondition: readonly ConditionResults[],
): GroupSummary[] {
  return byCondition.filter(({ results }) => results.length > 0)
    .map(({ condition, results }) =>
      summariseSweep(
        results.map((result) => ({
          ...asInPaper(result),
          varied: { condition: condition.label },
        })),
      )[0]
    );
}

function asInPaper(result: PointResult): PointResult {
  const { spiking } = result;
  return spiking
    ? {
      ...result,
      spiking: { ...spiking, paper: spiking.paperFactorPerformance },
    }
    : result;
}

/**
 * One row a network, conditions in the plan's order. The table is to be
 * published: what the machines are called is left out, and so are analyses,
 * which have tables of their own.
 */
export function conditionRows(
  plan: FigurePlan,
  byCondition: readonly ConditionResults[],
): ResultRow[] {
  const settings = conditionSettings(plan);
  return byCondition.flatMap(({ condition, results }, k) =>
    resultsTable(
      results.map(({ analyses: _, perturbations: __, ...result }) => ({
        ...result,
        varied: { condition: condition.label, ...settings[k] },
      })),
    ).map(({ host: _, ...row }) => row)
  );
}
