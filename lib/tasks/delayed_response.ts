/** Delayed response: a direction is held over a delay and given at a go cue. */
import { defineTask } from "./define.ts";
import type { TaskFactory } from "./definition.ts";
import { answerAtOnce, type TwoStimuliTiming } from "./two_stimuli.ts";

function directionOf(condition: string): number {
  return condition === "right" ? 1 : -1;
}

/** Onset of the go cue. */
function goAt({ stim_on, stim_dur, delay }: TwoStimuliTiming): number {
  return stim_on + stim_dur + delay;
}

/**
 * Delayed response: the cue, a pulse of 1 (right) or -1 (left), names a
 * direction; the go cue, a pulse of 1 on a channel of its own, asks for it after
 * the delay. From the end of the go cue to the end of the trial the output is the
 * direction, 1 or -1; before it, 0: a network must remember the cue, and withhold
 * what it remembers.
 *
 * Source: the delayed-response tasks of Funahashi, Bruce and Goldman-Rakic, J.
 * Neurophysiol. 61:331, 1989, with the two directions and the go cue of Guo et
 * al., Neuron 81:179, 2014. Timings are those of `xor`.
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
 * import { getTask, randomStream } from "@spikernn/spikernn";
 * const trial = getTask("delayed-response").trial(randomStream(1), "left");
 * assert(trial.target[174] === 0 && trial.target[175] === -1);
 * ```
 */
export const delayedResponse: TaskFactory<TwoStimuliTiming> = defineTask({
  name: "delayed-response",
  description: "Remember a direction over a delay, and give it at a go cue.",
  timing: { T: 200, stim_on: 50, stim_dur: 25, delay: 75 },
  channels: ["cue", "go"],
  conditions: ["right", "left"],
  labels: { right: "Right", left: "Left" },
  layout(timing) {
    const { T, stim_on, stim_dur } = timing;
    const go = goAt(timing);
    return {
      stimuli: { cue: [stim_on, stim_on + stim_dur], go: [go, go + stim_dur] },
      ...answerAtOnce(go + stim_dur, T),
    };
  },
  trial({ condition, timing, channel, target }) {
    const { stim_on, stim_dur } = timing;
    const direction = directionOf(condition);
    const go = goAt(timing);
    channel("cue").fill(direction, stim_on, stim_on + stim_dur);
    channel("go").fill(1, go, go + stim_dur);
    target.fill(direction, go + stim_dur);
  },
});
