/** Performance of a spiking network on a task. */
import { stepsPerRateStep, unitCount } from "../network/geometry.ts";
import type { Backend } from "../backend/types.ts";
import { openBackend } from "../backend/open.ts";
import type {
  SpikingNetwork,
  SpikingTrace,
  SpikingTrial,
} from "../network/spiking.ts";
import { randomStream } from "../random/stream.ts";
import type { Task, Trial } from "../tasks/types.ts";
import {
  checkChannels,
  checkNoiseScale,
  checkOutputs,
  chosenConditions,
} from "./check.ts";
import type { EvaluateSpikingOptions } from "./evaluate_rate.ts";
import { populationRates } from "./rates.ts";
import { perturbedSpiking } from "./run.ts";
import { scoreTrial } from "./score.ts";
import { summarise, type TrialResult } from "./summarise.ts";
import type { Score } from "../network/scores.ts";
import { chunkSize, runTrials } from "./trials.ts";
import { usualTrials } from "./settings.ts";

/**
 * Evaluates a spiking network on fresh trials of a task, under the paper's rule
 * and the strict one, with its firing rates over the whole trial. The same seed
 * gives the same trials as to a rate network ({@linkcode evaluate}); trial i
 * does not depend on their number, nor the result on the backend's workers.
 *
 * @param spiking the network, from `convert`
 * @param task what to evaluate it on
 * @param options seed, trials, conditions
 * @returns the score; its loss is NaN
 * @throws {TypeError} for a network with another number of input channels
 * @throws {RangeError} for a number of trials, a seed or a noise out of range,
 *   or a network mapped for steps of another duration than the task's
 * @throws {TaskError} for an unknown condition
 * @throws {DivergedError} for outputs that are not finite
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   convert, createNetwork, evaluateSpiking, getTask, randomStream,
 * } from "@spikernn/spikernn";
 * const task = getTask("go-nogo");
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const spiking = convert(network, { scalingFactor: 50, stepMs: task.stepMs });
 * const few = { seed: 1, trials: 4 };
 * const { strict, rates } = await evaluateSpiking(spiking, task, few);
 * assert(strict.trials === 4 && rates!.excitatory >= 0);
 * ```
 */
export async function evaluateSpiking(
  spiking: SpikingNetwork,
  task: Task,
  options: EvaluateSpikingOptions,
): Promise<Score> {
  const backend = options.backend ?? await openBackend();
  try {
    const run = { ...options, backend };
    const [found] = await evaluateTogether([spiking], task, run);
    if (found.status === "rejected") throw found.reason;
    return found.value;
  } finally {
    if (!options.backend) backend.close();
  }
}

/**
 * Evaluates networks on the same trials with the same noise, side by side: a
 * backend that gathers calls runs a grid of scaling factors in one go. Each
 * network's score is what {@linkcode evaluateSpiking} gives it alone.
 *
 * @param networks that take the same stimulus, mapped for the task's steps
 * @param options those of `evaluateSpiking`; `enough` is asked after every chunk
 *   of trials, and where it says so no more are run
 * @returns each one's score, or what it failed with, in order
 * @throws what concerns them all, as `evaluateSpiking` does
 */
export async function evaluateTogether(
  networks: readonly SpikingNetwork[],
  task: Task,
  options: EvaluateSpikingOptions & {
    readonly backend: Backend;
    readonly enough?: (soFar: readonly Score[]) => boolean;
  },
): Promise<PromiseSettledResult<Score>[]> {
  const { seed, trials = usualTrials, noiseScale, backend } = options;
  const conditions = chosenConditions(task, { ...options, trials });
  checkNoiseScale(noiseScale);
  if (networks.length === 0) return [];
  for (const network of networks) checkSameSteps(network, task);
  const perturbed = networks.map((of) => perturbedSpiking(of, options, task));
  const tallies = perturbed.map(({ network }) => new Tally(network, task));
  const each = tallies.reduce((sum, { outputs }) => sum + outputs, 0);
  const chunks = runTrials({
    series: {
      source: { task, conditions },
      random: randomStream(seed).fork("evaluation"),
      kind: "spiking",
      noiseScale,
    },
    total: trials,
    size: () => chunkSize("spiking", each, backend.gathers),
    place: (trial, noise) => ({ trial, noise }),
    run: async (ready) => {
      const found = await Promise.all(tallies.map((tally, n) =>
        tally.run(
          backend,
          ready.map(({ trial, noise }) => perturbed[n].place(trial, noise)),
        )
      ));
      return ready.map((_, i) => found.map((traces) => traces?.[i]));
    },
    signal: options.signal,
  });
  let done = 0;
  for await (const chunk of chunks) {
    for (const { trial, trace } of chunk) {
      tallies.forEach((tally, n) => tally.add(done, trial!, trace[n]));
      done++;
    }
    options.onProgress?.({ kind: "simulated", done, total: trials });
    if (options.enough?.(tallies.map((tally) => tally.score()))) break;
  }
  return tallies.map((tally) => tally.result());
}

/** What one network did so far. */
class Tally {
  /** Outputs of a trial. */
  readonly outputs: number;
  readonly #network: SpikingNetwork;
  readonly #task: Task;
  readonly #samplesPerStep: number;
  readonly #spikes: Float64Array;
  readonly #results: TrialResult[] = [];
  #failure: { readonly reason: unknown } | undefined;

  constructor(network: SpikingNetwork, task: Task) {
    this.#network = network;
    this.#task = task;
    this.#samplesPerStep = stepsPerRateStep(network);
    this.outputs = task.steps * this.#samplesPerStep;
    const units = unitCount(network.rate);
    this.#spikes = new Float64Array(units);
  }

  /** Runs further trials; a network that has failed runs no more. */
  async run(
    backend: Backend,
    ready: readonly SpikingTrial[],
  ): Promise<readonly SpikingTrace[] | undefined> {
    if (this.#failure) return undefined;
    try {
      return await backend.simulate(this.#network, ready, { outputs: true });
    } catch (reason) {
      this.#failure = { reason };
    }
  }

  /** Scores a trial. */
  add(index: number, trial: Trial, trace: SpikingTrace | undefined): void {
    if (this.#failure || !trace) return;
    const { outputs = new Float32Array(), spikeCounts } = trace;
    try {
      checkOutputs(outputs, index, trial.condition);
      this.#results.push(
        scoreTrial(outputs, trial, this.#task, {
          kind: "spiking",
          samplesPerStep: this.#samplesPerStep,
        }),
      );
      spikeCounts.forEach((count, u) => this.#spikes[u] += count);
    } catch (reason) {
      this.#failure = { reason };
    }
  }

  result(): PromiseSettledResult<Score> {
    if (this.#failure) {
      return { status: "rejected", reason: this.#failure.reason };
    }
    return { status: "fulfilled", value: this.score() };
  }

  /** Of the trials so far. */
  score(): Score {
    const { steps, stepMs, conditions } = this.#task;
    const seconds = this.#results.length * steps * stepMs / 1000;
    const spikes = this.#spikes;
    return {
      ...summarise(this.#results, conditions),
      rates: populationRates(this.#network.rate, { spikes, seconds }),
    };
  }
}

function checkSameSteps({ rate, stepMs }: SpikingNetwork, task: Task): void {
  checkChannels(rate, task);
  if (stepMs !== task.stepMs) {
    throw new RangeError(
      `Cannot evaluate the network on task ${task.name}: it was mapped for ` +
        `steps of ${stepMs} ms, the task's take ${task.stepMs} ms`,
    );
  }
}
