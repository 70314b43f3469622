/** Defining a task from what is particular to it. */
import { TaskError } from "../errors.ts";
import { choice } from "../random/draw.ts";
import type { RandomStream } from "../random/stream.ts";
import type {
  Expectation,
  StoppingRule,
  Task,
  Trial,
  Window,
} from "./types.ts";
import { checkDefinition, checkRanges } from "./check_definition.ts";
import { checkLayout, resolveTiming } from "./timing.ts";

/** The timings of a task, in steps; `T` is the number of steps of a trial. */
export type Timing = Readonly<Record<string, number>> & { readonly T: number };

/** Where things happen in a trial, in steps. */
export interface Layout {
  /** Stimulus windows by name, for figures and checks. */
  readonly stimuli: Readonly<Record<string, readonly [number, number]>>;
  /** When the target asks for an answer. */
  readonly response: readonly [number, number];
  /**
   * Window of the strict rule, once the output has had time to rise; the
   * response without its first 10 steps (half of it, if it is shorter than 20)
   * unless told.
   */
  readonly strict?: readonly [number, number];
  /** The paper's window for rate outputs; from the response to the end unless told. */
  readonly paper?: readonly [number, number];
  /** The paper's window for spiking outputs; from the strict window to the end unless told. */
  readonly paperSpiking?: readonly [number, number];
}

/** What a task's `trial` works on: an empty trial to fill. */
export interface Draft<T extends Timing = Timing> {
  /** The condition of this trial. */
  readonly condition: string;
  /** Numbers for this trial alone. */
  readonly random: RandomStream;
  /** The timings in force. */
  readonly timing: T;
  /** Target `z`, T numbers, all 0 at first. */
  readonly target: Float32Array;
  /** The stimulus of one channel, T numbers, all 0 at first. */
  channel(name: string): Float32Array;
}

/** What is particular to a task. */
export interface TaskDefinition<T extends Timing = Timing> {
  /** Lower case, digits and hyphens. */
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** Duration of one step, ms; 5 unless told. */
  readonly stepMs?: number;
  /** The timings with their defaults, in steps. All of them become options. */
  readonly timing: T;
  /** Names of the input channels. */
  readonly channels: readonly string[];
  /** All conditions, equally likely. */
  readonly conditions: readonly string[];
  /**
   * Words for conditions, as figures and reports show them: `{ "same:++": "Same
   * (+ +)" }`. Conditions without are shown by their names.
   */
  readonly labels?: Readonly<Record<string, string>>;
  /** Where stimuli and response lie, given the timings. */
  layout(timing: T): Layout;
  /** When training may stop early; the paper's rule unless told. */
  readonly stopping?: Partial<StoppingRule>;
  /**
   * Fills one trial. What makes the output correct follows from the target at
   * the start of the strict window (above 0: beyond 0.7; below: beyond -0.7;
   * 0: within ±0.3) unless it is returned.
   */
  trial(draft: Draft<T>): Expectation | void;
}

/** Makes a task, with other timings than the usual ones if told. */
export type TaskFactory<T extends Timing = Timing> = (
  timing?: Partial<T>,
) => Task;

/** Loss and performance at which the paper stops training. */
const paperStopping: StoppingRule = { loss: 7, performance: 0.95, trials: 0 };

/** The paper's thresholds for an answer and for none. */
const answerThreshold = 0.7;
const silenceThreshold = 0.3;

/** Steps that an output gets to rise before the strict window opens. */
const settling = 10;

