/**
 * How a network is trained: what `train` takes, and the same by the names of the
 * command line, with what presets set. A further setting is a line in each and
 * the code that it changes.
 */
import type { RateNetwork } from "../network/types.ts";
import type { Backend, LossName } from "../backend/types.ts";
import { type PerformanceRule, performanceRules } from "../network/scores.ts";
import {
  byPreset,
  complete,
  grouped,
  listOrNone,
  oneOf,
  option,
} from "../settings/kinds.ts";
import { numbers, real, realOr, whole } from "../settings/numbers.ts";
import { presetNames, usualPreset } from "../settings/presets.ts";
import type { StoppingRule, Task } from "../tasks/types.ts";
import type { TrainingState } from "../records/training_state.ts";

/** Options of training; the defaults are the paper's. */
export interface TrainOptions {
  /** Seed of the trials and all noise: a whole number from 0. */
  readonly seed: number;
  /**
   * Largest number of updates. Defaults to 5000. In the original one trial is
   * one update.
   */
  readonly updates?: number;
  /**
   * Trials of an update, whose gradient is that of their mean loss. Defaults to
   * 1.
   */
  readonly batch?: number;
  /** Learning rate of Adam. Defaults to 0.01. */
  readonly learningRate?: number;
  /**
   * Updates over which the learning rate rises to its value, in even steps,
   * since the first moments of Adam come from few trials. Defaults to none.
   */
  readonly warmUp?: number;
  /** Loss over a trial. Defaults to `l2`. */
  readonly loss?: LossName;
  /**
   * Share of a trial's loss that the steps of the strict window have, if a
   * response is due. Defaults to 0: all steps weigh alike, as in the paper. It
   * applies to losses of updates, not to those of evaluations.
   */
  readonly answerShare?: number;
  /** Updates from one evaluation to the next. Defaults to 100. */
  readonly evalEvery?: number;
  /** Trials of an evaluation. Defaults to 100. */
  readonly evalTrials?: number;
  /** When training may stop early. Defaults to the task's own rule. */
  readonly stopping?: Partial<StoppingRule>;
  /** The rule for the performance of the stopping rule. Defaults to `paper`. */
  readonly criterion?: PerformanceRule;
  /**
   * Largest norm of the gradient, to which larger ones are scaled down.
   * Defaults to `none`: no limit.
   */
  readonly clipNorm?: number | "none";
  /**
   * Multiples of the model's noise in updates, one after the other. The next
   * level begins when an evaluation meets the stopping rule, and training stops
   * when the rule is met at the last one. Evaluations have the model's noise.
   * Defaults to [1].
   */
  readonly noiseLevels?: readonly number[];
  /**
   * Easier tasks to learn first, one after the other, with the same channels
   * and steps of the same duration. The next one begins when an evaluation
   * meets the criteria of the present one. See `shorterDelays`. Defaults to
   * none.
   */
  readonly curriculum?: readonly Task[];
  /** Where to compute. Defaults to `simd` with one worker. */
  readonly backend?: Backend;
  /**
   * Ends training after the present update; the last event has the network so
   * far.
   */
  readonly signal?: AbortSignal;
  /** State from which to go on; the given network is then not used. */
  readonly resume?: TrainingState;
  /**
   * Whether to yield the state to resume from, after every evaluation and at
   * the end. Defaults to false.
   */
  readonly checkpoints?: boolean;
  /**
   * Called when the loop over the events is left early, by `break` or `return`,
   * with the network as it stands.
   */
  readonly onLeave?: (network: RateNetwork) => void;
  /** Settings to record in the model, by their command-line names. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A value of both presets that average over batches. */
const averaged = <T>(value: T) => ({ robust: value, fast: value });

/**
 * Settings of a training, by their names on the command line.
 *
 * Of batches of 4, 8 and 16 and learning rates of 0.01 and 0.02 those of the
 * presets were the quickest over three tasks. A delay of 10 steps is learned in
 * 100 to 250 updates, from which the task's own is near.
 */
export const trainingSettings = grouped("Training", {
  preset: oneOf(
    "settings that go together (batch, clip_norm, learning_rate, eval_freq, inhibitory_scale, answer_share, curriculum, noise_levels, criterion); a flag that you give wins over them",
    { names: presetNames, fallback: usualPreset },
  ),
  n_trials: option(
    "updates",
    whole(
      "largest number of updates (not of trials, whatever the batch)",
      { min: 1, fallback: 5000 },
    ),
  ),
  batch: option(
    "batch",
    whole("trials of an update", { min: 1, max: 100_000, fallback: 1 }),
    { ...averaged(16), paper: 1 },
  ),
  loss_fn: option(
    "loss",
    oneOf(
      "loss of a trial: l2, root of the summed squared errors, or l1, sum of the absolute errors",
      {
        names: ["l1", "l2"] as const,
        fallback: "l2",
      },
    ),
  ),
  answer_share: option(
    "answerShare",
    real(
      "share of the loss that the response has (the steps of the strict window), if one is due; 0: all steps weigh alike",
      { min: 0, below: 1, fallback: 0, placeholder: "SHARE" },
    ),
    averaged(0.7),
  ),
  // The library takes tasks, of which these are the delays.
  curriculum: byPreset(
    listOrNone(numbers(
      "shorter delays to train with first, in steps, if the task has a delay; the next one begins when the criteria are met",
      {
        least: 1,
        most: 20,
        min: 0,
        whole: true,
        fallback: [],
        placeholder: "DELAY...|none",
      },
    )),
    { ...averaged([10]), paper: [] },
  ),
  learning_rate: option(
    "learningRate",
    real("learning rate of Adam", { above: 0, fallback: 0.01 }),
    averaged(0.02),
  ),
  warm_up: option(
    "warmUp",
    whole("updates over which the learning rate rises to its value", {
      min: 1,
      max: 1_000_000,
      fallback: undefined,
      shown: "none",
    }),
  ),
  clip_norm: option(
    "clipNorm",
    realOr(
      "largest norm of the gradient; a larger one is scaled down; none: no limit",
      { names: ["none"] as const, above: 0, fallback: undefined },
    ),
    averaged<number | "none" | undefined>(1),
  ),
  noise_levels: option(
    "noiseLevels",
    numbers(
      "multiples of the model's noise to train with, in turn: the next begins when the criteria are met, and training ends when they are met at the last",
      { least: 1, most: 20, min: 0, fallback: [1], placeholder: "LEVEL..." },
    ),
    { robust: [1, 2, 4, 4, 4] },
  ),
  // The library has it as a part of its stopping rule.
  loss_threshold: real("mean loss below which training may stop", {
    above: 0,
    fallback: undefined,
    shown: "the task's, 7",
  }),
  criterion: option(
    "criterion",
    oneOf(
      "rule whose performance must be above the task's 95 % before training may stop",
      { names: performanceRules, fallback: "paper" },
    ),
    { robust: "strict" },
  ),
  eval_freq: option(
    "evalEvery",
    whole("updates from one evaluation to the next", { min: 1, fallback: 100 }),
    averaged(50),
  ),
  eval_trials: option(
    "evalTrials",
    whole("trials of an evaluation", {
      min: 1,
      max: 1_000_000,
      fallback: 100,
    }),
  ),
});

/** Options with every value in place. */
export type CompleteOptions =
  & Omit<TrainOptions, "clipNorm">
  & { readonly clipNorm?: number }
  & Required<
    Pick<
      TrainOptions,
      | "updates"
      | "batch"
      | "learningRate"
      | "loss"
      | "answerShare"
      | "evalEvery"
      | "evalTrials"
      | "noiseLevels"
      | "curriculum"
      | "criterion"
    >
  >;

/** What is given of a stopping rule, checked. */
function givenRule(stopping: Partial<StoppingRule>): Partial<StoppingRule> {
  const given = Object.entries(stopping)
    .filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (!["loss", "performance", "trials"].includes(name)) {
      throw new RangeError(
        `Cannot train: the stopping rule has no ${name}, allowed: loss, ` +
          "performance, trials",
      );
    }
    const most = name === "performance" ? 1 : Infinity;
    if (!(typeof value === "number" && value <= most)) {
      throw new RangeError(
        `Cannot train: stopping.${name} is ${value}, allowed: ` +
          (most === 1 ? "shares of at most 1" : "numbers"),
      );
    }
  }
  return Object.fromEntries(given);
}

/**
 * Fills in defaults and checks.
 *
 * @throws {RangeError} naming the option, what was received and what is allowed
 */
export function completeOptions(options: TrainOptions): CompleteOptions {
  const all = complete("train", trainingSettings, options);
  return {
    ...all,
    ...(options.stopping && { stopping: givenRule(options.stopping) }),
    clipNorm: all.clipNorm === "none" ? undefined : all.clipNorm,
    curriculum: options.curriculum ?? [],
  };
}
