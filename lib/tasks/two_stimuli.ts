/** What the exclusive-or tasks share: two signed pulses, compared. */
import { defineTask } from "./define.ts";
import type { Layout, TaskDefinition, TaskFactory } from "./definition.ts";

/** Timings of `xor`, `xor-original` and `dms`, in steps. */
export interface TwoStimuliTiming extends Readonly<Record<string, number>> {
  /** Duration of the trial. */
  readonly T: number;
  /** Onset of the first stimulus. */
  readonly stim_on: number;
  /** Duration of each stimulus. */
  readonly stim_dur: number;
  /** From the end of the first stimulus to the onset of the second. */
  readonly delay: number;
}

/** Windows of the fork's timing: the answer begins with the second stimulus' end. */
export function answerAtOnce(end: number, T: number): Omit<Layout, "stimuli"> {
  return { response: [end, T], strict: [end + 5, T] };
}

/**
 * A task of two pulses of 1 or -1 on a channel each; the output is 1 where the
 * signs are the same and -1 where they differ.
 *
 * @param definition name, description, step and timings
 * @param windows response and scored windows, given the end of the second
 *   stimulus and the number of steps T
 */
export function twoStimuliTask(
  definition: Pick<
    TaskDefinition<TwoStimuliTiming>,
    "name" | "description" | "stepMs" | "timing"
  >,
  windows: (end: number, T: number) => Omit<Layout, "stimuli">,
): TaskFactory<TwoStimuliTiming> {
  const pulses = ({ stim_on, stim_dur, delay }: TwoStimuliTiming) => {
    const second = stim_on + stim_dur + delay;
    return [[stim_on, stim_on + stim_dur], [
      second,
      second + stim_dur,
    ]] as const;
  };
  const layout = (timing: TwoStimuliTiming): Layout => {
    const [first, second] = pulses(timing);
    return {
      stimuli: { "stimulus 1": first, "stimulus 2": second },
      ...windows(second[1], timing.T),
    };
  };
  return defineTask<TwoStimuliTiming>({
    ...definition,
    channels: ["stimulus 1", "stimulus 2"],
    conditions: ["same:++", "same:--", "different:+-", "different:-+"],
    labels: {
      "same:++": "Same (+ +)",
      "same:--": "Same (− −)",
      "different:+-": "Different (+ −)",
      "different:-+": "Different (− +)",
    },
    layout,
    trial({ condition, timing, channel, target }) {
      const [answer, signs] = condition.split(":");
      pulses(timing).forEach(([from, to], c) => {
        channel(`stimulus ${c + 1}`).fill(signs[c] === "+" ? 1 : -1, from, to);
      });
      const { response: [from, to] } = layout(timing);
      target.fill(answer === "same" ? 1 : -1, from, to);
    },
  });
}
