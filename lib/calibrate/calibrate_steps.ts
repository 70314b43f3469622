/** The steps of a calibration before fine-tuning: fitted, tried, kept or not. */
import type { Calibration, SpikingNetwork } from "../network/spiking.ts";
import type { Task } from "../tasks/types.ts";
import { fitReadout, fitReadoutUnits } from "./calibrate_readout.ts";
import { fitUnits } from "./calibrate_units.ts";
import type { CalibrationOutcome } from "../network/records.ts";
import { correspondence } from "../map/correspondence.ts";
import type { CalibrationStep } from "../network/calibration_steps.ts";
import {
  decide,
  type Decision,
  isUnbeatable,
  type Tried,
  tryCalibration,
  type Validation,
} from "./keep.ts";

/** A step that is fitted without gradients. */
export type FittedStep = Exclude<CalibrationStep, "tune">;

/** How steps are fitted, and on what they are tried. */
export interface StepOptions {
  readonly fit: Parameters<typeof fitUnits>[2];
  /** Fresh trials, the same for all steps. */
  readonly validation: Validation;
}

/**
 * Fits steps one after the other, each on top of what was kept before it, and
 * keeps those that make the network better on fresh trials. While it is right in all
 * of them, nothing is fitted.
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
): AsyncGenerator<CalibrationOutcome, Tried> {
  const { validation } = options;
  let best = await tryCalibration(spiking, task, {}, validation);
  for (const step of steps) {
    options.fit.signal?.throwIfAborted();
    const after = isUnbeatable(best) ? best : await tryCalibration(
      spiking,
      task,
      await fitStep(step, best.calibration, spiking, task, options.fit),
      validation,
    );
    const decision = await decide(spiking, task, {
      before: best,
      after,
      validation,
    });
    yield await outcomeOf(step, {
      ...{ spiking, task, before: best, after, decision, validation },
    });
    if (decision.kept) best = after;
  }
  return best;
}

/** A step on record; if it is kept, with how much of the rate network it leaves. */
export async function outcomeOf(
  step: CalibrationStep,
  { spiking, task, before, after, decision, validation }: {
    readonly spiking: SpikingNetwork;
    readonly task: Task;
    readonly before: Tried;
    readonly after: Tried;
    readonly decision: Decision;
    readonly validation: Validation;
  },
): Promise<CalibrationOutcome> {
  const { seed, backend, signal } = validation;
  const { calibration } = after;
  return {
    step,
    before: before.score,
    after: after.score,
    ...decision,
    ...decision.kept && {
      correspondence: await correspondence({ ...spiking, calibration }, task, {
        seed,
        backend,
        signal,
      }),
    },
  };
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
