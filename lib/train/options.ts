/** How a network is trained. */
import type { Backend, LossName } from "../backend/types.ts";
import { type PerformanceRule, performanceRules } from "../network/scores.ts";
import type { StoppingRule, Task } from "../tasks/types.ts";
import type { TrainingState } from "../records/training_state.ts";

/** How a network is trained; the defaults are the paper's. */
export interface TrainOptions {
  /** Of the trials and all noise: a whole number from 0. */
  readonly seed: number;
  /** Largest number of updates (5000). In the original one trial is one update. */
  readonly updates?: number;
  /** Trials of an update (1); its gradient is that of their mean loss. */
  readonly batch?: number;
  /** Learning rate of Adam (0.01). */
  readonly learningRate?: number;
  /** Loss over a trial (l2). */
  readonly loss?: LossName;
  /**
   * Share of a trial's loss that the steps of the strict window have, where an
   * answer is due (0: all steps weigh alike, as in the paper). Losses of updates
   * are with it, those of evaluations without.
   */
  readonly answerShare?: number;
  /** Updates from one evaluation to the next (100). */
  readonly evalEvery?: number;
  /** Trials of an evaluation (100). */
  readonly evalTrials?: number;
  /** When training may stop early, in place of the task's own rule. */
  readonly stopping?: Partial<StoppingRule>;
  /** The rule by which its performance counts (paper). */
  readonly criterion?: PerformanceRule;
  /** Largest norm of the gradient, to which larger ones are scaled (no limit). */
  readonly clipNorm?: number;
  /**
   * Multiples of the model's noise that updates are made with, in turn ([1]): the
   * next begins at the evaluation that meets the stopping rule, and training
   * stops where the rule is met at the last. Evaluations have the model's noise.
   */
  readonly noiseLevels?: readonly number[];
  /**
   * Easier tasks to learn first, in turn (none), with the same channels and
   * steps of the same duration: the next begins at the evaluation that meets the
   * criteria of the one in hand. See `shorterDelays`.
   */
  readonly curriculum?: readonly Task[];
  /** Where to compute (`simd`). */
  readonly backend?: Backend;
  /** Ends training after the update in hand; what there is, is given. */
  readonly signal?: AbortSignal;
  /** Goes on from here; the network given is not used. */
  readonly resume?: TrainingState;
  /** Also gives the state to resume from, after every evaluation and at the end. */
  readonly checkpoints?: boolean;
  /** Settings to record in the model, by their command-line names. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Options with every value in place. */
export type CompleteOptions =
  & TrainOptions
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

/**
 * Fills in defaults and checks.
 *
 * @throws {RangeError} naming the option, what was received and what is allowed
 */
export function completeOptions(options: TrainOptions): CompleteOptions {
  const complete = {
    ...options,
    updates: options.updates ?? 5000,
    batch: options.batch ?? 1,
    learningRate: options.learningRate ?? 0.01,
    loss: options.loss ?? "l2" as const,
    answerShare: options.answerShare ?? 0,
    evalEvery: options.evalEvery ?? 100,
    evalTrials: options.evalTrials ?? 100,
    noiseLevels: options.noiseLevels ?? [1],
    curriculum: options.curriculum ?? [],
    criterion: options.criterion ?? "paper" as const,
  };
  for (const name of ["updates", "batch", "evalEvery", "evalTrials"] as const) {
    const value = complete[name];
    if (!Number.isSafeInteger(value) || value < 1) {
      refuse(name, value, "a whole number from 1");
    }
  }
  for (const name of ["learningRate", "clipNorm"] as const) {
    const value = complete[name];
    if (value !== undefined && !(Number.isFinite(value) && value > 0)) {
      refuse(name, value, "a finite number above 0");
    }
  }
  const { noiseLevels, answerShare } = complete;
  if (!(answerShare >= 0 && answerShare < 1)) {
    refuse("answerShare", answerShare, "a number from 0, below 1");
  }
  if (
    noiseLevels.length === 0 ||
    !noiseLevels.every((level) => Number.isFinite(level) && level >= 0)
  ) {
    refuse("noiseLevels", `[${noiseLevels}]`, "one or more numbers from 0");
  }
  if (!performanceRules.includes(complete.criterion)) {
    refuse("criterion", complete.criterion, performanceRules.join(", "));
  }
  if (complete.loss !== "l1" && complete.loss !== "l2") {
    refuse("loss", complete.loss, "l1, l2");
  }
  return complete;
}

function refuse(name: string, received: unknown, allowed: string): never {
  throw new RangeError(
    `Cannot train: ${name} is ${received}, allowed: ${allowed}`,
  );
}
