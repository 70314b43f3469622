/** Whether one trial is correct; the same code for rate and spiking outputs. */
import { countOf } from "../count.ts";
import { allFinite } from "../arithmetic/finite.ts";
import type { FloatArray } from "../network/types.ts";
import type { Task, Trial, Window } from "../tasks/types.ts";

/** Timing of outputs. */
export interface OutputKind {
  /** `rate`: one output a step, the k-th at step k + 1. `spiking`: every integration step. */
  readonly kind: "rate" | "spiking";
  /** Integration steps per rate step; 1 for rate outputs. */
  readonly samplesPerStep?: number;
}

/** Score of one trial. */
export interface TrialScore {
  /** Condition of the trial, one of the task's. */
  readonly condition: string;
  /** Correct by the paper's rule. */
  readonly paper: boolean;
  /** Correct by the strict rule. */
  readonly strict: boolean;
  /** Mean |output - target| over the strict window; NaN if an output is. */
  readonly outputError: number;
  /** Mean output over the strict window. */
  readonly meanOutput: number;
  /** Whether every output is finite; if not, the trial is never correct. */
  readonly finite: boolean;
}

/** Largest mean |output - target| of a trial that is correct by the strict rule. */
const strictError = 0.5;

/**
 * Scores one trial under both rules.
 *
 * The paper's rule: if an answer is due, the output is beyond the threshold at
 * least once in the paper's window; if none is due, it stays within bounds (a
 * rate network's output on both sides, a spiking one's below the upper one).
 * The strict rule: correct by the paper's rule and, over the strict window, the
 * mean of |output - target| is below 0.5 and, if an answer is due, the
 * threshold of the opposite answer is never crossed.
 *
 * A window [from, to) holds a rate network's outputs k = from … to - 1, and a
 * spiking network's integration steps from·n … to·n, counted from 1, with n of
 * them per rate step: the ranges of the original's scripts. Integration steps
 * t·n + 1 … (t + 1)·n are compared with target t.
 *
 * Source: Kim, Li & Sejnowski 2019, PNAS 116:22811, and its code; the strict
 * rule is this package's own.
 *
 * @param outputs rate: steps - 1 numbers; spiking: steps·samplesPerStep
 * @param trial the trial, of `task`
 * @param task the task, for its windows
 * @param options kind of the outputs
 * @returns the trial's score
 * @throws {TypeError} for another number of outputs
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { randomStream, scoreTrial } from "@spikernn/spikernn";
 * import { goNogo } from "@spikernn/spikernn/tasks";
 * const task = goNogo();
 * const trial = task.trial(randomStream(1), "go");
 * const perfect = trial.target.subarray(0, task.steps - 1);
 * assert(scoreTrial(perfect, trial, task, { kind: "rate" }).strict);
 * const tooLarge = perfect.map((z) => 4 * z);
 * const score = scoreTrial(tooLarge, trial, task, { kind: "rate" });
 * assert(score.paper && !score.strict && score.outputError === 3);
 * ```
 */
export function scoreTrial(
  outputs: FloatArray,
  trial: Trial,
  task: Pick<Task, "name" | "steps" | "windows">,
  { kind, samplesPerStep = 1 }: OutputKind,
): TrialScore {
  const perStep = kind === "rate" ? 1 : samplesPerStep;
  const expected = kind === "rate" ? task.steps - 1 : task.steps * perStep;
  if (outputs.length !== expected) {
    throw new TypeError(
      `Cannot score a trial of task ${task.name}: ${
        countOf(outputs.length, "output")
      }, ` +
        `needed are ${expected} ` +
        (kind === "rate"
          ? `(${countOf(task.steps, "step")} less one)`
          : `(${countOf(task.steps, "step")} of ${perStep})`),
    );
  }
  const range = (window: Window): Window => {
    const from = kind === "rate"
      ? window.from
      : Math.max(0, window.from * perStep - 1);
    return { from, to: Math.min(window.to * perStep, expected) };
  };
  const { windows } = task;
  const [least, most] = extremes(
    outputs,
    range(kind === "rate" ? windows.paper : windows.paperSpiking),
  );
  const strict = range(windows.strict);
  const [strictLeast, strictMost] = extremes(outputs, strict);
  const { error, mean } = means(outputs, trial.target, strict, perStep);
  const finite = allFinite(outputs);
  const { expects } = trial;

  let paper: boolean;
  let opposite = false;
  if ("reach" in expects) {
    const up = expects.reach > 0;
    paper = up ? most > expects.reach : least < expects.reach;
    opposite = up ? strictLeast < -expects.reach : strictMost > -expects.reach;
  } else {
    paper = most < expects.within &&
      (kind === "spiking" || least > -expects.within);
  }
  paper &&= finite;
  return {
    condition: trial.condition,
    paper,
    strict: paper && error < strictError && !opposite,
    outputError: error,
    meanOutput: mean,
    finite,
  };
}

function extremes(outputs: FloatArray, { from, to }: Window): [number, number] {
  let least = Infinity;
  let most = -Infinity;
  for (let k = from; k < to; k++) {
    if (outputs[k] < least) least = outputs[k];
    if (outputs[k] > most) most = outputs[k];
  }
  return [least, most];
}

function means(
  outputs: FloatArray,
  target: FloatArray,
  { from, to }: Window,
  perStep: number,
): { error: number; mean: number } {
  let error = 0;
  let sum = 0;
  for (let k = from; k < to;) {
    const step = Math.floor(k / perStep);
    const due = target[step];
    for (const end = Math.min(to, (step + 1) * perStep); k < end; k++) {
      error += Math.abs(outputs[k] - due);
      sum += outputs[k];
    }
  }
  return { error: error / (to - from), mean: sum / (to - from) };
}
