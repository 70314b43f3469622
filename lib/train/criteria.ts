/** What an evaluation must meet for training to go on to its next stage, or to end. */
import type { EvaluationRecord } from "../network/records.ts";
import type { PerformanceRule } from "../network/scores.ts";
import type { StoppingRule } from "../tasks/types.ts";

/** What has to be met. */
export interface Criteria extends StoppingRule {
  /** The rule whose performance counts. */
  readonly rule: PerformanceRule;
  /** Trials of an update. */
  readonly batch: number;
}

/** The performance that counts. */
export function performanceOf(
  { performance, strict }: EvaluationRecord,
  { rule }: Pick<Criteria, "rule">,
): number {
  return rule === "strict" ? strict : performance;
}

/** Whether an evaluation meets the criteria. */
export function meets(record: EvaluationRecord, criteria: Criteria): boolean {
  const { update, loss } = record;
  const lastTrial = update * criteria.batch - 1;
  return loss < criteria.loss &&
    performanceOf(record, criteria) > criteria.performance &&
    (criteria.trials === 0 || lastTrial > criteria.trials);
}
