/** Two-alternative forced choice: the sign of a noisy stimulus, at once. */
import { defineTask } from "./define.ts";
import type { TaskFactory } from "./definition.ts";

/** Timings of `afc`, in steps. */
export interface AfcTiming extends Readonly<Record<string, number>> {
  /** Duration of the trial. */
  readonly T: number;
  /** Onset of the noisy stimulus. */
  readonly stim_on: number;
  /** Duration of the noisy stimulus. */
  readonly stim_dur: number;
}

/** Steps from the end of the stimulus to the strict window. */
const settling = 10;
/** Mean of the stimulus, up to its sign. */
const offset = 0.5;
const conditions = ["+", "-"];

function meanOf(condition: string): number {
  return condition === "+" ? offset : -offset;
}

/**
 * Two-alternative forced choice: a noisy stimulus, N(±0.5, 1) in each step.
 * From its end to the end of the trial the output is the sign of its mean, 1 or
 * -1. There is no delay between stimulus and answer.
 *
 * Source: the task without working memory of Kim & Sejnowski 2021, Nature
 * Neuroscience 24:129; the strength of the stimulus is that of `mante`.
 *
 * @param timing timings that differ from the usual ones (T 200, stim_on 50,
 * stim_dur 50), in steps of 5 ms
 * @returns the task
 * @throws {TaskError} for timings that are unknown, not whole, or put a window
 * past the end of the trial
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { randomStream } from "@spikernn/spikernn";
 * import { afc } from "@spikernn/spikernn/tasks";
 * const trial = afc().trial(randomStream(1), "-");
 * assert(trial.target[99] === 0 && trial.target[100] === -1);
 * ```
 */
export const afc: TaskFactory<AfcTiming> = defineTask({
  name: "afc",
  description: "Tell the sign of a noisy stimulus at once.",
  timing: { T: 200, stim_on: 50, stim_dur: 50 },
  channels: ["stimulus"],
  conditions,
  labels: { "+": "Positive (+)", "-": "Negative (−)" },
  layout({ T, stim_on, stim_dur }) {
    const end = stim_on + stim_dur;
    return {
      stimuli: { stimulus: [stim_on, end] },
      response: [end, T],
      strict: [end + settling, T],
    };
  },
  graded({ stim_on, stim_dur }) {
    return {
      window: { from: stim_on, to: stim_on + stim_dur },
      means: Object.fromEntries(
        conditions.map((condition) => [
          condition,
          { stimulus: meanOf(condition) },
        ]),
      ),
      relevant: Object.fromEntries(
        conditions.map((condition) => [condition, "stimulus"]),
      ),
    };
  },
  trial({ condition, random, timing: { stim_on, stim_dur }, channel, target }) {
    const mean = meanOf(condition);
    const stimulus = channel("stimulus");
    for (let t = stim_on; t < stim_on + stim_dur; t++) {
      stimulus[t] = mean + random.normal(t);
    }
    target.fill(Math.sign(mean), stim_on + stim_dur);
  },
});
