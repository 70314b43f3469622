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
  /** When the target asks for an answer. */
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

/** What a task's `trial` works on: an empty trial to fill. */
export interface Draft<T extends Timing = Timing> {
  /** The condition of this trial. */
  readonly condition: string;
  /** Numbers for this trial alone. */
  readonly random: RandomStream;
  /** The timings in force. */
  readonly timing: T;
  /** Target `z`, T numbers, all 0 at first. */
  readonly target: Float32Array;
  /** The stimulus of one channel, T numbers, all 0 at first. */
  channel(name: string): Float32Array;
}

/** What is particular to a task. */
export interface TaskDefinition<T extends Timing = Timing> {
  /** Lower case, digits and hyphens. */
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** Duration of one step, ms. Defaults to 5. */
  readonly stepMs?: number;
  /** The timings with their defaults, in steps. All of them become options. */
  readonly timing: T;
  /** Names of the input channels. */
  readonly channels: readonly string[];
  /** All conditions, equally likely. */
  readonly conditions: readonly string[];
  /**
   * Words for conditions, as figures and reports show them: `{ "same:++": "Same
   * (+ +)" }`. Conditions without are shown by their names.
   */
  readonly labels?: Readonly<Record<string, string>>;
  /** Where stimuli and response lie, given the timings. */
  layout(timing: T): Layout;
  /** Stimuli whose strength can be graded, given the timings. */
  graded?(timing: T): GradedStimuli;
  /** When training may stop early. Defaults to the paper's rule. */
  readonly stopping?: Partial<StoppingRule>;
  /**
   * Fills one trial. What makes the output correct follows from the target at
   * the start of the strict window (above 0: beyond 0.7; below: beyond -0.7;
   * 0: within ±0.3) unless it is returned.
   */
  trial(draft: Draft<T>): Expectation | void;
}

/** Makes a task, with other timings than the usual ones if told. */
export type TaskFactory<T extends Timing = Timing> = (
  timing?: Partial<T>,
) => Task;
