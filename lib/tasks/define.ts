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
import type {
  Layout,
  TaskDefinition,
  TaskFactory,
  Timing,
} from "./definition.ts";
import { checkDefinition, checkRanges } from "./check_definition.ts";
import { checkLayout, resolveTiming } from "./timing.ts";

/** Loss and performance at which the paper stops training. */
const paperStopping: StoppingRule = { loss: 7, performance: 0.95, trials: 0 };

/** The paper's thresholds for an answer and for none. */
const answerThreshold = 0.7;
const silenceThreshold = 0.3;

/** Steps that an output gets to rise before the strict window opens. */
const settling = 10;

/**
 * Defines a task, and returns a function that makes it: without arguments with
 * the usual timings, or with some of them changed.
 *
 * @param definition what the task is: timings, channels, conditions, trials
 * @returns a function from timings (steps) to the task
 * @throws {TaskError} for a definition that lacks something or contradicts
 * itself; the function, for timings that are unknown, not whole, or put a
 * window past the end of the trial
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
  const timing = resolveTiming(
    name,
    definition.timing,
    changes ?? {},
    stepMs,
  );
  const steps = timing.T;
  const layout = definition.layout(timing);
  checkRanges(name, layout);
  const windows = windowsOf(layout, steps);
  const stimuli = Object.entries(layout.stimuli).map(([name, range]) => ({
    name,
    ...windowOf(range),
  }));
  checkLayout(name, timing, {
    stepMs,
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
    ...(definition.graded && { graded: definition.graded(timing) }),
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
