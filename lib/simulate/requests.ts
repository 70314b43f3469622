/** Trials for a network: a task's, or stimuli given as they are. */
import { countOf } from "../count.ts";
import { firstNotFinite } from "../arithmetic/finite.ts";
import { withLastColumnTwice } from "./columns.ts";
import type { FloatArray, RateNetwork } from "../network/types.ts";
import type { RandomStream } from "../random/stream.ts";
import { drawTrials } from "../tasks/draw.ts";
import type { Task, Trial } from "../tasks/types.ts";
import { channelCount } from "../network/geometry.ts";
import { evaluationSettings } from "./settings.ts";

/** A stimulus of your own. */
export interface StimulusTrial {
  /** Stimulus `u`, channels×columns, row-major. */
  readonly inputs: FloatArray;
  /**
   * Number of columns: one more than rate steps for a spiking network, which
   * lasts (columns - 1) rate steps; the number of steps for a rate network.
   */
  readonly columns: number;
  /** A name for the result. */
  readonly condition?: string;
}

/** Trials of a task. */
export interface TaskTrials {
  /** Task whose trials are run. */
  readonly task: Task;
  /**
   * Conditions to run, in turn: trial i has the (i mod n)-th of them. Defaults
   * to all of the task's.
   */
  readonly conditions?: readonly string[];
  /** Number of trials. Defaults to one of each condition. */
  readonly trials?: number;
}

/** What to simulate: a task's trials, or stimuli. */
export type TrialRequest = TaskTrials | readonly StimulusTrial[];

/** Which trials of a task a simulation runs. */
export interface SimulatedTrials {
  /** Number of trials. Defaults to one of each condition. */
  readonly trials?: number;
  /** One condition, or several in turn. Defaults to all of the task's, in turn. */
  readonly condition?: string | readonly string[];
}

/**
 * The request behind a task and options, or behind stimuli.
 *
 * @throws {RangeError} for options that only a task takes
 */
export function requestOf(
  of: Task | TrialRequest,
  { trials, condition }: SimulatedTrials,
): TrialRequest {
  if ("trial" in of) {
    const conditions = condition === undefined ? undefined : [condition].flat();
    return { task: of, trials, conditions };
  }
  if (!isTask(of) && (trials !== undefined || condition !== undefined)) {
    throw new RangeError(
      "Cannot choose trials or conditions of stimuli: give a task, or leave " +
        "trials and condition out",
    );
  }
  return of;
}

/** A trial ready to run, with the task's own trial if there is one. */
export interface PreparedTrial extends StimulusTrial {
  /** The trial of the task, if it is one. */
  readonly trial?: Trial;
}

/** Number of trials that a request asks for. */
export function trialCount(request: TrialRequest): number {
  return isTask(request)
    ? request.trials ?? conditionsOf(request).length
    : request.length;
}

/** Which trials are drawn: a task's, or stimuli given as they are. */
export type TrialSource =
  | {
    readonly task: Task;
    /** Conditions to take in turn; drawn at random when left out. */
    readonly conditions?: readonly string[];
  }
  | readonly StimulusTrial[];

/** The trials that a request chooses. */
export function sourceOf(request: TrialRequest): TrialSource {
  return isTask(request)
    ? { task: request.task, conditions: conditionsOf(request) }
    : request;
}

/**
 * Trials [from, to) of a source, for a network that takes `extra` columns more
 * than the task has steps. Every trial of a task is made from a stream of its
 * own, so that it does not depend on the trials beside it.
 *
 * @param random stream of this run; trial i uses its i-th fork for "trial"
 * @param extra columns to add by repeating the last one: 1 for spiking networks
 * @throws {TaskError} for a task that makes wrong trials
 */
export async function drawFrom(
  source: TrialSource,
  random: RandomStream,
  { from, to, extra }: { from: number; to: number; extra: 0 | 1 },
): Promise<PreparedTrial[]> {
  if (!("task" in source)) return source.slice(from, to);
  const { task, conditions } = source;
  const trials = await drawTrials(task, random, {
    first: from,
    count: to - from,
    condition: conditions,
  });
  return trials.map((trial) => ({
    trial,
    condition: trial.condition,
    inputs: extra
      ? withLastColumnTwice(trial.inputs, task.channels.length, task.steps)
      : trial.inputs,
    columns: task.steps + extra,
  }));
}

/**
 * Checks that a request suits a network, before anything is run.
 *
 * @param extra columns that a trial has more than steps: 1 for spiking networks
 * @throws {TypeError} for another number of channels than the network has, or a
 *   stimulus whose length is not channels×columns
 * @throws {RangeError} for unknown conditions, a number of trials below 1, or
 *   stimuli that are not finite
 */
export function checkRequest(
  request: TrialRequest,
  network: RateNetwork,
  extra: 0 | 1,
): void {
  const count = trialCount(request);
  const { accepts, allowed } = evaluationSettings.trials;
  if (!accepts(count)) {
    throw new RangeError(
      `Cannot simulate ${countOf(count, "trial")}: allowed are ${allowed}`,
    );
  }
  const channels = channelCount(network);
  if (!isTask(request)) {
    request.forEach((trial, i) => checkStimulus(trial, channels, i, extra));
    return;
  }
  const { task } = request;
  if (task.channels.length !== channels) {
    throw new TypeError(
      `Cannot simulate task ${task.name}: it has ${
        countOf(task.channels.length, "channel")
      } (${task.channels.join(", ")}), the network has ${channels}`,
    );
  }
  for (const condition of conditionsOf(request)) {
    if (!task.conditions.includes(condition)) {
      throw new RangeError(
        `Cannot simulate condition ${JSON.stringify(condition)}: task ` +
          `${task.name} has ${task.conditions.join(", ")}`,
      );
    }
  }
}

/** Whether a request is for trials of a task. */
export function isTask(request: TrialRequest): request is TaskTrials {
  return "task" in request;
}

function conditionsOf({ task, conditions }: TaskTrials): readonly string[] {
  return conditions?.length ? conditions : task.conditions;
}

function checkStimulus(
  { inputs, columns }: StimulusTrial,
  channels: number,
  index: number,
  extra: 0 | 1,
): void {
  if (!(Number.isInteger(columns) && columns > extra)) {
    throw new TypeError(
      `Cannot simulate trial ${index}: it has ${countOf(columns, "column")}, ` +
        `a whole number of at least ${extra + 1} is needed`,
    );
  }
  if (inputs.length !== channels * columns) {
    throw new TypeError(
      `Cannot simulate trial ${index}: its stimulus is ${inputs.length} ` +
        `numbers (${countOf(inputs.length / columns, "channel")} × ${
          countOf(columns, "column")
        }), ` +
        `the network has ${countOf(channels, "channel")}`,
    );
  }
  const bad = firstNotFinite(inputs);
  if (bad >= 0) {
    throw new RangeError(
      `Cannot simulate trial ${index}: its stimulus holds ` +
        `${inputs[bad]}, ` +
        "finite numbers are needed",
    );
  }
}
