/** Easier forms of a task, to learn it by. */
import type { Task } from "./types.ts";

/**
 * Timings of the same task with shorter delays. A shorter delay is easier to
 * learn, and a network that has learned it learns the longer one quickly.
 * Trials are shorter by as much.
 *
 * @param task that has the timings `delay` and `T`
 * @param delays in steps, in the order in which they are learned
 * @returns timings for the task's factory (or `getTask`), for each delay that
 * is shorter than the task's own; none for a task without a delay
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { getTask, presets, shorterDelays } from "@spikernn/spikernn";
 * const task = getTask("dms");
 * const curriculum = shorterDelays(task, presets.robust.delays)
 *   .map((timing) => getTask(task.name, timing));
 * assert(curriculum[0].timing.delay === 10 && curriculum[0].steps === 135);
 * // For train(): { ...presets.robust.training, curriculum, seed: 1 }
 * ```
 */
export function shorterDelays(
  { timing }: Pick<Task, "timing">,
  delays: readonly number[],
): Record<string, number>[] {
  const { delay, T } = timing;
  if (delay === undefined || T === undefined) return [];
  return delays.filter((shorter) => shorter < delay)
    .map((shorter) => ({ ...timing, delay: shorter, T: T - delay + shorter }));
}
