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

/** Whether an evaluation meets the criteria. */
export function meets(
  { update, loss, performance, strict }: EvaluationRecord,
  criteria: Criteria,
): boolean {
  const lastTrial = update * criteria.batch - 1;
  return loss < criteria.loss &&
    (criteria.rule === "strict" ? strict : performance) >
      criteria.performance &&
    (criteria.trials === 0 || lastTrial > criteria.trials);
}
