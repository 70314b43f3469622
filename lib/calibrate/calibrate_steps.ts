/** The steps of a calibration before fine-tuning: fitted, tried, kept or not. */
import type { Backend } from "../backend/types.ts";
import { evaluateSpiking } from "../simulate/evaluate_spiking.ts";
import type { Score } from "../network/scores.ts";
import type { Calibration, SpikingNetwork } from "../network/spiking.ts";
import type { Task } from "../tasks/types.ts";
import { fitReadout, fitReadoutUnits } from "./calibrate_readout.ts";
import { fitUnits } from "./calibrate_units.ts";
import type { CalibrationOutcome } from "../network/records.ts";
import type { CalibrationStep } from "../network/calibration_steps.ts";
import { isNearer } from "../map/selection.ts";

/** A step that is fitted without gradients. */
export type FittedStep = Exclude<CalibrationStep, "tune">;

/** How steps are fitted, and on what they are tried. */
export interface StepOptions {
  readonly fit: Parameters<typeof fitUnits>[2];
  /** Fresh trials, the same for all steps. */
  readonly validation: {
    readonly seed: number;
    readonly trials: number;
    readonly backend: Backend;
    readonly signal?: AbortSignal;
  };
}

/** A calibration and how it did. */
export interface Kept {
  readonly calibration: Calibration;
  readonly score: Score;
}

/**
 * Fits steps one after the other, each on top of what was kept before it, and
 * keeps those that make the network better on fresh trials.
 *
 * @param spiking the network; a calibration that it has is ignored
 * @yields what each step gave
 * @returns what was kept
 */
export async function* stepByStep(
  spiking: SpikingNetwork,
  task: Task,
  steps: readonly FittedStep[],
  options: StepOptions,
): AsyncGenerator<CalibrationOutcome, Kept> {
  let best: Kept = await tried(spiking, task, {}, options);
  for (const step of steps) {
    options.fit.signal?.throwIfAborted();
    const calibration = await fitStep(
      step,
      best.calibration,
      spiking,
      task,
      options.fit,
    );
    const found = await tried(spiking, task, calibration, options);
    const kept = isNearer(found.score, best.score);
    yield { step, before: best.score, after: found.score, kept };
    if (kept) best = found;
  }
  return best;
}

/** A calibration with its score on the trials that steps are tried on. */
export async function tried(
  spiking: SpikingNetwork,
  task: Task,
  calibration: Calibration,
  { validation }: StepOptions,
): Promise<Kept> {
  const score = await evaluateSpiking({ ...spiking, calibration }, task, {
    ...validation,
    balanced: true,
  });
  return { calibration, score };
}

async function fitStep(
  step: FittedStep,
  best: Calibration,
  spiking: SpikingNetwork,
  task: Task,
  options: StepOptions["fit"],
): Promise<Calibration> {
  const { units: kept } = best;
  const units = step === "units"
    ? await fitUnits(spiking, task, options)
    : kept;
  const calibration = units && { units };
  const fit = step === "weights" ? fitReadoutUnits : fitReadout;
  const readout = await fit({ ...spiking, calibration }, task, options);
  return { readout, ...calibration };
}
