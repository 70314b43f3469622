/** Performance of a spiking network on a task. */
import { stepsPerRateStep, unitCount } from "../network/geometry.ts";
import { withLastColumnTwice } from "./columns.ts";
import type { Backend } from "../backend/types.ts";
import { openBackend } from "../backend/open.ts";
import type { SpikingNetwork, SpikingTrial } from "../network/spiking.ts";
import { randomStream } from "../random/stream.ts";
import { drawTrials } from "../tasks/draw.ts";
import type { Task, Trial } from "../tasks/types.ts";
import {
  checkChannels,
  checkNoiseScale,
  checkOutputs,
  chosenConditions,
} from "./check.ts";
import type { EvaluateSpikingOptions } from "./evaluate_rate.ts";
import { populationRates } from "./rates.ts";
import { scoreTrial } from "./score.ts";
import { summarise, type TrialResult } from "./summarise.ts";
import type { Score } from "../network/scores.ts";

/** Trials run at once at most, and about how many outputs they may hold. */
const chunk = { trials: 32, numbers: 2 ** 24 };
/** The same where all that is asked for at once runs at once: 12×100 trials of 1 s. */
const gathered = { trials: 4096, numbers: 2 ** 25 };

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
  const { seed, trials = 100, noiseScale = 1 } = options;
  const { onProgress, enough, signal } = options;
  const condition = chosenConditions(task, { ...options, trials });
  checkNoiseScale(noiseScale);
  if (networks.length === 0) return [];
  for (const network of networks) checkSameSteps(network, task);
  const random = randomStream(seed).fork("evaluation");
  const key = random.fork("spiking noise").key;
  const { backend } = options;
  const tallies = networks.map((network) => new Tally(network, task));
  const size = chunkSize(tallies, Boolean(backend.gathers));
  for (let first = 0; first < trials; first += size) {
    signal?.throwIfAborted();
    const count = Math.min(size, trials - first);
    const drawn = await drawTrials(task, random, { first, count, condition });
    const ready = drawn.map(({ inputs }, i) => ({
      inputs: withLastColumnTwice(inputs, task.channels.length, task.steps),
      columns: task.steps + 1,
      noise: { key, trial: first + i, scale: noiseScale },
    } satisfies SpikingTrial));
    await Promise.all(
      tallies.map((tally) => tally.add(backend, first, drawn, ready)),
    );
    onProgress?.({ kind: "simulated", done: first + count, total: trials });
    if (enough?.(tallies.map((tally) => tally.score()))) break;
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

  /** Runs and scores further trials; one that has failed runs no more. */
  async add(
    backend: Backend,
    first: number,
    drawn: readonly Trial[],
    ready: readonly SpikingTrial[],
  ): Promise<void> {
    if (this.#failure) return;
    try {
      const traces = await backend.simulate(this.#network, ready, {
        outputs: true,
      });
      for (const [i, trial] of drawn.entries()) {
        const { outputs = new Float32Array(), spikeCounts } = traces[i];
        checkOutputs(outputs, first + i, trial.condition);
        this.#results.push(
          scoreTrial(outputs, trial, this.#task, {
            kind: "spiking",
            samplesPerStep: this.#samplesPerStep,
          }),
        );
        spikeCounts.forEach((count, u) => this.#spikes[u] += count);
      }
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

/** Trials that are run before the next ones are drawn. */
function chunkSize(tallies: readonly Tally[], gathers: boolean): number {
  const { numbers, trials } = gathers ? gathered : chunk;
  const each = tallies.reduce((sum, { outputs }) => sum + outputs, 0);
  return Math.max(1, Math.min(trials, Math.floor(numbers / each)));
}
