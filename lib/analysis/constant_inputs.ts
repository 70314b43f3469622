/** The constant inputs that a task holds its network at. */
import type { RandomStream } from "../random/stream.ts";
import { drawTrials } from "../tasks/draw.ts";
import type { Task } from "../tasks/types.ts";

/** An input that does not change. */
export interface ConstantInput {
  /** In words: "none", "stimulus 1 = 1, context 2 = 1". */
  readonly name: string;
  /** One number for each channel. */
  readonly input: Float64Array;
}

/** Trials of a condition that are averaged. */
const trialsEach = 20;

/**
 * The constant inputs that occur in a task: none, and for each condition the
 * mean of the channels between the beginnings and ends of stimuli. A graded
 * stimulus has exactly its mean.
 *
 * @param task any task
 * @param random stream of the trials that are averaged
 * @returns the different inputs, each once; the one without a stimulus comes
 * first
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { getTask, randomStream } from "@spikernn/spikernn";
 * import { constantInputs } from "@spikernn/spikernn/analysis";
 * const inputs = await constantInputs(getTask("xor"), randomStream(1));
 * assert.deepEqual(inputs.map(({ name }) => name), [
 *   "none", "stimulus 1 = 1", "stimulus 2 = 1", "stimulus 1 = −1",
 *   "stimulus 2 = −1",
 * ]);
 * ```
 */
export async function constantInputs(
  task: Task,
  random: RandomStream,
): Promise<ConstantInput[]> {
  const { channels, steps, stimuli, conditions, graded } = task;
  const edges = [
    ...new Set([0, steps, ...stimuli.flatMap(({ from, to }) => [from, to])]),
  ].filter((edge) => edge >= 0 && edge <= steps).sort((a, b) => a - b);
  const found = new Map<string, ConstantInput>();
  const add = (input: Float64Array) => {
    const name = nameOf(input, channels);
    if (!found.has(name)) found.set(name, { name, input });
  };
  add(new Float64Array(channels.length));
  for (const condition of conditions) {
    const trials = await drawTrials(task, random.fork(condition), {
      count: trialsEach,
      condition: [condition],
    });
    for (let k = 1; k < edges.length; k++) {
      const [from, to] = [edges[k - 1], edges[k]];
      const input = Float64Array.from(channels, (channel, c) => {
        const mean = graded?.means[condition]?.[channel];
        if (
          mean !== undefined && from >= graded!.window.from &&
          to <= graded!.window.to
        ) return mean;
        let sum = 0;
        for (const { inputs } of trials) {
          for (let t = from; t < to; t++) sum += inputs[c * steps + t];
        }
        // Digits that a name has, so that what has the same name is the same.
        return Number((sum / trials.length / (to - from)).toPrecision(3));
      });
      add(input);
    }
  }
  return [...found.values()];
}

function nameOf(input: Float64Array, channels: readonly string[]): string {
  const parts = channels.flatMap((channel, c) =>
    input[c] === 0 ? [] : [`${channel} = ${String(input[c]).replace("-", "−")}`]
  );
  return parts.length > 0 ? parts.join(", ") : "none";
}
