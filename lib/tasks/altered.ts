/** Tasks with other stimuli than their own, trial by trial. */
import type { FloatArray } from "../network/types.ts";
import type { Task, Trial } from "./types.ts";

/**
 * The same task whose stimuli are changed after they were drawn.
 *
 * @param task any task
 * @param change makes the stimulus of a trial, channels×steps, from its own
 */
export function withStimuli(
  task: Task,
  change: (trial: Trial) => Float32Array,
): Task {
  const altered = (trial: Trial): Trial => ({
    ...trial,
    inputs: change(trial),
  });
  const { trials } = task;
  return {
    ...task,
    trial: (random, condition) => altered(task.trial(random, condition)),
    ...(trials && {
      trials: async (requests) => (await trials(requests)).map(altered),
    }),
  };
}

/**
 * The same task with stimuli of another amplitude. The input of channels within
 * the windows of stimuli is multiplied, except for channels that also have
 * input outside of these windows, such as those of a context.
 *
 * @param task any task
 * @param amplitude factor of the stimuli
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { getTask, randomStream } from "@spikernn/spikernn";
 * import { withAmplitude } from "@spikernn/spikernn/analysis";
 * const trial = withAmplitude(getTask("go-nogo"), 0.5)
 *   .trial(randomStream(1), "go");
 * assert(Math.max(...trial.inputs) === 0.5);
 * ```
 */
export function withAmplitude(task: Task, amplitude: number): Task {
  return withStimuli(
    task,
    ({ inputs }) => scaledStimuli(task, inputs, amplitude),
  );
}

/**
 * The stimulus of a trial at another amplitude; see {@linkcode withAmplitude}.
 *
 * @param inputs channels×steps
 */
export function scaledStimuli(
  { steps, channels, stimuli }: Pick<Task, "steps" | "channels" | "stimuli">,
  inputs: FloatArray,
  amplitude: number,
): Float32Array {
  const inside = (t: number) =>
    stimuli.some(({ from, to }) => t >= from && t < to);
  const changed = Float32Array.from(inputs);
  channels.forEach((_, c) => {
    const row = changed.subarray(c * steps, (c + 1) * steps);
    if (row.some((value, t) => value !== 0 && !inside(t))) return;
    row.forEach((value, t) => row[t] = value * amplitude);
  });
  return changed;
}

/**
 * The same task with graded stimuli of other means; their noise stays.
 *
 * @param task a task with graded stimuli
 * @param means of graded channels, by their names
 * @throws {RangeError} for a task without graded stimuli, or another channel
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { getTask, randomStream } from "@spikernn/spikernn";
 * import { withMeans } from "@spikernn/spikernn/analysis";
 * const task = getTask("mante");
 * const draw = (of: typeof task) => of.trial(randomStream(1), "context1:+-").inputs;
 * const weak = withMeans(task, { "stimulus 1": 0.1 });
 * assert(Math.abs(draw(task)[60] - draw(weak)[60] - 0.4) < 1e-6);
 * ```
 */
export function withMeans(
  task: Task,
  means: Readonly<Record<string, number>>,
): Task {
  const { graded, steps, channels } = task;
  if (!graded) {
    throw new RangeError(
      `Cannot grade the stimuli of task ${task.name}: it has none whose ` +
        "strength can be graded",
    );
  }
  return withStimuli(task, ({ condition, inputs }) => {
    const changed = Float32Array.from(inputs);
    for (const [channel, mean] of Object.entries(means)) {
      const own = graded.means[condition]?.[channel];
      const c = channels.indexOf(channel);
      if (own === undefined || c < 0) {
        throw new RangeError(
          `Cannot grade channel ${JSON.stringify(channel)} of task ` +
            `${task.name}: it has no mean in condition ${condition}`,
        );
      }
      const { from, to } = graded.window;
      for (let t = from; t < to; t++) changed[c * steps + t] += mean - own;
    }
    return changed;
  });
}
