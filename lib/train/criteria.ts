/** When training goes on to stronger noise, and when it ends. */
import type { EvaluationRecord } from "../formats/types.ts";
import type { PerformanceRule } from "../evaluate/rules.ts";
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

/**
 * The levels of noise that training goes through: the next begins at an
 * evaluation that meets the criteria, and where they are met at the last one,
 * training is done.
 *
 * Where it stands follows from the evaluations, so that a run that goes on from
 * a checkpoint needs no more than those.
 */
export class NoiseLevels {
  readonly #levels: readonly number[];
  readonly #criteria: Criteria;
  #met = 0;
  #first: number | undefined;

  /**
   * @param levels multiples of the model's noise, one or more
   * @param criteria to be met
   * @param evaluations made before
   */
  constructor(
    levels: readonly number[],
    criteria: Criteria,
    evaluations: readonly EvaluationRecord[] = [],
  ) {
    this.#levels = levels;
    this.#criteria = criteria;
    for (const record of evaluations) this.take(record);
  }

  /** Takes the next evaluation; says whether it meets the criteria. */
  take(record: EvaluationRecord): boolean {
    if (!meets(record, this.#criteria)) return false;
    this.#met++;
    this.#first ??= record.update;
    return true;
  }

  /** Whether the criteria were met at every level. */
  get done(): boolean {
    return this.#met >= this.#levels.length;
  }

  /** Multiple of the model's noise that the next update is made with. */
  get level(): number {
    return this.#levels[Math.min(this.#met, this.#levels.length - 1)];
  }

  /** Updates before the evaluation that met the criteria first. */
  get firstMet(): number | undefined {
    return this.#first;
  }
}
