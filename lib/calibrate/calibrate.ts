/** Calibration of a mapped network, step by step. */
import type { Backend } from "../backend/types.ts";
import { openBackend } from "../backend/open.ts";
import type { Calibration, SpikingNetwork } from "../network/spiking.ts";
import { randomStream } from "../random/stream.ts";
import type { Task } from "../tasks/types.ts";
import type { Calibrated, CalibrationEnded } from "../records/events.ts";
import { outcomeOf, stepByStep, type StepOptions } from "./calibrate_steps.ts";
import { decide, isUnbeatable, type Tried, tryCalibration } from "./keep.ts";
import type {
  CalibrationOutcome,
  CalibrationRecord,
} from "../network/records.ts";
import {
  type CalibrationStep,
  calibrationSteps,
} from "../network/calibration_steps.ts";
import {
  checkTunable,
  checkTune,
  tuneDefaults,
  type TuneSettings,
  type TuneUpdate,
} from "./finetune_settings.ts";
import { tuneInRounds } from "./finetune_rounds.ts";
import { rateSolves, unsolvedText } from "../map/solves.ts";
import { complete } from "../settings/kinds.ts";
import { noiseGoal } from "./goal.ts";
import { type CalibrationGoal, fitSettings } from "./settings.ts";

/** Strengths of the noise that a fragile network is tuned on at. */
const wideNoise = [0.5, 1, 1.5];

/** How a calibration goes. */
export interface CalibrateOptions {
  /** Steps to take. Defaults to all. Their order is fixed. */
  readonly steps?: readonly CalibrationStep[];
  /** Of all trials and noise. */
  readonly seed: number;
  /** Trials that a fit runs on. Defaults to 40. */
  readonly trials?: number;
  /** Fresh trials on which a step must be better to be kept. Defaults to 100. */
  readonly validation?: number;
  /** Corrections of the units' bias currents. Defaults to 3; 0 for none. */
  readonly iterations?: number;
  /**
   * Goal of the calibration: `accurate`, to be right at the model's noise, or
   * `robust`, to be right from half to twice the noise. With `robust`, steps
   * must be better over 0.5, 1, 1.5 and 2 times the noise together, and not
   * worse beyond chance at the model's own, and `tune` uses trials with 0.5, 1,
   * 2 and 2.5 times the noise, or those of `tune.noise`. Defaults to
   * `accurate`.
   */
  readonly goal?: CalibrationGoal;
  /** Settings of the step `tune`. Defaults to {@linkcode tuneDefaults}. */
  readonly tune?: Partial<TuneSettings>;
  /**
   * Whether to calibrate a rate network that fails its task. The calibration
   * then learns the task from nothing. Defaults to false.
   */
  readonly force?: boolean;
  /** Called after every update of the step `tune`. */
  readonly onUpdate?: (update: TuneUpdate) => void;
  /** Where to run. Defaults to `simd` with one worker. */
  readonly backend?: Backend;
  /** Stops between chunks of trials. */
  readonly signal?: AbortSignal;
}

/**
 * Calibrates a mapped network beyond its scaling factor. Every step is fitted
 * on trials of a random stream of its own, and then tried on fresh ones, the
 * same for all steps. It is kept if it is better on these beyond chance
 * (McNemar's exact test), and not worse beyond chance at 0.5 and 1.5 times the
 * noise and without 5 % of the synapses. With several strengths of the noise
 * (`goal`, `tune.noise`) it must be better over all of them together, and not
 * worse beyond chance at the model's own. Nothing is fitted or tuned once the
 * network is right in all of these trials, since nothing could be better. Units
 * stay one-to-one, and gains above 0: no synapse changes its sign.
 *
 * `readout`: gains of excitatory and of inhibitory units in the readout, and an
 * offset. `units`: a bias current and a gain of the synaptic input for every
 * unit, so that it follows its rate unit's transfer function; the readout is
 * then fitted again. `weights`: a gain of the readout for every unit, in place
 * of the two of `readout`, on top of the step `units` if it was kept. `tune`:
 * gains of single synapses and of the readout, and bias currents, on top of all
 * that was kept, by {@linkcode TuneSettings}, in rounds until it is right in 97
 * % of 200 trials (of up to 600 where those leave room for less than 95 %);
 * from the third round on from other factors too, with the steps before it
 * taken anew, which the gains make up for.
 *
 * @param spiking the network, from `convert`; a calibration that it has is
 * ignored
 * @param task what it does
 * @param options steps, seed, numbers of trials
 * @yields `calibrated` for every step, then `calibration` with the record
 * @returns the record, as in the last event; its `calibration` is for `convert`
 * @throws {RangeError} for unknown steps, none or repeated, numbers that are
 * not whole or too small, a network mapped for steps of another duration than
 * the task's, the step `tune` for units that adapt, or a rate network that
 * fails its task, without `force`
 * @throws {TypeError} for a network with another number of input channels
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   calibrate, convert, createNetwork, getTask, randomStream,
 * } from "@spikernn/spikernn";
 * const task = getTask("go-nogo");
 * const network = createNetwork({ channels: 1, units: 10 }, randomStream(1));
 * const options = { scalingFactor: 50, stepMs: task.stepMs };
 * const steps = calibrate(convert(network, options), task, {
 *   seed: 1,
 *   // This one is not trained.
 *   force: true,
 *   steps: ["readout"],
 *   trials: 4,
 *   validation: 4,
 * });
 * for await (const event of steps) {
 *   if (event.kind !== "calibration") continue;
 *   const { calibration } = event.record;
 *   const calibrated = convert(network, { ...options, calibration });
 *   assert(calibrated.factor === 50);
 * }
 * ```
 */
