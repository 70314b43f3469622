/** Runs of rate networks, with the options of their spiking twins. */
import { openBackend } from "../backend/open.ts";
import type { RateTrace, RateTrial } from "../backend/types.ts";
import type { RateNetwork } from "../network/types.ts";
import { randomStream } from "../random/stream.ts";
import { rateStimulation } from "./perturb.ts";
import {
  checkRun,
  perturbed,
  type Run,
  type RunOptions,
  stimulations,
} from "./run.ts";
import {
  checkRequest,
  isTask,
  prepareTrials,
  trialCount,
  type TrialRequest,
} from "./requests.ts";

/** How a rate network is run. */
export interface SimulateRateOptions extends RunOptions {
  /** What is kept besides the outputs. */
  readonly record?: { readonly states?: boolean; readonly rates?: boolean };
  /**
   * Duration of a step, ms, for windows given in ms; the task's where there is
   * one, else 5.
   */
  readonly stepMs?: number;
}

/** A trial of a rate network. */
export type RateRun = Run<RateTrace>;

/** Trials run at once at most. */
const chunkTrials = 32;

/**
 * Runs trials of a rate network with the same options as its spiking twin: the
 * same seed gives the same stimuli, the same perturbations apply.
 *
 * @param network the rate network
 * @param trials a task's trials, or stimuli (channels×steps)
 * @param options seed, what to record, perturbations
 * @returns the trials in order, each with its trace
 * @throws {TypeError} for a wrong number of channels
 * @throws {RangeError} for unknown conditions, units and populations, windows
 *   outside the trial, numbers out of range, or more than one stimulation
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, getTask, randomStream, simulateRate } from "@spikernn/spikernn";
 * const task = getTask("go-nogo");
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const [go, nogo] = await simulateRate(network, { task }, {
 *   seed: 1,
 *   stimulation: { kind: "inh", units: "PV", window: { from: 50, to: 75 } },
 * });
 * assert(go.condition === "go" && nogo.condition === "nogo");
 * assert(go.trace.outputs.length === task.steps - 1);
 * ```
 */
export function simulateRate(
  network: RateNetwork,
  trials: TrialRequest,
  options: SimulateRateOptions,
): Promise<RateRun[]> {
  return Array.fromAsync(simulateRateEach(network, trials, options));
}

/**
 * Runs trials of a rate network, chunk by chunk, as {@linkcode simulateRate}
 * does: what a caller does not keep is not held.
 *
 * @param network the rate network
 * @param trials a task's trials, or stimuli (channels×steps)
 * @param options seed, what to record, perturbations
 * @returns the trials in order, each with its trace
 * @throws as {@linkcode simulateRate}
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   createNetwork, getTask, randomStream, simulateRateEach,
 * } from "@spikernn/spikernn";
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const request = { task: getTask("go-nogo"), trials: 40 };
 * const options = { seed: 1, record: { rates: true } };
 * let highest = 0;
 * for await (const { trace } of simulateRateEach(network, request, options)) {
 *   for (const rate of trace.rates!) highest = Math.max(highest, rate);
 * }
 * assert(highest > 0.5 && highest <= 1);
 * ```
 */
export async function* simulateRateEach(
  network: RateNetwork,
  trials: TrialRequest,
  options: SimulateRateOptions,
): AsyncGenerator<RateRun, void> {
  const changed = perturbed(network, options);
  const stepMs = options.stepMs ?? (isTask(trials) ? trials.task.stepMs : 5);
  checkRequest(trials, changed);
  checkRun(options);
  const requests = stimulations(options);
  if (requests.length > 1) {
    throw new RangeError(
      `Cannot stimulate a rate network ${requests.length} times in a trial: ` +
        "one stimulation is allowed",
    );
  }
  const random = randomStream(options.seed);
  const key = random.fork("rate noise").key;
  const backend = options.backend ?? await openBackend();
  try {
    const session = await backend.open(changed);
    try {
      const total = trialCount(trials);
      for (let from = 0; from < total; from += chunkTrials) {
        options.signal?.throwIfAborted();
        const to = Math.min(total, from + chunkTrials);
        const span = { from, to, extra: 0 } as const;
        const prepared = await prepareTrials(trials, changed, random, span);
        const ready = prepared.map((trial, i) => ({
          inputs: trial.inputs,
          steps: trial.columns,
          noise: { key, trial: from + i, scale: options.noiseScale ?? 1 },
          stimulation: requests[0] &&
            rateStimulation(changed, requests[0], trial.columns, stepMs),
        } satisfies RateTrial));
        const traces = await session.run(ready, options.record);
        for (let i = 0; i < traces.length; i++) {
          yield { ...prepared[i], trace: traces[i] };
        }
      }
    } finally {
      session.close();
    }
  } finally {
    if (!options.backend) backend.close();
  }
}
