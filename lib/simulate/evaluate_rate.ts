/** Performance of a rate network on a task. */
import { openBackend } from "../backend/open.ts";
import type { Backend, LossName, RateSession } from "../backend/types.ts";
import type { RateNetwork } from "../network/types.ts";
import { randomStream } from "../random/stream.ts";
import type { Task } from "../tasks/types.ts";
import type { Simulated } from "../records/events.ts";
import { checkChannels, type TrialChoice } from "./check.ts";
import { type Perturbations, perturbedRate } from "./run.ts";
import { summarise, type TrialResult } from "./summarise.ts";
import { evaluateTrials } from "./evaluate_trials.ts";
import type { Score } from "../network/scores.ts";
import { usualTrials } from "./settings.ts";

/** Options of an evaluation; the same for rate and spiking networks. */
export interface EvaluateSpikingOptions
  extends Partial<TrialChoice>, Perturbations {
  /** Of the trials and all noise. */
  readonly seed: number;
  /** Number of trials. Defaults to 100. */
  readonly trials?: number;
  /** Where to run. Defaults to `simd` with one worker. */
  readonly backend?: Backend;
  /** Called with the number of trials done and in all. */
  readonly onProgress?: (event: Simulated) => void;
  /** Stops between chunks of trials. */
  readonly signal?: AbortSignal;
}

/** Options of an evaluation of a rate network. */
export interface EvaluateOptions extends EvaluateSpikingOptions {
  /** Loss to report. Defaults to `l2`. */
  readonly loss?: LossName;
}

/**
 * Evaluates a rate network on fresh trials of a task, under the paper's rule
 * and the strict one. By default conditions are drawn at random, as in the
 * original. A spiking network gets the same trials with the same seed (see
 * {@linkcode evaluateSpiking}). Trial i does not depend on the number of
 * trials, and the result does not depend on the backend's workers.
 *
 * @param network the rate network
 * @param task what to evaluate it on
 * @param options seed, trials, conditions, perturbations
 * @returns the score
 * @throws {TypeError} for a network with another number of input channels
 * @throws {RangeError} for a number of trials, a seed or a noise out of range,
 * or perturbations that the network or the trial does not allow
 * @throws {TaskError} for an unknown condition
 * @throws {DivergedError} for outputs that are not finite
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { evaluate, type RateNetwork } from "@spikernn/spikernn";
 * import { goNogo } from "@spikernn/spikernn/tasks";
 * const silent: RateNetwork = {
 *   activation: "sigmoid",
 *   dale: true,
 *   taus: [10],
 *   layers: [{
 *     size: 1,
 *     inhibitory: new Uint8Array(1),
 *     sstCount: 0,
 *     weights: new Float32Array(1),
 *     mask: new Uint8Array(1).fill(1),
 *     tausGaus: new Float32Array(1),
 *   }],
 *   inputs: [{ from: "input", to: 0, weights: new Float32Array(1) }],
 *   between: [],
 *   readout: { from: [0], weights: [new Float32Array(1)], bias: 0 },
 * };
 * const score = await evaluate(silent, goNogo(), { seed: 1, balanced: true });
 * // An output of 0 is right for NoGo and wrong for Go.
 * assert(score.paper.value === 0.5);
 * ```
 */
export async function evaluate(
  network: RateNetwork,
  task: Task,
  options: EvaluateOptions,
): Promise<Score> {
  const { seed, trials = usualTrials, condition, balanced, onProgress } =
    options;
  const { noiseScale, loss, signal } = options;
  checkChannels(network, task);
  const perturbed = perturbedRate(network, options, task.stepMs, task);
  const random = randomStream(seed).fork("evaluation");
  const backend = options.backend ?? await openBackend();
  let session: RateSession | undefined;
  try {
    session = await backend.open(perturbed.network);
    const results: TrialResult[] = [];
    const evaluated = evaluateTrials(session, task, {
      random,
      trials,
      condition,
      balanced,
      noiseScale,
      loss,
      place: perturbed.place,
      signal,
    });
    for await (const { result } of evaluated) {
      results.push(result);
      onProgress?.({ kind: "simulated", done: results.length, total: trials });
    }
    return summarise(results, task.conditions);
  } finally {
    session?.close();
    if (!options.backend) backend.close();
  }
}
