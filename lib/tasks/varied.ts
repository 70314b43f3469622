/** Tasks whose stimuli vary in strength and time, for networks that bear it. */
import type { RandomStream } from "../random/stream.ts";
import { scaledStimuli } from "./altered.ts";
import type { Task, Trial, Window } from "./types.ts";

/**
 * The same task with stimuli of an amplitude that is drawn for each trial, from
 * the trial's own random stream; see `withAmplitude` for which channels have one.
 *
 * @param task any task
 * @param range least and greatest factor of the stimuli
 */
export function withAmplitudes(
  task: Task,
  [least, greatest]: readonly number[],
): Task {
  if (least === 1 && greatest === 1) return task;
  const varied = (trial: Trial, random: RandomStream): Trial => {
    const drawn = random.fork("amplitude").uniform();
    const amplitude = least + (greatest - least) * drawn;
    return { ...trial, inputs: scaledStimuli(task, trial.inputs, amplitude) };
  };
  const { trials } = task;
  return {
    ...task,
    trial: (random, condition) => varied(task.trial(random, condition), random),
    ...(trials && {
      trials: async (requests) =>
        (await trials(requests)).map((trial, k) =>
          varied(trial, requests[k].random)
        ),
    }),
  };
}

/**
 * The same task, some steps later: stimuli, targets and windows. A trial stays as
 * long as it is; what it lacks at one end is as its first or last step.
 *
 * @param task any task
 * @param steps by which it is later, or earlier if below 0
 * @throws {RangeError} if nothing of the strict window is left, or a stimulus or
 *   window would begin before the trial
 */
export function shifted(task: Task, steps: number): Task {
  if (steps === 0) return task;
  const { windows, stimuli, trials } = task;
  const begins = [...stimuli, ...Object.values(windows)].map(({ from }) =>
    from
  );
  const end = task.steps;
  if (Math.min(...begins) + steps < 0 || windows.strict.from + steps >= end) {
    throw new RangeError(
      `Cannot shift the trials of ${task.name} by ${steps} steps: ` +
        `stimuli and windows begin at ${
          begins.join(", ")
        }, and a trial has ${end} steps`,
    );
  }
  const later = <W extends Window>(window: W): W => ({
    ...window,
    from: window.from + steps,
    to: Math.min(window.to + steps, end),
  });
  const moved = (values: Float32Array, length: number) =>
    values.map((_, at) => {
      const column = at % length;
      const from = Math.min(Math.max(column - steps, 0), length - 1);
      return values[at - column + from];
    });
  const trial = (own: Trial): Trial => ({
    ...own,
    inputs: moved(own.inputs, task.steps),
    target: moved(own.target, own.target.length),
  });
  return {
    ...task,
    stimuli: stimuli.map(later),
    windows: {
      paper: later(windows.paper),
      paperSpiking: later(windows.paperSpiking),
      strict: later(windows.strict),
    },
    trial: (random, condition) => trial(task.trial(random, condition)),
    ...(trials && {
      trials: async (requests) => (await trials(requests)).map(trial),
    }),
  };
}
