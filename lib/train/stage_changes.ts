/**
 * Where training went on to its next stage, as far as evaluations tell. Imports
 * nothing: figures and the live page, which runs in a browser, share it.
 */

/** When an evaluation was made, and in which stage. */
export interface StagedEvaluation {
  /** Updates done before it. */
  readonly update: number;
  /** Multiple of the model's noise in training; absent if unknown. */
  readonly noiseLevel?: number;
  /** Curriculum stage; absent for the task itself. */
  readonly lesson?: number;
}

/** The beginning of a stage. */
export interface StageChange {
  /** Updates done before it. */
  readonly update: number;
  /** What is new in it. */
  readonly to: string;
}

/** The beginnings of the stages after the first; none if stages are unknown. */
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
    return lesson === undefined
      ? "the task itself"
      : `curriculum stage ${lesson}`;
  }
  return before.noiseLevel === noiseLevel
    ? undefined
    : `${Number(noiseLevel.toPrecision(3))} times the noise`;
}
