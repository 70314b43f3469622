/** Exclusive or with the timing of the original code. */
import type { TaskFactory } from "./definition.ts";
import { twoStimuliTask, type TwoStimuliTiming } from "./two_stimuli.ts";

/** Steps from the end of the second stimulus to the answer, and its duration. */
const pause = 10;
const answer = 100;
/** Steps from the end of the second stimulus to the scored windows. */
const settling = 40;

/**
 * Exclusive or with the paper's timing: two pulses in short succession. The
 * answer, 1 if their signs are the same and -1 if not, is due for 100 steps,
 * beginning 10 steps after the second one.
 *
 * Source: Kim, Li & Sejnowski 2019, PNAS 116:22811.
 *
 * @param timing timings that differ from the usual ones (T 300, stim_on 50,
 * stim_dur 50, delay 10), in steps of 5 ms
 * @returns the task
 * @throws {TaskError} for timings that are unknown, not whole, or put a window
 * past the end of the trial
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { xorOriginal } from "@spikernn/spikernn/tasks";
 * assert(xorOriginal().windows.paper.from === 200);
 * assert(xorOriginal({ delay: 20 }).windows.paper.from === 210);
 * ```
 */
export const xorOriginal: TaskFactory<TwoStimuliTiming> = twoStimuliTask({
  name: "xor-original",
  description:
    "Tell whether two pulses have the same sign; the paper's timing.",
  timing: { T: 300, stim_on: 50, stim_dur: 50, delay: 10 },
}, (end, T) => {
  const response = [end + pause, end + pause + answer] as const;
  return {
    response,
    paper: [end + settling, T],
    paperSpiking: [end + settling, T],
    strict: [end + settling, response[1]],
  };
});
