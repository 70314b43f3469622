/** The stages that training goes through. */
import type { EvaluationRecord } from "../network/records.ts";
import type { Task } from "../tasks/types.ts";
import { type Criteria, meets } from "./criteria.ts";
import type { CompleteOptions } from "./options.ts";

/** What updates are made with until the criteria are met. */
export interface Stage {
  /** What is learned, and evaluated. */
  readonly task: Task;
  /** Multiple of the model's noise in its updates. */
  readonly noise: number;
  /** Which easier task this is, counted from 1; absent for the task itself. */
  readonly lesson?: number;
}

/**
 * The stages of a training: the easier tasks of its curriculum with the first
 * level of noise, then the task itself with every level in turn.
 */
export function stagesOf(
  task: Task,
  { curriculum, noiseLevels }: Pick<
    CompleteOptions,
    "curriculum" | "noiseLevels"
  >,
): Stage[] {
  return [
    ...curriculum.map((easier, k) => ({
      task: easier,
      noise: noiseLevels[0],
      lesson: k + 1,
    })),
    ...noiseLevels.map((noise) => ({ task, noise })),
  ];
}

/**
 * How far training has come: the next stage begins at an evaluation that meets
 * the criteria, and where they are met in the last one, training is done.
 *
 * Where it stands follows from the evaluations, so that a run that goes on from
 * a checkpoint needs no more than those.
 */
export class Stages {
  readonly #stages: readonly Stage[];
  readonly #criteria: Partial<Criteria> & Pick<Criteria, "rule" | "batch">;
  #passed = 0;
  #first: number | undefined;

  /**
   * @param stages one or more
   * @param criteria to be met, beside those of the stage's task
   * @param evaluations made before
   */
  constructor(
    stages: readonly Stage[],
    criteria: Partial<Criteria> & Pick<Criteria, "rule" | "batch">,
    evaluations: readonly EvaluationRecord[] = [],
  ) {
    this.#stages = stages;
    this.#criteria = criteria;
    for (const record of evaluations) this.take(record);
  }

  /**
   * Takes the next evaluation, made on the task of the stage; says whether it
   * meets the criteria of the task itself.
   */
  take(record: EvaluationRecord): boolean {
    const { task, lesson } = this.current;
    const criteria = { ...task.stopping, ...this.#criteria };
    if (!meets(record, criteria)) return false;
    this.#passed++;
    if (lesson !== undefined) return false;
    this.#first ??= record.update;
    return true;
  }

  /** Whether the criteria were met in every stage. */
  get done(): boolean {
    return this.#passed >= this.#stages.length;
  }

  /** The stage that the next update belongs to. */
  get current(): Stage {
    return this.#stages[Math.min(this.#passed, this.#stages.length - 1)];
  }

  /** Updates before the evaluation that met the task's own criteria first. */
  get firstMet(): number | undefined {
    return this.#first;
  }
}
