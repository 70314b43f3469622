/** Checks before and after an evaluation's trials are run. */
import { countOf } from "../count.ts";
import { firstNotFinite } from "../arithmetic/finite.ts";
import { isNoiseScale, type NoiseScale } from "./noise_levels.ts";
import { evaluationSettings } from "./settings.ts";
import { DivergedError } from "../network/diverged.ts";
import { TaskError } from "../errors.ts";
import type { FloatArray, RateNetwork } from "../network/types.ts";
import type { Task } from "../tasks/types.ts";

/** Options for the trials of an evaluation. */
export interface TrialChoice {
  /** Number of trials. */
  readonly trials: number;
  /**
   * One condition, or several in turn. By default conditions are drawn at
   * random, as in the original.
   */
  readonly condition?: string | readonly string[];
  /**
   * Whether all conditions take turns, so that each gets the same number of
   * trials. Defaults to false.
   */
  readonly balanced?: boolean;
}

/**
 * Checks a choice of trials.
 *
 * @returns the conditions to take in turn; `undefined`: drawn at random
 * @throws {RangeError} for a number of trials that is not whole or below 1, or
 *   conditions together with `balanced`
 * @throws {TaskError} for a condition that the task does not have
 */
export function chosenConditions(
  task: Task,
  { trials, condition, balanced }: TrialChoice,
): readonly string[] | undefined {
  const { accepts, allowed } = evaluationSettings.trials;
  if (!accepts(trials)) {
    throw new RangeError(
      `Cannot evaluate task ${task.name} on ${countOf(trials, "trial")}: ` +
        `allowed are ${allowed}`,
    );
  }
  if (condition === undefined) return balanced ? task.conditions : undefined;
  const conditions = [condition].flat();
  if (balanced || conditions.length === 0) {
    throw new RangeError(
      `Cannot evaluate task ${task.name} on conditions [${conditions}]` +
        `${balanced ? " and balanced" : ""}: name one or more, or balance all`,
    );
  }
  for (const name of conditions) {
    if (!task.conditions.includes(name)) {
      throw new TaskError(
        `Cannot evaluate condition ${JSON.stringify(name)}: ` +
          `task ${task.name} has ${task.conditions.join(", ")}`,
      );
    }
  }
  return conditions;
}

/** @throws {TypeError} for a network with another number of input channels than the task */
export function checkChannels(network: RateNetwork, task: Task): void {
  for (const { to, weights } of network.inputs) {
    const channels = weights.length / network.layers[to].size;
    if (channels !== task.channels.length) {
      throw new TypeError(
        `Cannot evaluate the network on task ${task.name}: it has ` +
          `${
            countOf(channels, "input channel")
          }, the task has ${task.channels.length} ` +
          `(${task.channels.join(", ")})`,
      );
    }
  }
}

/** @throws {RangeError} for a factor of the noise that is not 0 or more */
export function checkNoiseScale(scale: NoiseScale = 1): void {
  if (!isNoiseScale(scale)) {
    throw new RangeError(
      `Cannot evaluate with noise scaled by ${scale}: it must be 0 or more`,
    );
  }
}

/** @throws {DivergedError} for outputs that are not finite numbers */
export function checkOutputs(
  outputs: FloatArray,
  trial: number,
  condition: string,
): void {
  const bad = firstNotFinite(outputs);
  if (bad >= 0) {
    throw new DivergedError(
      `Cannot evaluate the network: its output ${bad} in trial ${trial} ` +
        `(${condition}) is ${outputs[bad]}, finite numbers are needed`,
    );
  }
}
