/** What an output is to be, for fine-tuning. */
import type { Task, Trial } from "../tasks/types.ts";

/**
 * Start of a trial that has no part in the loss, ms: initial voltages above the
 * peak make most units fire at once, whatever the weights.
 */
const onset = 30;

/**
 * Which rate steps of a trial have a part in the loss: all up to the end of the
 * strict window, but for the onset of the trial and, where an answer is due, the
 * time between the rise of its target and the strict window.
 */
export function lossSteps(trial: Trial, task: Task): Uint8Array {
  const { from, to } = task.windows.strict;
  const reach = "reach" in trial.expects;
  return Uint8Array.from({ length: task.steps }, (_, step) => {
    if (step >= to || step * task.stepMs < onset) return 0;
    return reach && step < from && trial.target[step] !== 0 ? 0 : 1;
  });
}

/**
 * Mean squared error of a trial's outputs, and its gradient by each of them.
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
  const steps = lossSteps(trial, task);
  const byOutput = new Float32Array(outputs.length);
  let [loss, count] = [0, 0];
  outputs.forEach((output, k) => {
    const step = stepOf(k);
    if (!steps[step]) return;
    const error = output - trial.target[step];
    loss += error * error;
    byOutput[k] = 2 * error;
    count++;
  });
  if (count === 0) return { loss: 0, byOutput };
  return { loss: loss / count, byOutput: byOutput.map((g) => g / count) };
}
