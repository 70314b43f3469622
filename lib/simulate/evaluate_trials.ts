/** Trials of a rate network that is held by a backend, one by one. */
import type {
  LossName,
  RateSession,
  RateTrace,
  RateTrial,
} from "../backend/types.ts";
import type { RandomStream } from "../random/stream.ts";
import { drawTrials } from "../tasks/draw.ts";
import type { Task, Trial } from "../tasks/types.ts";
import {
  checkNoiseScale,
  checkOutputs,
  chosenConditions,
  type TrialChoice,
} from "./check.ts";
import { trialLoss } from "./loss.ts";
import { scoreTrial } from "./score.ts";
import type { TrialResult } from "./summarise.ts";

/** How trials of a rate network are evaluated. */
export interface EvaluateTrialsOptions extends TrialChoice {
  /** Stream of this evaluation: of its trials and of its noise. */
  readonly random: RandomStream;
  /** Multiplies the noise of the model; 1 unless told, 0 for none. */
  readonly noiseScale?: number;
  /** The loss to report; `l2` unless told. */
  readonly loss?: LossName;
  /** Records the rates of the last trial. */
  readonly ratesOfLast?: boolean;
  /** Stops between chunks of trials. */
  readonly signal?: AbortSignal;
}

/** One trial of an evaluation. */
export interface EvaluatedTrial {
  /** Its number, from 0. */
  readonly index: number;
  readonly trial: Trial;
  readonly trace: RateTrace;
  readonly result: TrialResult & { readonly loss: number };
}

/** Trials that are run at once, and about how many numbers they may hold. */
const chunkTrials = 64;
const chunkNumbers = 2 ** 22;

/**
 * Runs and scores trials of a rate network, chunk by chunk: what the caller
 * does not keep is not held. Training evaluates with it, on the session that it
 * trains. Trial i depends on the stream and on i alone.
 *
 * @param session a network held by a backend
 * @param task what it is evaluated on
 * @param options stream, number of trials, conditions
 * @yields every trial with its trace and score
 * @throws {RangeError} for numbers out of range
 * @throws {TaskError} for unknown conditions, or a task that makes wrong trials
 * @throws {DivergedError} for outputs that are not finite
 */
export async function* evaluateTrials(
  session: RateSession,
  task: Task,
  options: EvaluateTrialsOptions,
): AsyncGenerator<EvaluatedTrial, void> {
  const { random, trials, noiseScale = 1, loss = "l2", signal } = options;
  const condition = chosenConditions(task, options);
  checkNoiseScale(noiseScale);
  const key = random.fork("rate noise").key;
  const size = chunkSize(task);
  // The last one runs alone where its rates are wanted: they are large.
  const together = options.ratesOfLast ? trials - 1 : trials;
  for (let first = 0, next; first < trials; first = next) {
    signal?.throwIfAborted();
    next = first < together ? Math.min(together, first + size) : trials;
    const drawn = await drawTrials(task, random, {
      first,
      count: next - first,
      condition,
    });
    const ready = drawn.map(({ inputs, target }, i) => ({
      inputs,
      target,
      steps: task.steps,
      noise: { key, trial: first + i, scale: noiseScale },
    } satisfies RateTrial));
    const traces = await session.run(ready, { rates: first >= together });
    for (const [i, trial] of drawn.entries()) {
      const trace = traces[i];
      checkOutputs(trace.outputs, first + i, trial.condition);
      yield {
        index: first + i,
        trial,
        trace,
        result: {
          ...scoreTrial(trace.outputs, trial, task, { kind: "rate" }),
          loss: trialLoss(loss, trace.outputs, trial.target),
        },
      };
    }
  }
}

function chunkSize({ channels, steps }: Task): number {
  const fit = Math.floor(chunkNumbers / (steps * (channels.length + 2)));
  return Math.max(1, Math.min(chunkTrials, fit));
}
