/** Exclusive or of two pulses, with a delay between them. */
import type { TaskFactory } from "./definition.ts";
import {
  answerAtOnce,
  twoStimuliTask,
  type TwoStimuliTiming,
} from "./two_stimuli.ts";

/**
 * Exclusive or: 1 if two pulses have the same sign, -1 if not, from the end of
 * the second to the end of the trial. A delay of 75 steps lies between them.
 *
 * Source: the delayed match-to-sample variant of the exclusive-or task of Kim,
 * Li & Sejnowski 2019, PNAS 116:22811; see `xorOriginal` for the paper's timing
 * and `dms` for the same in steps of 20 ms.
 *
 * @param timing timings that differ from the usual ones (T 200, stim_on 50,
 *   stim_dur 25, delay 75), in steps of 5 ms
 * @returns the task
 * @throws {TaskError} for timings that are unknown, not whole, or put a window
 *   past the end of the trial
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { randomStream } from "@spikernn/spikernn";
 * import { xor } from "@spikernn/spikernn/tasks";
 * const trial = xor({ T: 220 }).trial(randomStream(1), "different:+-");
 * assert(trial.target[219] === -1);
 * ```
 */
export const xor: TaskFactory<TwoStimuliTiming> = twoStimuliTask({
  name: "xor",
  description: "Tell whether two pulses, a delay apart, have the same sign.",
  timing: { T: 200, stim_on: 50, stim_dur: 25, delay: 75 },
}, answerAtOnce);
