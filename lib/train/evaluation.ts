/** Evaluations in the course of training. */
import { labelIn } from "../tasks/labels.ts";
import type { RateSession } from "../backend/types.ts";
import {
  type EvaluatedTrial,
  evaluateTrials,
} from "../simulate/evaluate_trials.ts";
import { summarise } from "../simulate/summarise.ts";
import type { Score } from "../network/scores.ts";
import { randomStream } from "../random/stream.ts";
import type { Task, Trial } from "../tasks/types.ts";
import type { CompleteOptions } from "./options.ts";
import type { Evaluated } from "../records/events.ts";

/** One evaluation: what is told, and what the model file keeps. */
export interface Evaluation {
  readonly score: Score;
  readonly example: Evaluated["example"];
  /** trials×(steps - 1). */
  readonly outputs: Float32Array;
  /** 1, 0 or -1 a trial. */
  readonly labels: Float64Array;
}

/** Evaluates the network of a session on trials of its own for this update. */
export async function evaluateSession(
  session: RateSession,
  task: Task,
  { seed, evalTrials, loss }: CompleteOptions,
  update: number,
): Promise<Evaluation> {
  const random = randomStream(seed).fork("training").fork("evaluation", update);
  const kept = task.steps - 1;
  const outputs = new Float32Array(evalTrials * kept);
  const labels = new Float64Array(evalTrials);
  const results: EvaluatedTrial["result"][] = [];
  let last: EvaluatedTrial | undefined;
  const evaluated = evaluateTrials(session, task, {
    random,
    trials: evalTrials,
    loss,
    ratesOfLast: true,
  });
  for await (const done of evaluated) {
    outputs.set(done.trace.outputs, done.index * kept);
    labels[done.index] = labelOf(done.trial);
    results.push(done.result);
    last = done;
  }
  const { trial, trace } = last!;
  return {
    score: summarise(results, task.conditions),
    example: {
      condition: trial.condition,
      ...labelIn(task, trial.condition),
      inputs: trial.inputs,
      target: trial.target,
      outputs: Float32Array.from(trace.outputs),
      rates: Float32Array.from(trace.rates!),
      channels: task.channels,
      stimuli: task.stimuli,
    },
    outputs,
    labels,
  };
}

/** A trial's label as the original's files have it: the sign of its target. */
function labelOf({ expects }: Trial): number {
  return "reach" in expects ? Math.sign(expects.reach) : 0;
}
