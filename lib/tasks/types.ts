/**
 * What a task is. One definition drives training, rate evaluation, spiking
 * evaluation, figures and documentation.
 *
 * Times are in steps of the rate network. Output k (k = 0 … steps - 2) belongs
 * to time step k + 1 and is compared with `target[k]`.
 */
import type { RandomStream } from "../random/stream.ts";

/** Outputs k with `from <= k < to`. */
export interface Window {
  /** First output k. */
  readonly from: number;
  /** One past the last output k. */
  readonly to: number;
}

/**
 * What makes an output correct, as data, so that one function scores rate and
 * spiking outputs. `reach`: the output goes beyond the threshold at least once
 * (above a positive, below a negative one). `within`: it never leaves ±within
 * (a spiking output: never rises above it).
 */
export type Expectation = { readonly reach: number } | {
  readonly within: number;
};

/** One trial of a task. */
export interface Trial {
  /** Name of the condition, one of the task's. */
  readonly condition: string;
  /** Stimulus `u`, channels×steps. */
  readonly inputs: Float32Array;
  /** Target `z`, one number a step. */
  readonly target: Float32Array;
  /** What makes the output correct. */
  readonly expects: Expectation;
}

/** The windows in which an output is scored. */
export interface TaskWindows {
  /** The paper's window for a rate network's output. */
  readonly paper: Window;
  /** The paper's window for a spiking network's output. */
  readonly paperSpiking: Window;
  /** The strict window, for both. */
  readonly strict: Window;
}

/** When training may stop early; checked at every evaluation. */
export interface StoppingRule {
  /** Mean loss over the evaluation trials must be below this. */
  readonly loss: number;
  /**
   * Mean performance, by the rule of the training's `criterion`, must be above
   * this share (0.95: 95 %). It never is above 1.
   */
  readonly performance: number;
  /**
   * More than this number of training trials must be done; 0 for no such
   * condition.
   */
  readonly trials: number;
}

/** The file that a task came from. */
export interface TaskFile {
  /** SHA-256 of its text, in hexadecimal digits. */
  readonly sha256: string;
  /**
   * Path under which it was loaded: a hint for people, never loaded by itself.
   */
  readonly path: string;
}

/**
 * Noisy stimuli whose strength can be graded, and which of them decides the
 * answer.
 */
export interface GradedStimuli {
  /** Steps in which they are shown. */
  readonly window: Window;
  /** Mean of each graded channel, by condition. */
  readonly means: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The channel that the answer is about, by condition. */
  readonly relevant: Readonly<Record<string, string>>;
}

/** A task: plain data and one function. */
export interface Task {
  /** Name, as on the command line. */
  readonly name: string;
  /** One sentence for `tasks` and the documentation. */
  readonly description: string;
  /** Duration of one step, in ms. */
  readonly stepMs: number;
  /** Number of steps of a trial, T. */
  readonly steps: number;
  /** Names of the input channels, in the order of the rows of `inputs`. */
  readonly channels: readonly string[];
  /** Names of the conditions; trials of each can be requested. */
  readonly conditions: readonly string[];
  /** Words for conditions, as figures show them; a condition without is shown by its name. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The timings in force, by option name, in steps (`stim_on`, `stim_dur`, …). */
  readonly timing: Readonly<Record<string, number>>;
  /** Stimulus windows, for figures: name and steps. */
  readonly stimuli: readonly (Window & { readonly name: string })[];
  /** When outputs are scored, in steps. */
  readonly windows: TaskWindows;
  /** Stimuli whose strength can be graded; absent for a task without. */
  readonly graded?: GradedStimuli;
  /** When training may stop early. */
  readonly stopping: StoppingRule;
  /**
   * The file that the task came from; absent if it did not come from a file.
   */
  readonly file?: TaskFile;
  /**
   * Makes one trial. The same stream gives the same trial.
   *
   * @param random numbers for this trial alone
   * @param condition one of `conditions`; drawn at random when left out
   */
  trial(random: RandomStream, condition?: string): Trial;
  /**
   * Makes several trials at once, for a task whose code runs elsewhere (in a
   * sandbox). If present, it is used instead of `trial`.
   */
  trials?(
    requests: readonly { random: RandomStream; condition?: string }[],
  ): Promise<Trial[]>;
}
