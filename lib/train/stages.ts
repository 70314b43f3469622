/** The stages that training goes through. */
import type { EvaluationRecord } from "../network/records.ts";
import type { Task } from "../tasks/types.ts";
import { type Criteria, meets, performanceOf } from "./criteria.ts";
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

/** What an evaluation says: the criteria are met, or what met them is lost. */
export type Verdict = "met" | "lost";

/** Part of the performance asked for below which a network counts as lost. */
const lostBelow = 0.5;
/** Evaluations in a row that have to find it lost: one may be a bad moment. */
const lostInARow = 2;
/** How often training goes back, and what its step is multiplied by then. */
const mostReturns = 3;
const smallerStep = 0.5;

/**
 * How far training has come: the next stage begins at an evaluation that meets
 * the criteria, and where they are met in the last one, training is done.
 *
 * Updates under stronger noise can destroy what the network has learned, and then
 * never find it again. Two evaluations in a row with less than half of the
 * performance asked for say so: training is to go back to the network that met
 * the criteria last, with half the step, three times at most.
 *
 * Where it stands follows from the evaluations, so that a run that goes on from
 * a checkpoint needs no more than those.
 */
export class Stages {
  readonly #stages: readonly Stage[];
  readonly #criteria: Partial<Criteria> & Pick<Criteria, "rule" | "batch">;
  #passed = 0;
  #first: number | undefined;
  /** Evaluations in a row that found the network lost, and returns because of it. */
  #lost = 0;
  #returns = 0;

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
   * meets the criteria of the task itself, or training is to go back.
   */
  take(record: EvaluationRecord): Verdict | undefined {
    const { task, lesson } = this.current;
    const criteria = { ...task.stopping, ...this.#criteria };
    if (!meets(record, criteria)) {
      return this.#isLost(record, criteria) ? "lost" : undefined;
    }
    this.#lost = 0;
    this.#passed++;
    if (lesson !== undefined) return undefined;
    this.#first ??= record.update;
    return "met";
  }

  #isLost(record: EvaluationRecord, criteria: Criteria): boolean {
    if (this.#first === undefined || this.#returns >= mostReturns) return false;
    const found = performanceOf(record, criteria);
    this.#lost = found < lostBelow * criteria.performance ? this.#lost + 1 : 0;
    if (this.#lost < lostInARow) return false;
    this.#lost = 0;
    this.#returns++;
    return true;
  }

  /** Part of the learning rate asked for that updates are made with. */
  get step(): number {
    return smallerStep ** this.#returns;
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
