/** Checks of a task's timings: whole steps, and every window inside the trial. */
import { TaskError } from "../errors.ts";
import type { Timing } from "./definition.ts";
import type { TaskWindows, Window } from "./types.ts";

/** Longest trial, in steps; keeps a slip of the keyboard from filling the memory. */
export const longestTrial = 1_000_000;

/**
 * A task's timings with some of them changed.
 *
 * @throws {TaskError} for a timing that the task does not have, or that is not
 *   a whole number of steps
 */
export function resolveTiming<T extends Timing>(
  task: string,
  defaults: T,
  changes: Partial<T>,
  stepMs: number,
): T {
  for (const name of Object.keys(changes)) {
    if (!Object.hasOwn(defaults, name)) {
      throw new TaskError(
        `Cannot time task ${task}: it has no ${name}, its timings are ` +
          describeTiming(defaults, stepMs),
      );
    }
  }
  const given = Object.entries(changes).filter(([, v]) => v !== undefined);
  const timing = { ...defaults, ...Object.fromEntries(given) } as T;
  for (const [name, value] of Object.entries(timing)) {
    const least = name === "T" ? 2 : 0;
    if (!(Number.isInteger(value) && value >= least && value <= longestTrial)) {
      throw new TaskError(
        `Cannot time task ${task}: ${name} is ${value}, allowed are whole ` +
          `numbers of steps (of ${stepMs} ms) from ${least} to ${longestTrial}`,
      );
    }
  }
  return timing;
}

/**
 * Checks that every window of a task lies inside the trial and is not empty,
 * and that the scored ones hold at least one output (there are T - 1).
 *
 * @throws {TaskError} naming the window, where it lies and where it may lie
 */
export function checkLayout(
  task: string,
  timing: Timing,
  { stepMs, stimuli, response, windows }: {
    readonly stepMs: number;
    readonly stimuli: readonly (Window & { readonly name: string })[];
    readonly response?: Window;
    readonly windows: TaskWindows;
  },
): void {
  const { T } = timing;
  const check = (what: string, { from, to }: Window, last: number) => {
    const lies =
      `Cannot time task ${task} (${describeTiming(timing, stepMs)}): ` +
      `its ${what} lies at steps [${from}, ${to})` +
      `, ${shown(stepMs * from)} to ${shown(stepMs * to)} ms`;
    if (!(Number.isInteger(from) && Number.isInteger(to))) {
      throw new TaskError(`${lies}, whole numbers are needed`);
    }
    if (from < 0 || to > T) {
      throw new TaskError(
        `${lies}; allowed is [0, ${T}), 0 to ${shown(stepMs * T)} ms`,
      );
    }
    if (from >= to) {
      throw new TaskError(`${lies}, at least one step is needed`);
    }
    if (from >= last) {
      throw new TaskError(
        `${lies}, it must start before step ${last}, the last output's`,
      );
    }
  };
  for (const stimulus of stimuli) {
    check(`stimulus ${JSON.stringify(stimulus.name)}`, stimulus, T);
  }
  if (response) check("response", response, T);
  check("scored window", windows.paper, T - 1);
  check("scored window of spiking outputs", windows.paperSpiking, T);
  check("strict window", windows.strict, T - 1);
}

/** Timings in one line: `T 200, stim_on 50 steps of 5 ms`. */
function describeTiming(timing: Timing, stepMs: number): string {
  const all = Object.entries(timing).map(([name, value]) => `${name} ${value}`);
  return `${all.join(", ")} steps of ${shown(stepMs)} ms`;
}

/** Without the digits that rounding leaves. */
function shown(ms: number): string {
  return `${Number(ms.toPrecision(6))}`;
}
