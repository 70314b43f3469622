/** What is particular to a task, as its author writes it. */
import type { RandomStream } from "../random/stream.ts";
import type {
  Expectation,
  GradedStimuli,
  StoppingRule,
  Task,
} from "./types.ts";

/** The timings of a task, in steps; `T` is the number of steps of a trial. */
export type Timing = Readonly<Record<string, number>> & { readonly T: number };

/** Where things happen in a trial, in steps. */
export interface Layout {
  /** Stimulus windows by name, for figures and checks. */
  readonly stimuli: Readonly<Record<string, readonly [number, number]>>;
  /** When the target requires a response. */
  readonly response: readonly [number, number];
  /**
   * Strict window, once the output has had time to rise. Defaults
   * to the response without its first 10 steps (half of it, if it is shorter
   * than 20).
   */
  readonly strict?: readonly [number, number];
  /** The paper's window for rate outputs. Defaults to the response, to the end. */
  readonly paper?: readonly [number, number];
  /** The paper's window for spiking outputs. Defaults to the strict window, to the end. */
  readonly paperSpiking?: readonly [number, number];
}

/** An empty trial, which a task's `trial` fills in. */
export interface Draft<T extends Timing = Timing> {
  /** The condition of this trial. */
  readonly condition: string;
  /** Random numbers for this trial alone. */
  readonly random: RandomStream;
  /** The timings in force. */
  readonly timing: T;
  /** Target `z`, T numbers, all 0 at first. */
  readonly target: Float32Array;
  /** The stimulus of one channel, T numbers, all 0 at first. */
  channel(name: string): Float32Array;
}

/** Definition of a task. */
export interface TaskDefinition<T extends Timing = Timing> {
  /** Name, in lower-case letters, digits and hyphens. */
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** Duration of one step, ms. Defaults to 5. */
  readonly stepMs?: number;
  /** The timings with their defaults, in steps. Each becomes an option. */
  readonly timing: T;
  /** Names of the input channels. */
  readonly channels: readonly string[];
  /** All conditions, equally likely. */
  readonly conditions: readonly string[];
  /**
   * Words for conditions, as figures and reports show them: `{ "same:++": "Same
   * (+ +)" }`. Conditions without one are shown by their names.
   */
  readonly labels?: Readonly<Record<string, string>>;
  /** Windows of stimuli and response, given the timings. */
  layout(timing: T): Layout;
  /** Stimuli whose strength can be graded, given the timings. */
  graded?(timing: T): GradedStimuli;
  /** When training may stop early. Defaults to the paper's rule. */
  readonly stopping?: Partial<StoppingRule>;
  /**
   * Fills in one trial. The correct output follows from the target at the start
   * of the strict window (above 0: above 0.7; below 0: below -0.7; 0: within
   * ±0.3), unless `trial` returns it.
   */
  trial(draft: Draft<T>): Expectation | void;
}

/** Makes a task, with the usual timings or with the given ones. */
export type TaskFactory<T extends Timing = Timing> = (
  timing?: Partial<T>,
) => Task;
