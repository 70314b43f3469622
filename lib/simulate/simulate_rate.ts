/** Runs of rate networks, with the options of their spiking twins. */
import { openBackend } from "../backend/open.ts";
import type { RateSession, RateTrace } from "../backend/types.ts";
import { unitCount } from "../network/geometry.ts";
import type { RateNetwork } from "../network/types.ts";
import { randomStream } from "../random/stream.ts";
import type { Task } from "../tasks/types.ts";
import { checkNoiseScale } from "./check.ts";
import {
  checkRequest,
  isTask,
  requestOf,
  type SimulatedTrials,
  sourceOf,
  type StimulusTrial,
  trialCount,
  type TrialRequest,
} from "./requests.ts";
import { perturbedRate, type RunOptions } from "./run.ts";
import { chunkSize, type Run, runTrials } from "./trials.ts";

/** Options of running a rate network. */
export interface SimulateRateOptions extends RunOptions, SimulatedTrials {
  /** What to record besides the outputs. */
  readonly record?: { readonly states?: boolean; readonly rates?: boolean };
  /**
   * Duration of a step, ms, for windows in ms. Defaults to the task's, or 5
   * without a task.
   */
  readonly stepMs?: number;
}

/** A trial of a rate network. */
export type RateRun = Run<RateTrace>;

/**
 * Runs trials of a rate network with the same options as its spiking twin: with
 * the same seed they get the same stimuli, and the same perturbations apply.
 *
 * @param network the rate network
 * @param of a task, or stimuli (channels×steps)
 * @param options seed, which trials, what to record, perturbations
 * @returns the trials in order, each with its trace
 * @throws {TypeError} for a wrong number of channels
 * @throws {RangeError} for unknown conditions, units and populations, windows
 * outside the trial, or numbers out of range
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, getTask, randomStream, simulateRate } from "@spikernn/spikernn";
 * const task = getTask("go-nogo");
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const [go, nogo] = await simulateRate(network, task, {
 *   seed: 1,
 *   stimulation: { kind: "inh", units: "PV", window: { from: 50, to: 75 } },
 * });
 * assert(go.condition === "go" && nogo.condition === "nogo");
 * assert(go.trace.outputs.length === task.steps - 1);
 * ```
 */
export function simulateRate(
  network: RateNetwork,
  of: Task | readonly StimulusTrial[],
  options: SimulateRateOptions,
): Promise<RateRun[]>;
/** @deprecated Give the task itself; `trials` and `condition` are options. */
export function simulateRate(
  network: RateNetwork,
  of: Task | TrialRequest,
  options: SimulateRateOptions,
): Promise<RateRun[]>;
/** Takes either form; see the overloads. */
export function simulateRate(
  network: RateNetwork,
  of: Task | TrialRequest,
  options: SimulateRateOptions,
): Promise<RateRun[]> {
  return Array.fromAsync(simulateRateEach(network, of, options));
}

/**
 * Runs trials of a rate network as {@linkcode simulateRate} does, but chunk by
 * chunk: trials that the caller does not keep are not held.
 *
 * @param of a task, or stimuli (channels×steps)
 * @yields the trials in order, each with its trace
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, getTask, randomStream, simulateRateEach } from "@spikernn/spikernn";
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const options = { seed: 1, trials: 6, condition: "go" };
 * let trials = 0;
 * for await (const run of simulateRateEach(network, getTask("go-nogo"), options)) {
 *   if (run.condition === "go") trials++;
 * }
 * assert(trials === 6);
 * ```
 */
export async function* simulateRateEach(
  network: RateNetwork,
  of: Task | TrialRequest,
  options: SimulateRateOptions,
): AsyncGenerator<RateRun, void> {
  const trials = requestOf(of, options);
  const { seed, noiseScale, record, signal } = options;
  const task = isTask(trials) ? trials.task : undefined;
  const stepMs = options.stepMs ?? task?.stepMs ?? 5;
  const perturbed = perturbedRate(network, options, stepMs, task);
  checkRequest(trials, network, 0);
  checkNoiseScale(noiseScale);
  const random = randomStream(seed);
  const units = unitCount(network);
  const kept = 1 + units *
      [record?.states, record?.rates].filter(Boolean).length;
  const steps = (from: number) =>
    isTask(trials) ? trials.task.steps : trials[from].columns;
  const backend = options.backend ?? await openBackend();
  let session: RateSession | undefined;
  try {
    const opened = session = await backend.open(perturbed.network);
    const chunks = runTrials({
      series: { source: sourceOf(trials), random, kind: "rate", noiseScale },
      total: trialCount(trials),
      size: (from) => chunkSize("rate", steps(from) * kept),
      place: perturbed.place,
      run: (ready) => opened.run(ready, record),
      signal,
    });
    for await (const runs of chunks) yield* runs;
  } finally {
    session?.close();
    if (!options.backend) backend.close();
  }
}
