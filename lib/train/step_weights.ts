/** How much each step of a trial counts in the loss of training. */
import type { Task, Trial } from "../tasks/types.ts";

/**
 * Weights of a trial's steps in its loss; they are 1 on average. The answer is
 * what trials are judged by, and a small part of most of them: with all steps
 * alike a network that says nothing has a small loss.
 *
 * @param answerShare of the weights, in the strict window of a trial in which an
 *   answer is due; if none is due all steps weigh alike
 * @returns steps - 1 numbers, for there is no output at step 0
 */
export function stepWeights(
  trial: Trial,
  task: Pick<Task, "steps" | "windows">,
  answerShare: number,
): Float32Array {
  const steps = task.steps - 1;
  const weights = new Float32Array(steps).fill(1);
  // Step t of a trial is number t - 1 here.
  const from = Math.max(0, task.windows.strict.from - 1);
  const to = Math.min(steps, task.windows.strict.to - 1);
  const answer = to - from;
  if (!("reach" in trial.expects) || answer <= 0 || answer === steps) {
    return weights;
  }
  return weights
    .fill((1 - answerShare) * steps / (steps - answer))
    .fill(answerShare * steps / answer, from, to);
}
