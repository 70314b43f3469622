/** Evaluations as rows of numbers, as files hold them. */
import type { EvaluationRecord } from "../network/records.ts";

/** What each number of a row is; files from before stages were kept end at the fourth. */
export const evaluationColumns = [
  "update",
  "performance",
  "strict",
  "loss",
  "noise_level",
  "lesson",
] as const;

/** Fewest numbers of a row. */
export const fewestColumns = 4;

/** The row of an evaluation; NaN for a level of noise that is unknown, 0 for no stage of the curriculum. */
export function toRow(record: EvaluationRecord): number[] {
  const { update, performance, strict, loss, noiseLevel, lesson } = record;
  return [update, performance, strict, loss, noiseLevel ?? NaN, lesson ?? 0];
}

/** The evaluation that a row, or the beginning of one, stands for. */
export function fromRow(row: ArrayLike<number>): EvaluationRecord {
  const [update, performance, strict, loss, noise = NaN, lesson = 0] = Array
    .from(row);
  return {
    update,
    performance,
    strict,
    loss,
    ...(!Number.isNaN(noise) && { noiseLevel: noise }),
    ...(lesson > 0 && { lesson }),
  };
}
