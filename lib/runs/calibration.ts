/** Calibration of a searched network, for `map`. */
import type { Backend } from "../backend/types.ts";
import type { Model, SearchRecord } from "../network/records.ts";
import { calibrate } from "../calibrate/calibrate.ts";
import {
  type CalibrationStep,
  calibrationSteps,
} from "../network/calibration_steps.ts";
import {
  type CalibrationGoal,
  calibrationSettings,
  everyStep,
  tuneSettings,
} from "../calibrate/settings.ts";
import type { Flags } from "../settings/kinds.ts";
import { convert } from "../spiking/convert.ts";
import { mappingOfSearch } from "../spiking/mapped.ts";
import {
  checkTunable,
  checkTune,
  type TunedWeights,
  type TuneSettings,
} from "../calibrate/finetune_settings.ts";
import type { NeuronModel } from "../network/spiking.ts";
import type { Task } from "../tasks/types.ts";
import { asUsage, InterruptedError, UsageError } from "./errors.ts";
import { rateSolves, unsolvedText } from "../map/solves.ts";
import { formatNumber, formatPercent } from "./format.ts";
import { type Interruption, isAbort } from "./interrupt.ts";
import type { Reporter } from "./reporter.ts";
import { Counted } from "./progress/counted.ts";
import type { WatchedRun } from "./watch.ts";

/** What `map` says about a calibration. */
interface CalibrationFlags {
  readonly calibrate: readonly string[] | undefined;
  readonly goal: CalibrationGoal;
  readonly calibrate_trials: number;
  readonly calibrate_iterations: number;
  readonly tune_rounds: number;
  readonly tune_updates: number;
  readonly tune_batch: number;
  readonly tune_rate: number;
  readonly tune_guide: number;
  readonly tune_hold: number;
  readonly tune_noise: readonly number[];
  readonly tune_amplitude: readonly number[];
  readonly tune_shift: number;
  readonly tune_weights: TunedWeights;
  readonly trials: number;
  readonly calibrate_anyway?: boolean;
}

/** What says whether there is a calibration, and by which steps. */
type AskedSteps = Pick<CalibrationFlags, "calibrate" | "goal">;

/** Whether a calibration is asked for. */
export function calibrates({ calibrate, goal }: AskedSteps): boolean {
  return calibrate !== undefined || goal === "robust";
}

/** The steps that are asked for; a goal alone is one of tuning. */
function stepsOf(flags: AskedSteps): readonly CalibrationStep[] {
  const { calibrate = calibrates(flags) ? ["tune"] : [] } = flags;
  const named = calibrate.map((step) => step.toLowerCase());
  return named.includes(everyStep)
    ? calibrationSteps
    : named as CalibrationStep[];
}

/** What is said of the step `tune`. */
function tuneOf(flags: CalibrationFlags): TuneSettings {
  return {
    rounds: flags.tune_rounds,
    updates: flags.tune_updates,
    batch: flags.tune_batch,
    learningRate: flags.tune_rate,
    guide: flags.tune_guide,
    hold: flags.tune_hold,
    noise: flags.tune_noise,
    amplitude: flags.tune_amplitude,
    shift: flags.tune_shift,
    weights: flags.tune_weights,
  };
}

/**
 * Whether a network of these units can be calibrated on a task as asked, before
 * anything runs.
 *
 * @throws {UsageError} if it cannot
 */
export function checkCalibrates(
  flags: CalibrationFlags,
  neuron: Pick<NeuronModel, "name">,
  task: Task,
): Promise<void> {
  const steps = stepsOf(flags);
  return asUsage(() => {
    checkTunable(steps, neuron);
    if (steps.includes("tune")) checkTune(tuneOf(flags), task);
  });
}

/**
 * Settings of a calibration that is not asked for, a remark each.
 *
 * @param flags of `map`
 */
export function idleCalibration(flags: CalibrationFlags): string[] {
  const changed = (settings: Flags) =>
    Object.entries(settings).filter(([name, { fallback }]) => {
      const value = flags[name as keyof CalibrationFlags];
      return value !== undefined && `${value}` !== `${fallback}`;
    }).map(([name]) => `--${name}`);
  const { calibrate: _, goal: _goal, ...fits } = calibrationSettings;
  return [
    ...(calibrates(flags) ? [] : changed(fits)).map((name) =>
      `${name}: no effect without --calibrate`
    ),
    ...(stepsOf(flags).includes("tune") ? [] : changed(tuneSettings))
      .map((name) => `${name}: no effect without --calibrate tune`),
  ];
}

/** Calibrates at the factor that a search chose; shows and reports each step. */
export async function calibrateSearch(
  model: Model,
  searched: SearchRecord,
  task: Task,
  { given: { flags, output }, seed, backend, interruption, watched }: {
    readonly given: {
      readonly flags: CalibrationFlags;
      readonly output: Reporter;
    };
    readonly seed: number;
    readonly backend: Backend;
    readonly interruption: Interruption;
    readonly watched: WatchedRun;
  },
): Promise<SearchRecord> {
  const search = { ...searched, calibration: undefined };
  const spiking = convert(model.network, {
    ...mappingOfSearch(search, model.initial),
    stepMs: task.stepMs,
  });
  const steps = stepsOf(flags);
  const counted = new Counted("calibrate", "steps", output);
  let done = 0;
  try {
    const solved = await rateSolves(model.network, task, {
      seed,
      backend,
      signal: interruption.signal,
    });
    if (!solved.solves) {
      if (flags.calibrate_anyway !== true) {
        throw new UsageError(
          `${
            unsolvedText(solved)
          }; --calibrate_anyway calibrates it nevertheless`,
        );
      }
      output.note(
        `the rate network is right in ${
          formatPercent(solved.strict.value)
        } of trials: what a calibration gives has learned the task anew`,
      );
    }
    counted.show(0, steps.length);
    const events = calibrate(spiking, task, {
      steps,
      seed,
      trials: flags.calibrate_trials,
      validation: flags.trials,
      iterations: flags.calibrate_iterations,
      goal: flags.goal,
      tune: tuneOf(flags),
      backend,
      signal: interruption.signal,
      force: true,
      onUpdate: ({ round, done: updates, total, loss }) =>
        counted.show(done, steps.length, [
          round > 1
            ? `tune, round ${round} of at most ${flags.tune_rounds}, ` +
              `update ${updates} of at most ${total}`
            : `tune, update ${updates} of at most ${total}`,
          `error ${formatNumber(Math.sqrt(loss))}`,
        ]),
    });
    let next = await events.next();
    for (; !next.done; next = await events.next()) {
      // What it holds is told with the model.
      if (next.value.kind === "calibration") continue;
      output.event({ ...next.value });
      await watched.listen(next.value);
      const { step, after } = next.value;
      counted.show(++done, steps.length, [
        step,
        `strict ${formatPercent(after.strict.value)}`,
      ]);
    }
    return { ...search, calibration: next.value };
  } catch (error) {
    if (!isAbort(error)) {
      await watched.failed(error);
      throw error;
    }
    throw new InterruptedError(
      "Interrupted while calibrating: nothing was written, run the same " +
        "command to go on",
      { cause: error },
    );
  } finally {
    output.endProgress();
  }
}
