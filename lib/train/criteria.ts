/** When training goes on to stronger noise, and when it ends. */
import type { EvaluationRecord } from "../formats/types.ts";
import type { StoppingRule } from "../tasks/types.ts";

/** Whether an evaluation meets the stopping rule. */
export function meets(
  { update, loss, performance }: EvaluationRecord,
  rule: StoppingRule,
  batch: number,
): boolean {
  const lastTrial = update * batch - 1;
  return loss < rule.loss && performance > rule.performance &&
    (rule.trials === 0 || lastTrial > rule.trials);
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
  readonly #rule: StoppingRule;
  readonly #batch: number;
  #met = 0;
  #first: number | undefined;

  /**
   * @param levels multiples of the model's noise, one or more
   * @param rule criteria to be met
   * @param batch trials of an update
   * @param evaluations made before
   */
  constructor(
    levels: readonly number[],
    rule: StoppingRule,
    batch: number,
    evaluations: readonly EvaluationRecord[] = [],
  ) {
    this.#levels = levels;
    this.#rule = rule;
    this.#batch = batch;
    for (const record of evaluations) this.take(record);
  }

  /** Takes the next evaluation. */
  take(record: EvaluationRecord): void {
    if (!meets(record, this.#rule, this.#batch)) return;
    this.#met++;
    this.#first ??= record.update;
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
