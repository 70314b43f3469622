/** Delayed comparison of two frequencies, after Romo et al. 1999, Nature 399:470. */
import { defineTask } from "@spikernn/spikernn";

/** Pairs of frequencies in Hz: the first is higher in one condition, lower in the other. */
const pairs = [[14, 22], [18, 26], [22, 30], [26, 34]];

export default defineTask({
  name: "romo",
  description: "Tell whether the first of two vibrations was the faster one.",
  timing: { T: 300, stim_on: 50, stim_dur: 50, delay: 75 },
  channels: ["vibration"],
  conditions: ["first", "second"],
  layout({ T, stim_on, stim_dur, delay }) {
    const second = stim_on + stim_dur + delay;
    return {
      stimuli: {
        "stimulus 1": [stim_on, stim_on + stim_dur],
        "stimulus 2": [second, second + stim_dur],
      },
      response: [second + stim_dur, T],
    };
  },
  trial({ condition, random, timing, channel, target }) {
    const { stim_on, stim_dur, delay } = timing;
    const second = stim_on + stim_dur + delay;
    const pair = pairs[Math.floor(random.uniform() * pairs.length)];
    const [slow, fast] = pair.map((frequency) => frequency / 34);
    const faster = condition === "first";
    channel("vibration")
      .fill(faster ? fast : slow, stim_on, stim_on + stim_dur)
      .fill(faster ? slow : fast, second, second + stim_dur);
    target.fill(faster ? 1 : -1, second + stim_dur);
  },
});
