/** Context-dependent sensory integration. */
import { defineTask } from "./define.ts";
import type { TaskFactory } from "./definition.ts";

/** Timings of `mante`, in steps. */
export interface ManteTiming extends Readonly<Record<string, number>> {
  /** Duration of the trial. */
  readonly T: number;
  /** Onset of the two noisy stimuli. */
  readonly stim_on: number;
  /** Duration of the two noisy stimuli. */
  readonly stim_dur: number;
}

/** Steps from the end of the stimuli to the paper's window: the last 200 outputs. */
const paperDelay = 49;
/** Steps from the end of the stimuli to the strict window. */
const settling = 10;
/** Mean of a noisy stimulus, up to its sign. */
const offset = 0.5;

const conditions = ["context1", "context2"].flatMap((context) =>
  ["++", "+-", "-+", "--"].map((signs) => `${context}:${signs}`)
);

/** Means of the two stimuli in a condition. */
function meansOf(condition: string): number[] {
  const [, signs] = condition.split(":");
  return [...signs].map((sign) => sign === "+" ? offset : -offset);
}

/**
 * Context-dependent sensory integration: two noisy stimuli N(±0.5, 1) at the
 * same time; the context says which of them counts, and the output takes the
 * sign of its mean, 1 or -1, from the end of the stimuli on.
 *
 * Conditions read `context1:+-`: the context, then the signs of stimulus 1 and 2.
 *
 * Source: Mante et al. 2013, Nature 503:78; timings of Kim, Li & Sejnowski
 * 2019, PNAS 116:22811.
 *
 * @param timing timings that differ from the usual ones (T 500, stim_on 50,
 *   stim_dur 200), in steps of 5 ms
 * @returns the task
 * @throws {TaskError} for timings that are unknown, not whole, or put a window
 *   past the end of the trial
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { randomStream } from "@spikernn/spikernn";
 * import { mante } from "@spikernn/spikernn/tasks";
 * const trial = mante().trial(randomStream(1), "context2:+-");
 * assert(trial.target[250] === -1);
 * ```
 */
export const mante: TaskFactory<ManteTiming> = defineTask({
  name: "mante",
  description:
    "Tell the sign of the stimulus that the context points to, ignore the other.",
  timing: { T: 500, stim_on: 50, stim_dur: 200 },
  channels: ["stimulus 1", "stimulus 2", "context 1", "context 2"],
  conditions,
  labels: Object.fromEntries(
    [1, 2].flatMap((context) =>
      ["++", "+-", "-+", "--"].map((signs) => [
        `context${context}:${signs}`,
        `Context ${context} (${[...signs].join(" ").replaceAll("-", "−")})`,
      ])
    ),
  ),
  layout({ T, stim_on, stim_dur }) {
    const end = stim_on + stim_dur;
    return {
      stimuli: { stimuli: [stim_on, end] },
      response: [end, T],
      paper: [end + paperDelay, T],
      strict: [end + settling, T],
    };
  },
  graded({ stim_on, stim_dur }) {
    return {
      window: { from: stim_on, to: stim_on + stim_dur },
      means: Object.fromEntries(conditions.map((condition) => {
        const [first, second] = meansOf(condition);
        return [condition, { "stimulus 1": first, "stimulus 2": second }];
      })),
      relevant: Object.fromEntries(conditions.map((condition) => [
        condition,
        condition.startsWith("context1") ? "stimulus 1" : "stimulus 2",
      ])),
    };
  },
  trial({ condition, random, timing, channel, target }) {
    const { stim_on, stim_dur } = timing;
    const [context] = condition.split(":");
    const means = meansOf(condition);
    means.forEach((mean, c) => {
      const stimulus = channel(`stimulus ${c + 1}`);
      for (let t = stim_on; t < stim_on + stim_dur; t++) {
        stimulus[t] = mean + random.normal(c, t);
      }
    });
    const cued = context === "context1" ? 0 : 1;
    channel(`context ${cued + 1}`).fill(1);
    target.fill(Math.sign(means[cued]), stim_on + stim_dur);
  },
});
