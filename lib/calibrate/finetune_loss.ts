/** What an output is to be, for fine-tuning. */
import type { Task, Trial } from "../tasks/types.ts";

/**
 * Start of a trial that has no part in the loss, ms: initial voltages above the
 * peak make most units fire at once, whatever the weights.
 */
const onset = 30;

/**
 * Which rate steps of a trial have a part in the loss: all up to the end of the
 * strict window, but for the onset of the trial and, if an answer is due, the
 * time between the rise of its target and the strict window.
 */
export function lossSteps(trial: Trial, task: Task): Uint8Array {
  const { from, to } = task.windows.strict;
  const reach = "reach" in trial.expects;
  const counts = new Uint8Array(task.steps);
  for (let step = 0; step < Math.min(to, task.steps); step++) {
    if (step * task.stepMs < onset) continue;
    const rises = reach && step < from && trial.target[step] !== 0;
    counts[step] = rises ? 0 : 1;
  }
  return counts;
}

/**
 * Share of the loss that the answer has, if one is due: the answer is what
 * trials are judged by, and a small part of most of them, so that a network
 * that is silent throughout would be a good one.
 */
const answerShare = 0.8;

/**
 * Weight of each rate step in the loss; they add up to 1. Steps of
 * {@link lossSteps} weigh alike, but for the answer: if one is due, the
 * strict window has four fifths of all.
 */
export function lossWeights(trial: Trial, task: Task): Float64Array {
  const { from, to } = task.windows.strict;
  const counts = lossSteps(trial, task);
  const isDue = "reach" in trial.expects;
  const isAnswer = (step: number) => isDue && step >= from && step < to;
  let [all, answering] = [0, 0];
  for (let step = 0; step < counts.length; step++) {
    all += counts[step];
    if (isAnswer(step)) answering += counts[step];
  }
  const apart = answering > 0 && answering < all;
  const weights = new Float64Array(counts.length);
  for (let step = 0; step < counts.length; step++) {
    if (!counts[step]) continue;
    if (!apart) weights[step] = 1 / all;
    else if (isAnswer(step)) weights[step] = answerShare / answering;
    else weights[step] = (1 - answerShare) / (all - answering);
  }
  return weights;
}

/**
 * Weighted mean squared error of a trial's outputs, and its gradient by each of
 * them.
 *
 * @param outputs at the end of each interval
 * @param stepOf the rate step that an interval is in
 */
export function outputLoss(
  outputs: Float64Array,
  trial: Trial,
  task: Task,
  stepOf: (interval: number) => number,
): { loss: number; byOutput: Float32Array<ArrayBuffer> } {
  const weights = lossWeights(trial, task);
  const byOutput = new Float32Array(outputs.length);
  let [loss, total] = [0, 0];
  outputs.forEach((output, k) => {
    const step = stepOf(k);
    const weight = weights[step];
    if (weight === 0) return;
    const error = output - trial.target[step];
    loss += weight * error * error;
    byOutput[k] = 2 * weight * error;
    total += weight;
  });
  if (total === 0) return { loss: 0, byOutput };
  return { loss: loss / total, byOutput: byOutput.map((g) => g / total) };
}
