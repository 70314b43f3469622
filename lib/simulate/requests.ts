/** Trials for a network: a task's, or stimuli given as they are. */
import { withLastColumnTwice } from "./columns.ts";
import type { FloatArray, RateNetwork } from "../network/types.ts";
import type { RandomStream } from "../random/stream.ts";
import { drawTrials } from "../tasks/draw.ts";
import type { Task, Trial } from "../tasks/types.ts";
import { channelCount } from "../network/geometry.ts";

/** A stimulus of one's own. */
export interface StimulusTrial {
  /** Stimulus `u`, channels×columns, row-major. */
  readonly inputs: FloatArray;
  /**
   * Number of columns: one more than rate steps for a spiking network, which
   * lasts (columns - 1) rate steps; the number of steps for a rate network.
   */
  readonly columns: number;
  /** A name, handed on to the result. */
  readonly condition?: string;
}

/** Trials of a task. */
export interface TaskTrials {
  /** Task whose trials are run. */
  readonly task: Task;
  /**
   * Conditions to run, in turn: trial i has the (i mod n)-th of them. All of
   * the task's unless told.
   */
  readonly conditions?: readonly string[];
  /** Number of trials; one of each condition unless told. */
  readonly trials?: number;
}

/** What to simulate. */
export type TrialRequest = TaskTrials | readonly StimulusTrial[];

/** A trial ready to run, with the task's own trial where there is one. */
export interface PreparedTrial extends StimulusTrial {
  /** The trial of the task, where it is one. */
  readonly trial?: Trial;
}

/** Number of trials that a request asks for. */
export function trialCount(request: TrialRequest): number {
  return isTask(request)
    ? request.trials ?? conditionsOf(request).length
    : request.length;
}

/**
 * Trials [from, to) of a request, for a network that takes `extra` columns more
 * than the task has steps. Every trial of a task is made from a stream of its
 * own, so that it does not depend on the trials beside it.
 *
 * @param request what to simulate
 * @param network the network, for its number of channels
 * @param random stream of this run; trial i uses its i-th fork for "trial"
 * @param extra columns to add by repeating the last one: 1 for spiking networks
 * @throws {TypeError} for stimuli with another number of channels than the
 *   network, or whose length is not channels×columns
 * @throws {RangeError} for unknown conditions, a number of trials that is not
 *   whole, or stimuli that are not finite
 */
export async function prepareTrials(
  request: TrialRequest,
  network: RateNetwork,
  random: RandomStream,
  { from, to, extra }: { from: number; to: number; extra: 0 | 1 },
): Promise<PreparedTrial[]> {
  const channels = channelCount(network);
  if (!isTask(request)) {
    return request.slice(from, to).map((trial, i) => {
      checkStimulus(trial, channels, from + i, extra);
      return trial;
    });
  }
  const { task } = request;
  const trials = await drawTrials(task, random, {
    first: from,
    count: to - from,
    condition: conditionsOf(request),
  });
  return trials.map((trial) => ({
    trial,
    condition: trial.condition,
    inputs: extra
      ? withLastColumnTwice(trial.inputs, channels, task.steps)
      : trial.inputs,
    columns: task.steps + extra,
  }));
}

/**
 * Checks that a request suits a network, before anything is run.
 *
 * @throws {TypeError} where the task has another number of channels
 * @throws {RangeError} for unknown conditions or a number of trials below 1
 */
export function checkRequest(
  request: TrialRequest,
  network: RateNetwork,
): void {
  const count = trialCount(request);
  if (!(Number.isInteger(count) && count > 0)) {
    throw new RangeError(
      `Cannot simulate ${count} trials: a whole number above 0 is needed`,
    );
  }
  if (!isTask(request)) return;
  const { task } = request;
  const channels = channelCount(network);
  if (task.channels.length !== channels) {
    throw new TypeError(
      `Cannot simulate task ${task.name}: it has ${task.channels.length} ` +
        `channels (${task.channels.join(", ")}), the network has ${channels}`,
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
      `Cannot simulate trial ${index}: it has ${columns} columns, ` +
        `a whole number of at least ${extra + 1} is needed`,
    );
  }
  if (inputs.length !== channels * columns) {
    throw new TypeError(
      `Cannot simulate trial ${index}: its stimulus is ${inputs.length} ` +
        `numbers (${inputs.length / columns} channels × ${columns} columns), ` +
        `the network has ${channels} channels`,
    );
  }
  if (!inputs.every(Number.isFinite)) {
    throw new RangeError(
      `Cannot simulate trial ${index}: its stimulus holds ` +
        `${inputs.find((value) => !Number.isFinite(value))}, ` +
        "finite numbers are needed",
    );
  }
}
