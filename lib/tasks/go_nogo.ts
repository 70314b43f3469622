/** Go-NoGo: respond after the cue, withhold the response without it. */
import { defineTask } from "./define.ts";
import type { TaskFactory } from "./definition.ts";

/** Timings of `go-nogo`, in steps. */
export interface GoNogoTiming extends Readonly<Record<string, number>> {
  /** Duration of the trial. */
  readonly T: number;
  /** Onset of the cue. */
  readonly stim_on: number;
  /** Duration of the cue. */
  readonly stim_dur: number;
}

/** Steps from the end of the cue to the strict window. */
const settling = 25;

/**
 * The Go-NoGo task: a cue of 1 asks for an output of 1 from its end to the end
 * of the trial; without a cue the output stays at 0.
 *
 * Source: Kim, Li & Sejnowski 2019, PNAS 116:22811, figure 2.
 *
 * @param timing timings that differ from the usual ones (T 200, stim_on 50,
 *   stim_dur 25), in steps of 5 ms
 * @returns the task
 * @throws {TaskError} for timings that are unknown, not whole, or put a window
 *   past the end of the trial
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { randomStream } from "@spikernn/spikernn";
 * import { goNogo } from "@spikernn/spikernn/tasks";
 * const trial = goNogo().trial(randomStream(1), "go");
 * assert(trial.inputs[50] === 1 && trial.target[75] === 1);
 * ```
 */
export const goNogo: TaskFactory<GoNogoTiming> = defineTask({
  name: "go-nogo",
  description:
    "Respond after the cue (Go), withhold the response without it (NoGo).",
  timing: { T: 200, stim_on: 50, stim_dur: 25 },
  channels: ["cue"],
  conditions: ["go", "nogo"],
  labels: { go: "Go", nogo: "NoGo" },
  layout({ T, stim_on, stim_dur }) {
    const end = stim_on + stim_dur;
    return {
      stimuli: { cue: [stim_on, end] },
      response: [end, T],
      strict: [end + settling, T],
    };
  },
  // The original trains on even where the criteria are met early.
  stopping: { trials: 1500 },
  trial({ condition, timing: { stim_on, stim_dur }, channel, target }) {
    if (condition === "nogo") return;
    channel("cue").fill(1, stim_on, stim_on + stim_dur);
    target.fill(1, stim_on + stim_dur);
  },
});
