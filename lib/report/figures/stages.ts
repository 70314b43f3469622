/** Where training went on to its next stage, along an axis of updates. */
import type { Spec } from "../types.ts";
import { show, upright } from "./layers.ts";

/** When an evaluation was made, and in which stage. */
export interface StagedEvaluation {
  /** Updates done before it. */
  readonly update: number;
  /** Multiple of the model's noise in training; absent if unknown. */
  readonly noiseLevel?: number;
  /** Which easier task of the curriculum; absent for the task itself. */
  readonly lesson?: number;
}

/** The beginning of a stage. */
interface StageChange {
  /** Updates done before it. */
  readonly update: number;
  /** What is new in it. */
  readonly to: string;
}

/** The beginnings of the stages after the first; none where stages are unknown. */
export function stageChanges(
  evaluations: readonly StagedEvaluation[],
): StageChange[] {
  return evaluations.slice(1).flatMap((after, k) => {
    const before = evaluations[k];
    const to = whatIsNew(before, after);
    return to === undefined ? [] : [{ update: before.update, to }];
  });
}

function whatIsNew(
  before: StagedEvaluation,
  { noiseLevel, lesson }: StagedEvaluation,
): string | undefined {
  if (before.noiseLevel === undefined || noiseLevel === undefined) {
    return undefined;
  }
  if (before.lesson !== lesson) {
    return lesson === undefined ? "the task itself" : `lesson ${lesson}`;
  }
  return before.noiseLevel === noiseLevel
    ? undefined
    : `${show(noiseLevel)} times the noise`;
}

/** An upright line at each change, fainter than those of a rule. */
export function stageMarks(changes: readonly StageChange[]): Spec[] {
  return changes.map(({ update }) =>
    upright(update, { strokeDash: [1, 0], opacity: 0.3 })
  );
}

/** What a caption says of the lines; nothing where there are none. */
export function stagesText(changes: readonly StageChange[]): string {
  if (changes.length === 0) return "";
  const all = changes.map(({ update, to }) => `to ${to} (update ${update})`);
  return ` Upright lines: training went on ${all.join(", ")}.`;
}
