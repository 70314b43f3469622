/** Drawing trials. */
import type { RandomStream } from "../random/stream.ts";
import { checkTrial } from "./check_trial.ts";
import type { Task, Trial } from "./types.ts";

/** Which trials to draw. */
export interface DrawRequest {
  /** Index of the first trial. Defaults to 0. */
  readonly first?: number;
  /** Number of trials. */
  readonly count: number;
  /**
   * The condition of all of them, or several in turn (trial i has the (i mod
   * n)-th); drawn at random by default.
   */
  readonly condition?: string | readonly string[];
}

/**
 * Draws trials. Trial i is made from a stream of its own, the i-th fork for
 * "trial", so it does not depend on the other trials.
 *
 * @param task the task
 * @param random stream of this run
 * @param request which trials
 * @returns the trials first, first + 1, …
 * @throws {TaskError} for unknown conditions, or a task that makes trials of
 * the wrong shape or with numbers that are not finite
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { drawTrials, getTask, randomStream } from "@spikernn/spikernn";
 * const random = randomStream(1);
 * const ten = await drawTrials(getTask("xor"), random, { count: 10 });
 * const [seventh] = await drawTrials(getTask("xor"), random, { first: 7, count: 1 });
 * assert(seventh.condition === ten[7].condition);
 * ```
 */
export async function drawTrials(
  task: Task,
  random: RandomStream,
  { first = 0, count, condition }: DrawRequest,
): Promise<Trial[]> {
  const conditions = condition === undefined ? undefined : [condition].flat();
  const requests = Array.from({ length: count }, (_, n) => ({
    random: random.fork("trial", first + n),
    condition: conditions?.[(first + n) % conditions.length],
  }));
  const trials = task.trials
    ? await task.trials(requests)
    : requests.map(({ random, condition }) => task.trial(random, condition));
  for (const trial of trials) checkTrial(task, trial);
  return trials;
}
