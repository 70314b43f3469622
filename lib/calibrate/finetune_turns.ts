/** What differs from batch to batch: strengths of the noise, and stimuli. */
import { randomStream } from "../random/stream.ts";
import { shifted, withAmplitudes } from "../tasks/varied.ts";
import type { Batches } from "./finetune_draw.ts";
import type { TuneSettings } from "./finetune_settings.ts";

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

/**
 * Batches of trials that begin some steps earlier or later, drawn by the batch's
 * seed, with stimuli of amplitudes drawn for each.
 */
export function varied(
  batches: Batches,
  { amplitude, shift }: Pick<TuneSettings, "amplitude" | "shift">,
  seed: number,
): Batches {
  const drawn = randomStream(seed).fork("shift").uniform();
  const steps = Math.floor(drawn * (2 * shift + 1)) - shift;
  const task = shifted(withAmplitudes(batches.task, amplitude), steps);
  return task === batches.task ? batches : { ...batches, task };
}
