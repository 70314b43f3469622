/** Settings and events of fine-tuning. */
import type { Backend } from "../backend/types.ts";
import { neuronModels, neuronNames } from "../network/neurons.ts";
import type { NeuronModel } from "../network/spiking.ts";
import { complete, usual } from "../settings/kinds.ts";
import type { Task } from "../tasks/types.ts";
import { shifted } from "../tasks/varied.ts";
import { type TunedWeights, tuneSettings } from "./settings.ts";

export type { TunedWeights };

/** Settings of the step `tune`. */
export interface TuneSettings {
  /**
   * Largest number of rounds; another one begins if the last one did not reach
   * its goal.
   */
  readonly rounds: number;
  /** Updates of a round, at most. */
  readonly updates: number;
  /** Trials of an update. */
  readonly batch: number;
  /**
   * Learning rate: the share of the weights' root mean square by which an
   * update moves a weight.
   */
  readonly learningRate: number;
  /**
   * Weight of the guide, the loss by which units fire as their rate units do,
   * until the network is right in 80 % of trials; 0 for none.
   */
  readonly guide: number;
  /** Weight of the guide from then on. */
  readonly hold: number;
  /**
   * Strengths of the noise, 1 for the model's, that trials of updates and
   * checks have in turn.
   */
  readonly noise: readonly number[];
  /**
   * Least and greatest factor of the stimuli, drawn for each trial of an update.
   */
  readonly amplitude: readonly number[];
  /**
   * Steps by which stimuli, targets and windows of an update's trials are earlier
   * or later, at most; drawn for each update.
   */
  readonly shift: number;
  /** What is tuned: only the readout, or the synapses as well. */
  readonly weights: TunedWeights;
}

/** Defaults of the step `tune`. */
export const tuneDefaults: TuneSettings = usual(tuneSettings);

/** What a round of tuning needs beside its settings. */
export interface RoundOptions extends Omit<TuneSettings, "rounds"> {
  /** Of all trials and noise. */
  readonly seed: number;
  /** Trials of each check of how far it is; 100 where it is less. */
  readonly trials: number;
  /** Whether it begins in the network's own integration steps. Defaults to false. */
  readonly ownSteps?: boolean;
  readonly backend: Backend;
  readonly signal?: AbortSignal;
  /** Told after every update. */
  readonly onUpdate?: (update: Omit<TuneUpdate, "round">) => void;
}

/** An update was done. */
export interface TuneUpdate {
  /** Round that it belongs to, from 1. */
  readonly round: number;
  /** Updates of the round so far. */
  readonly done: number;
  /** Updates of the round, at most. */
  readonly total: number;
  /** Mean squared error of the outputs before it. */
  readonly loss: number;
}

/**
 * @throws {RangeError} for numbers out of range, unknown weights, or a shift that
 *   the task's trials have no room for
 */
export function checkTune(settings: TuneSettings, task: Task): void {
  const { amplitude, shift } = complete("tune", tuneSettings, settings);
  const [least, greatest] = amplitude;
  if (least > greatest) {
    throw new RangeError(
      `Cannot tune: amplitude is from ${least} to ${greatest}; the least factor ` +
        "comes first",
    );
  }
  for (const steps of [-shift, shift]) shifted(task, steps);
}

/**
 * Whether a network of these units can be tuned. The smoothed model, through which
 * gradients go, has an input and no adaptation.
 *
 * @throws {RangeError} for steps that include `tune` with units that adapt
 */
export function checkTunable(
  steps: readonly string[],
  { name }: Pick<NeuronModel, "name">,
): void {
  if (!steps.includes("tune") || !neuronModels[name].adapts) return;
  const allowed = neuronNames.filter((other) => !neuronModels[other].adapts);
  throw new RangeError(
    `Cannot tune a network of ${name} units: their adaptation has no gradient; ` +
      `allowed are ${allowed.join(", ")}, or calibration by readout, units ` +
      "and weights",
  );
}
