/** Strengths of the noise from batch to batch. */
import type { Batches } from "./finetune_batch.ts";

/**
 * What a batch of some number, from 1, is made from: strengths of the noise go on
 * where the batch before it left off, since a batch of few rounds of the conditions
 * has only some of them.
 *
 * @param trials of each batch
 */
export function batchesFrom(
  batches: Batches,
  number: number,
  trials: number,
): Batches {
  const { task, noiseScales, slopes } = batches;
  const rounds = Math.ceil(trials / task.conditions.length);
  const from = (number - 1) * rounds % noiseScales.length;
  if (from === 0) return batches;
  const turned = <T>(list: readonly T[]) =>
    list.map((_, k) => list[(from + k) % list.length]);
  return {
    ...batches,
    noiseScales: turned(noiseScales),
    slopes: turned(slopes),
  };
}
