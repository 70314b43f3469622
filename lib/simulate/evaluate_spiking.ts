/** Performance of a spiking network on a task. */
import { stepsPerRateStep, unitCount } from "../network/geometry.ts";
import type { Backend, SpikingRequest } from "../backend/types.ts";
import { openBackend } from "../backend/open.ts";
import type { SpikingNetwork, SpikingTrace } from "../network/spiking.ts";
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
import type { PreparedTrial } from "./requests.ts";
import { type PerturbedSpiking, perturbedSpiking } from "./run.ts";
import { scoreTrial } from "./score.ts";
import { summarise, type TrialResult } from "./summarise.ts";
import type { Score } from "../network/scores.ts";
import { chunkSize, runsAhead, runTrials, type TrialNoise } from "./trials.ts";
import { usualTrials } from "./settings.ts";

/**
 * Evaluates a spiking network on fresh trials of a task, under the paper's rule
 * and the strict one, with its firing rates over the whole trial. With the same
 * seed, trials are the same as for a rate network ({@linkcode evaluate}). Trial
 * i does not depend on the number of trials, and the result does not depend on
 * the backend's workers.
 *
 * @param spiking the network, from `convert`
 * @param task what to evaluate it on
 * @param options seed, trials, conditions
 * @returns the score; its loss is NaN
 * @throws {TypeError} for a network with another number of input channels
 * @throws {RangeError} for a number of trials, a seed or a noise out of range,
 * or a network mapped for steps of another duration than the task's
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
 * backend that batches calls runs a grid of scaling factors at once. Each
 * network's score is that of {@linkcode evaluateSpiking}.
 *
 * @param networks networks that take the same stimulus, mapped for the task's
 * steps
 * @param options those of `evaluateSpiking`, and when to stop
 * @returns the score of each, or the error with which it failed, in order
 * @throws errors that concern all of them, as `evaluateSpiking` does
 */
export async function evaluateTogether(
  networks: readonly SpikingNetwork[],
  task: Task,
  options: TogetherOptions,
): Promise<PromiseSettledResult<Score>[]> {
  const perturbed = networks.map((of) => perturbedSpiking(of, options, task));
  const found = await evaluateRuns(perturbed, task, options);
  return found.map((one) =>
    one.status === "rejected" ? one : { ...one, value: one.value.score }
  );
}

/** Options of an evaluation of networks side by side. */
export interface TogetherOptions extends EvaluateSpikingOptions {
  /** Where to run. Defaults to `simd` with one worker. */
  readonly backend: Backend;
  /** Number of the first trial; earlier ones are not run. Defaults to 0. */
  readonly first?: number;
  /**
   * Called after every chunk of trials; if it returns true, no more are run.
   * Its answer must depend only on the trials, at numbers in `looks`, or the
   * result depends on how many trials a backend runs at once.
   */
  readonly enough?: (
    soFar: readonly Score[],
    results: readonly (readonly TrialResult[])[],
  ) => boolean;
  /** Numbers of trials at which a chunk ends. */
  readonly looks?: readonly number[];
}

/** A score, and the trials behind it in order. */
export interface ScoredTrials {
  readonly score: Score;
  readonly results: readonly TrialResult[];
}

/**
 * Evaluates networks with perturbations of their own side by side, as
 * {@linkcode evaluateTogether} does.
 *
 * @returns each one's score and trials, or what it failed with, in order
 */
export async function evaluateRuns(
  perturbed: readonly PerturbedSpiking[],
  task: Task,
  options: TogetherOptions,
): Promise<PromiseSettledResult<ScoredTrials>[]> {
  const { seed, trials = usualTrials, noiseScale, backend } = options;
  const { first = 0, looks = [] } = options;
  const conditions = chosenConditions(task, { ...options, trials });
  checkNoiseScale(noiseScale);
  if (perturbed.length === 0) return [];
  for (const { network } of perturbed) checkSameSteps(network, task);
  const tallies = perturbed.map((one) => new Tally(one, task));
  const each = tallies.reduce((sum, { outputs }) => sum + outputs, 0);
  const chunks = runTrials({
    series: {
      source: { task, conditions },
      random: randomStream(seed).fork("evaluation"),
      kind: "spiking",
      noiseScale,
    },
    first,
    total: trials,
    size: (from) =>
      Math.min(
        chunkOf(perturbed.length, each, backend.gathers),
        ...looks.filter((look) => look > from).map((look) => look - from),
      ),
    place: (trial, noise) => ({ trial, noise }),
    ahead: (from) =>
      runsAhead(backend) &&
      (options.enough === undefined ||
        looks.length > 0 && !looks.includes(from)),
    run: async (ready) => {
      const found = await runAll(
        backend,
        tallies.map((tally) => tally.request(ready)),
      );
      return ready.map((_, i) =>
        found.map((one) =>
          one.status === "fulfilled" ? { ...one, value: one.value[i] } : one
        )
      );
    },
    signal: options.signal,
  });
  let done = first;
  for await (const chunk of chunks) {
    for (const { trial, trace } of chunk) {
      tallies.forEach((tally, n) => tally.add(done, trial!, trace[n]));
      done++;
    }
    options.onProgress?.({ kind: "simulated", done, total: trials });
    const isEnough = options.enough?.(
      tallies.map((tally) => tally.score()),
      tallies.map(({ results }) => results),
    );
    if (isEnough) break;
  }
  return tallies.map((tally) => tally.result());
}

