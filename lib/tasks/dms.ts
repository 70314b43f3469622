/** Delayed match-to-sample over four seconds. */
import type { TaskFactory } from "./definition.ts";
import {
  answerAtOnce,
  twoStimuliTask,
  type TwoStimuliTiming,
} from "./two_stimuli.ts";

/**
 * Delayed match-to-sample: the steps of `xor`, 20 ms each. A trial lasts 4 s,
 * with the sample at 1–1.5 s and the test at 3–3.5 s. Decay time constants are
 * in steps here too, so the same numbers are four times as long in ms.
 *
 * @param timing timings that differ from the usual ones (T 200, stim_on 50,
 * stim_dur 25, delay 75), in steps of 20 ms
 * @returns the task
 * @throws {TaskError} for timings that are unknown, not whole, or put a window
 * past the end of the trial
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { dms } from "@spikernn/spikernn/tasks";
 * const { steps, stepMs } = dms();
 * assert(steps * stepMs === 4000);
 * ```
 */
export const dms: TaskFactory<TwoStimuliTiming> = twoStimuliTask({
  name: "dms",
  description:
    "Delayed match-to-sample: tell whether sample and test, 1.5 s apart, match.",
  stepMs: 20,
  timing: { T: 200, stim_on: 50, stim_dur: 25, delay: 75 },
}, answerAtOnce);