export async function* calibrate(
  spiking: SpikingNetwork,
  task: Task,
  options: CalibrateOptions,
): AsyncGenerator<Calibrated | CalibrationEnded, CalibrationRecord> {
  const { seed } = options;
  const { trials, validation, iterations, goal } = complete(
    "calibrate",
    fitSettings,
    options,
  );
  const steps = options.steps ?? calibrationSteps;
  const told = { ...tuneDefaults, ...options.tune };
  const { factor } = spiking;
  checkSteps(steps);
  checkTune(told, task);
  const { tuned: noise, judged, held } = noiseGoal(goal, told);
  const tune = { ...told, noise, judged };
  checkTunable(steps, spiking.neuron);
  const random = randomStream(seed).fork("calibration");
  const backend = options.backend ?? await openBackend();
  const { signal, onUpdate } = options;
  const run = { backend, signal };
  const stepOptions: StepOptions = {
    fit: { ...run, seed: random.fork("fit").key, trials, iterations },
    validation: {
      ...run,
      seed: random.fork("validation").key,
      trials: validation,
      noise: held,
    },
  };
  const { validation: validated } = stepOptions;
  const fitted = calibrationSteps.filter((step) => step !== "tune")
    .filter((step) => steps.includes(step));
  try {
    if (!options.force) {
      const solved = await rateSolves(spiking.rate, task, {
        ...run,
        seed: random.fork("rate network").key,
      });
      if (!solved.solves) throw new RangeError(unsolvedText(solved));
    }
    const outcomes: CalibrationOutcome[] = [];
    const stepping = stepByStep(spiking, task, fitted, stepOptions);
    let next = await stepping.next();
    for (; !next.done; next = await stepping.next()) {
      outcomes.push(next.value);
      yield { kind: "calibrated", ...next.value };
    }
    let best = next.value;
    if (steps.includes("tune")) {
      const before = best;
      const { calibration, rounds } = isUnbeatable(before)
        ? { calibration: before.calibration, rounds: [] }
        : await tuneInRounds(spiking, task, {
          ...stepOptions.fit,
          ...tune,
          onUpdate,
          start: before.calibration,
          startAt: (network) =>
            fitted.length === 0
              ? Promise.resolve({})
              : keptOf(stepByStep(network, task, fitted, stepOptions)),
        });
      // Without an update it is the network that it was.
      let after = rounds.every(({ updates }) => updates === 0)
        ? { ...before, calibration }
        : await tryCalibration(spiking, task, calibration, validated);
      const decided = (found: Tried) =>
        decide(spiking, task, { before, after: found, validation: validated });
      let decision = await decided(after);
      let tuned = rounds;
      const wide = held.length > 1;
      if (!wide && decision.robustness.some(({ worse }) => worse)) {
        // Better and more fragile: one more round, over a range of the noise.
        const again = await tuneInRounds(spiking, task, {
          ...stepOptions.fit,
          ...tune,
          seed: random.fork("noise").key,
          rounds: 1,
          noise: wideNoise,
          judged: [wideNoise],
          onUpdate,
          start: calibration,
          startAt: () => Promise.resolve(calibration),
        });
        after = await tryCalibration(
          spiking,
          task,
          again.calibration,
          validated,
        );
        decision = await decided(after);
        tuned = [...rounds, ...again.rounds];
      }
      const outcome: CalibrationOutcome = {
        ...await outcomeOf("tune", {
          ...{ spiking, task, before, after, decision, validation: validated },
        }),
        ...tuned.length > 0 && { rounds: tuned },
      };
      outcomes.push(outcome);
      yield { kind: "calibrated", ...outcome };
      if (decision.kept) best = after;
    }
    const record: CalibrationRecord = {
      factor,
      calibration: best.calibration,
      outcomes,
      ...held.some((strength) => strength !== 1) && { noise: held },
      settings: {
        seed,
        trials,
        validation,
        iterations,
        ...steps.includes("tune") && {
          tuneRounds: tune.rounds,
          tuneUpdates: tune.updates,
          tuneBatch: tune.batch,
          tuneRate: tune.learningRate,
          tuneGuide: tune.guide,
          tuneHold: tune.hold,
          ...variationOf(tune),
          tuneSynapses: tune.weights === "all" ? 1 : 0,
        },
      },
    };
    yield { kind: "calibration", record };
    return record;
  } finally {
    if (!options.backend) backend.close();
  }
}

/** How stimuli varied, where they did. */
function variationOf(
  { amplitude: [least, greatest], shift }: TuneSettings,
): Readonly<Record<string, number>> {
  return {
    ...(least !== 1 || greatest !== 1) && {
      tuneAmplitudeLeast: least,
      tuneAmplitudeGreatest: greatest,
    },
    ...shift > 0 && { tuneShift: shift },
  };
}

/** What steps keep, whatever each of them gave. */
async function keptOf(
  stepping: ReturnType<typeof stepByStep>,
): Promise<Calibration> {
  let next = await stepping.next();
  while (!next.done) next = await stepping.next();
  return next.value.calibration;
}

function checkSteps(steps: readonly CalibrationStep[]): void {
  const known = steps.every((step) => calibrationSteps.includes(step));
  if (!known || steps.length === 0 || new Set(steps).size < steps.length) {
    throw new RangeError(
      `Cannot calibrate by the steps ${JSON.stringify(steps)}: allowed are ` +
        `${calibrationSteps.join(", ")}, each once`,
    );
  }
}
