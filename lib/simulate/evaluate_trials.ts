/** Trials of a rate network that is held by a backend, one by one. */
import type { NoiseScale } from "./noise_levels.ts";
import type {
  LossName,
  RateSession,
  RateTrace,
  RateTrial,
} from "../backend/types.ts";
import type { RandomStream } from "../random/stream.ts";
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
import type { PreparedTrial } from "./requests.ts";
import { placeRate } from "./run.ts";
import { chunkSize, type PlaceTrial, runTrials } from "./trials.ts";

/** How trials of a rate network are evaluated. */
export interface EvaluateTrialsOptions extends TrialChoice {
  /** Stream of this evaluation: of its trials and of its noise. */
  readonly random: RandomStream;
  /** Multiplies the noise of the model. Defaults to 1; 0 for none. */
  readonly noiseScale?: NoiseScale;
  /** The loss to report. Defaults to `l2`. */
  readonly loss?: LossName;
  /** Records the rates of the last trial. */
  readonly ratesOfLast?: boolean;
  /** Records the rates of every trial, of so many units. */
  readonly rates?: number;
  /** The trials, where they are drawn already. */
  readonly drawn?: readonly PreparedTrial[];
  /** Makes of a trial what the session takes; perturbs it. */
  readonly place?: PlaceTrial<RateTrial>;
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
  const { random, trials, noiseScale, loss = "l2", signal } = options;
  const conditions = chosenConditions(task, options);
  checkNoiseScale(noiseScale);
  const { place = placeRate } = options;
  const chunks = runTrials({
    series: {
      source: options.drawn ?? { task, conditions },
      random,
      kind: "rate",
      noiseScale,
    },
    total: trials,
    size: () =>
      chunkSize(
        "rate",
        task.steps * (task.channels.length + 2 + (options.rates ?? 0)),
      ),
    // Its rates are large.
    lastAlone: options.ratesOfLast,
    place,
    run: (ready, from) =>
      session.run(ready, {
        rates: options.rates !== undefined ||
          (options.ratesOfLast && from === trials - 1),
      }),
    signal,
  });
  let index = 0;
  for await (const chunk of chunks) {
    for (const { trial, trace } of chunk) {
      checkOutputs(trace.outputs, index, trial!.condition);
      yield {
        index: index++,
        trial: trial!,
        trace,
        result: {
          ...scoreTrial(trace.outputs, trial!, task, { kind: "rate" }),
          loss: trialLoss(loss, trace.outputs, trial!.target),
        },
      };
    }
  }
}
