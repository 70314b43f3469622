/** Performance of a spiking network on a task. */
import { withLastColumnTwice } from "./columns.ts";
import { openBackend } from "../backend/open.ts";
import type { SpikingNetwork, SpikingTrial } from "../network/spiking.ts";
import { randomStream } from "../random/stream.ts";
import { drawTrials } from "../tasks/draw.ts";
import type { Task } from "../tasks/types.ts";
import {
  checkChannels,
  checkNoiseScale,
  checkOutputs,
  chosenConditions,
} from "./check.ts";
import type { EvaluateSpikingOptions } from "./rate.ts";
import { populationRates } from "./rates.ts";
import { scoreTrial } from "./score.ts";
import { summarise, type TrialResult } from "./summarise.ts";
import type { Score } from "./types.ts";

/** Trials run at once at most, and about how many outputs they may hold. */
const chunkTrials = 32;
const chunkNumbers = 2 ** 24;

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
 * import { convert, evaluateSpiking, type Model, type Task } from "@spikernn/spikernn";
 * async function performance({ network }: Model, task: Task) {
 *   const spiking = convert(network, { scalingFactor: 50, stepMs: task.stepMs });
 *   const { strict, rates } = await evaluateSpiking(spiking, task, { seed: 1 });
 *   return `${100 * strict.value} %, ${rates?.excitatory} Hz`;
 * }
 * console.assert(typeof performance === "function");
 * ```
 */
export async function evaluateSpiking(
  spiking: SpikingNetwork,
  task: Task,
  options: EvaluateSpikingOptions,
): Promise<Score> {
  const { seed, trials = 100, noiseScale = 1, onProgress, signal } = options;
  const { rate: network } = spiking;
  const condition = chosenConditions(task, { ...options, trials });
  checkChannels(network, task);
  checkNoiseScale(noiseScale);
  if (spiking.stepMs !== task.stepMs) {
    throw new RangeError(
      `Cannot evaluate the network on task ${task.name}: it was mapped for ` +
        `steps of ${spiking.stepMs} ms, the task's take ${task.stepMs} ms`,
    );
  }
  const random = randomStream(seed).fork("evaluation");
  const key = random.fork("spiking noise").key;
  const samplesPerStep = Math.round(spiking.stepMs / spiking.dt);
  const size = chunkSize(task.steps * samplesPerStep);
  const units = network.layers.reduce((sum, layer) => sum + layer.size, 0);
  const spikes = new Float64Array(units);
  const results: TrialResult[] = [];
  const backend = options.backend ?? await openBackend();
  try {
    for (let first = 0; first < trials; first += size) {
      signal?.throwIfAborted();
      const count = Math.min(size, trials - first);
      const drawn = await drawTrials(task, random, { first, count, condition });
      const ready = drawn.map(({ inputs }, i) => ({
        inputs: withLastColumnTwice(inputs, task.channels.length, task.steps),
        columns: task.steps + 1,
        noise: { key, trial: first + i, scale: noiseScale },
      } satisfies SpikingTrial));
      const traces = await backend.simulate(spiking, ready, { outputs: true });
      for (const [i, trial] of drawn.entries()) {
        const { outputs = new Float32Array(), spikeCounts } = traces[i];
        checkOutputs(outputs, first + i, trial.condition);
        results.push(
          scoreTrial(outputs, trial, task, { kind: "spiking", samplesPerStep }),
        );
        for (let u = 0; u < units; u++) spikes[u] += spikeCounts[u];
      }
      onProgress?.({ kind: "simulated", done: results.length, total: trials });
    }
  } finally {
    if (!options.backend) backend.close();
  }
  const seconds = trials * task.steps * task.stepMs / 1000;
  return {
    ...summarise(results, task.conditions),
    rates: populationRates(network, { spikes, seconds }),
  };
}

function chunkSize(outputsPerTrial: number): number {
  const fit = Math.floor(chunkNumbers / outputsPerTrial);
  return Math.max(1, Math.min(chunkTrials, fit));
}
