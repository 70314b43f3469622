/** What a network gets right that does not listen. */
import { randomStream } from "../random/stream.ts";
import { drawTrials } from "../tasks/draw.ts";
import type { Expectation, Task } from "../tasks/types.ts";

/** Trials of a condition that are looked at: answers may differ within one. */
const looked = 8;

/**
 * The largest share of trials, all conditions alike, that an output is right in
 * which is always the same: up, down, or none. Half for the built-in tasks.
 *
 * @param task a task
 * @throws {TaskError} for a task that makes wrong trials
 */
export async function chanceLevel(task: Task): Promise<number> {
  const trials = await drawTrials(
    task,
    randomStream(0).fork("chance"),
    { count: looked * task.conditions.length, condition: task.conditions },
  );
  const counts = new Map<number, number>();
  for (const { expects } of trials) {
    const answer = answerOf(expects);
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  return Math.max(...counts.values()) / trials.length;
}

function answerOf(expects: Expectation): number {
  return "reach" in expects ? Math.sign(expects.reach) : 0;
}