/**
 * Defines a task. What comes back makes the task: called with nothing for the
 * usual timings, or with some of them changed.
 *
 * @param definition what is particular to the task
 * @returns a function from timings (steps) to the task
 * @throws {TaskError} for a definition that lacks something or contradicts
 *   itself; the function, for timings that are unknown, not whole, or put a
 *   window past the end of the trial
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { defineTask } from "@spikernn/spikernn";
 * const detection = defineTask({
 *   name: "detection",
 *   description: "Answer if there was a pulse.",
 *   timing: { T: 120, stim_on: 40, stim_dur: 20 },
 *   channels: ["pulse"],
 *   conditions: ["pulse", "none"],
 *   layout: ({ T, stim_on, stim_dur }) => ({
 *     stimuli: { pulse: [stim_on, stim_on + stim_dur] },
 *     response: [stim_on + stim_dur, T],
 *   }),
 *   trial({ condition, timing: { T, stim_on, stim_dur }, channel, target }) {
 *     if (condition === "none") return;
 *     channel("pulse").fill(1, stim_on, stim_on + stim_dur);
 *     target.fill(1, stim_on + stim_dur, T);
 *   },
 * });
 * assert(detection().steps === 120);
 * assert(detection({ T: 200 }).windows.strict.from === 70);
 * ```
 */
export function defineTask<T extends Timing>(
  definition: TaskDefinition<T>,
): TaskFactory<T> {
  checkDefinition(definition);
  return (timing) => makeTask(definition, timing);
}

function makeTask<T extends Timing>(
  definition: TaskDefinition<T>,
  changes: Partial<T> | undefined,
): Task {
  const { name, description, stepMs = 5, channels, conditions } = definition;
  const { labels } = definition;
  const timing = resolveTiming(name, definition.timing, changes ?? {});
  const steps = timing.T;
  const layout = definition.layout(timing);
  checkRanges(name, layout);
  const windows = windowsOf(layout, steps);
  const stimuli = Object.entries(layout.stimuli).map(([name, range]) => ({
    name,
    ...windowOf(range),
  }));
  checkLayout(name, timing, {
    stimuli,
    response: windowOf(layout.response),
    windows,
  });
  return {
    name,
    description,
    stepMs,
    steps,
    channels,
    conditions,
    ...(labels && { labels }),
    timing,
    stimuli,
    windows,
    stopping: { ...paperStopping, ...definition.stopping },
    trial(random, condition) {
      const chosen = condition ?? choice(random.fork("condition"), conditions);
      checkCondition(name, conditions, chosen);
      return makeTrial(definition, timing, windows.strict.from, random, chosen);
    },
  };
}

function makeTrial<T extends Timing>(
  definition: TaskDefinition<T>,
  timing: T,
  answerAt: number,
  random: RandomStream,
  condition: string,
): Trial {
  const { name, channels } = definition;
  const steps = timing.T;
  const inputs = new Float32Array(channels.length * steps);
  const target = new Float32Array(steps);
  const expects = definition.trial({
    condition,
    random,
    timing,
    target,
    channel(channel) {
      const row = channels.indexOf(channel);
      if (row < 0) {
        throw new TaskError(
          `Cannot fill channel ${JSON.stringify(channel)} of task ${name}: ` +
            `its channels are ${channels.join(", ")}`,
        );
      }
      return inputs.subarray(row * steps, (row + 1) * steps);
    },
  }) ?? expectationOf(target[answerAt]);
  return { condition, inputs, target, expects };
}

function expectationOf(target: number): Expectation {
  return target === 0
    ? { within: silenceThreshold }
    : { reach: Math.sign(target) * answerThreshold };
}

function windowsOf(
  { response: [from, to], strict, paper, paperSpiking }: Layout,
  steps: number,
): Task["windows"] {
  const pause = Math.min(settling, Math.floor((to - from) / 2));
  const inner = windowOf(strict ?? [from + pause, to]);
  return {
    paper: windowOf(paper ?? [from, steps]),
    paperSpiking: windowOf(paperSpiking ?? [inner.from, steps]),
    strict: inner,
  };
}

function windowOf([from, to]: readonly [number, number]): Window {
  return { from, to };
}

/**
 * Checks that a task has a condition.
 *
 * @throws {TaskError} for a condition that the task does not have
 */
export function checkCondition(
  task: string,
  conditions: readonly string[],
  condition: string,
): void {
  if (!conditions.includes(condition)) {
    throw new TaskError(
      `Cannot make a trial of condition ${JSON.stringify(condition)}: ` +
        `task ${task} has ${conditions.join(", ")}`,
    );
  }
}