/**
 * Trials that networks run at once. Several share a processor for so long that an
 * abort would not be heard, so they run fewer, but enough for many workers.
 */
function chunkOf(networks: number, each: number, gathers?: boolean): number {
  const most = gathers ? Infinity : Math.max(8, Math.ceil(192 / networks));
  return Math.min(most, chunkSize("spiking", each, gathers));
}

/**
 * Runs the trials of several networks; those without trials have no traces. What
 * cannot be run together is run one by one, so that one that fails is the only
 * one.
 */
async function runAll(
  backend: Backend,
  requests: readonly SpikingRequest[],
): Promise<PromiseSettledResult<SpikingTrace[]>[]> {
  const record = { outputs: true };
  const wanted = requests.filter(({ trials }) => trials.length > 0);
  const together = backend.simulateTogether && wanted.length > 1
    ? await backend.simulateTogether(wanted, record).catch(() => undefined)
    : undefined;
  const found = together ?? await Promise.allSettled(
    wanted.map(({ network, trials }) =>
      backend.simulate(network, trials, record)
    ),
  );
  return requests.map((request) =>
    found[wanted.indexOf(request)] ?? { status: "fulfilled", value: [] }
  );
}

/** What one network did so far. */
class Tally {
  /** Outputs of a trial. */
  readonly outputs: number;
  readonly #run: PerturbedSpiking;
  readonly #task: Task;
  readonly #samplesPerStep: number;
  readonly #spikes: Float64Array;
  /** Of the trials so far. */
  readonly results: TrialResult[] = [];
  #failure: PromiseRejectedResult | undefined;

  constructor(run: PerturbedSpiking, task: Task) {
    this.#run = run;
    this.#task = task;
    this.#samplesPerStep = stepsPerRateStep(run.network);
    this.outputs = task.steps * this.#samplesPerStep;
    this.#spikes = new Float64Array(unitCount(run.network.rate));
  }

  /** Further trials to run; none for a network that has failed. */
  request(
    ready: readonly { trial: PreparedTrial; noise: TrialNoise }[],
  ): SpikingRequest {
    const { network, place } = this.#run;
    return {
      network,
      trials: this.#failure
        ? []
        : ready.map(({ trial, noise }) => place(trial, noise)),
    };
  }

  /** Scores a trial. */
  add(
    index: number,
    trial: Trial,
    found: PromiseSettledResult<SpikingTrace | undefined>,
  ): void {
    if (this.#failure) return;
    try {
      if (found.status === "rejected") throw found.reason;
      const { outputs = new Float32Array(), spikeCounts } = found.value!;
      checkOutputs(outputs, index, trial.condition);
      this.results.push(
        scoreTrial(outputs, trial, this.#task, {
          kind: "spiking",
          samplesPerStep: this.#samplesPerStep,
        }),
      );
      spikeCounts.forEach((count, u) => this.#spikes[u] += count);
    } catch (reason) {
      this.#failure = { status: "rejected", reason };
    }
  }

  result(): PromiseSettledResult<ScoredTrials> {
    return this.#failure ?? {
      status: "fulfilled",
      value: { score: this.score(), results: this.results },
    };
  }

  /** Of the trials so far. */
  score(): Score {
    const { steps, stepMs, conditions } = this.#task;
    const seconds = this.results.length * steps * stepMs / 1000;
    const spikes = this.#spikes;
    return {
      ...summarise(this.results, conditions),
      rates: populationRates(this.#run.network.rate, { spikes, seconds }),
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
