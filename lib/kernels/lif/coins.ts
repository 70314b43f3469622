/** Coins of the optogenetics-like stimulation. */
import { streamOfKey } from "../../random/stream.ts";
import type { LifStimulation, LifTrial } from "./types.ts";

/**
 * Tosses a stimulation's coin for each of its steps: the same number of a trial's
 * stream on every backend.
 *
 * @param index number of the stimulation in its trial
 * @returns 1 where the units are stimulated, one number a step from `from` on
 */
export function tossCoins(
  trial: LifTrial,
  { from, to, probability }: LifStimulation,
  index: number,
): Uint8Array {
  const random = streamOfKey(trial.key);
  return Uint8Array.from(
    { length: Math.max(0, to - from) },
    (_, k) =>
      random.uniform(index, from + k, trial.trial) < probability ? 1 : 0,
  );
}
