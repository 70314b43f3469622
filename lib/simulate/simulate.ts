/** Simulation of spiking networks. */
import { openBackend } from "../backend/open.ts";
import type {
  Recording,
  SpikingNetwork,
  SpikingTrace,
  SpikingTrial,
} from "../network/spiking.ts";
import type { FloatArray } from "../network/types.ts";
import { randomStream } from "../random/stream.ts";
import { stepsPerRateStep, unitCount } from "../network/geometry.ts";
import { spikingStimulation } from "./perturb.ts";
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

/** How a spiking network is run. */
export interface SimulateOptions extends RunOptions {
  /** What is kept; outputs and spike counts unless told. */
  readonly record?: Recording;
  /** Initial voltages of every trial, one a unit, mV; drawn when left out. */
  readonly initialVoltage?: FloatArray;
}

/** A trial of a spiking network. */
export type SpikingRun = Run<SpikingTrace>;

/** Trials run at once at most, and about how much of their recordings is held. */
const chunkTrials = 32;
const chunkBytes = 2 ** 26;

/**
 * Simulates trials of a spiking network, chunk by chunk: what a caller does not
 * keep is not held, so the memory does not grow with the number of trials.
 * The numbers of a trial depend on the seed and on its place in the request,
 * not on chunks or workers.
 *
 * @param spiking the network, from `convert`
 * @param trials a task's trials, or stimuli (channels×columns)
 * @param options seed, what to record, perturbations
 * @returns the trials in order, each with its trace
 * @throws {TypeError} for a wrong number of channels or initial voltages
 * @throws {RangeError} for unknown conditions, units and populations, windows
 *   outside the trial, numbers out of range, or a network mapped for steps of
 *   another duration than the task's
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   convert, createNetwork, getTask, randomStream, simulateEach,
 * } from "@spikernn/spikernn";
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const spiking = convert(network, { scalingFactor: 50 });
 * const request = { task: getTask("go-nogo"), trials: 3 };
 * const totals: number[] = [];
 * for await (const { trace } of simulateEach(spiking, request, { seed: 1 })) {
 *   totals.push(trace.spikeCounts.reduce((a, b) => a + b));
 * }
 * assert(totals.length === 3 && totals.every((spikes) => spikes > 0));
 * ```
 */
export async function* simulateEach(
  spiking: SpikingNetwork,
  trials: TrialRequest,
  options: SimulateOptions,
): AsyncGenerator<SpikingRun, void> {
  const network = perturbed(spiking.rate, options);
  const twin = { ...spiking, rate: network };
  const record = options.record ?? { outputs: true };
  checkRequest(trials, network);
  checkStep(trials, spiking);
  checkRun(options);
  checkRecording(record);
  checkVoltages(options.initialVoltage, unitCount(network));
  const random = randomStream(options.seed);
  const key = random.fork("spiking noise").key;
  const backend = options.backend ?? await openBackend();
  try {
    const total = trialCount(trials);
    for (let from = 0, to; from < total; from = to) {
      options.signal?.throwIfAborted();
      to = Math.min(total, from + chunkSize(twin, trials, from, record));
      const prepared = await prepareTrials(trials, network, random, {
        from,
        to,
        extra: 1,
      });
      const ready = prepared.map((trial, i) => ({
        inputs: trial.inputs,
        columns: trial.columns,
        noise: { key, trial: from + i, scale: options.noiseScale ?? 1 },
        initialVoltage: options.initialVoltage,
        stimulation: stimulations(options).map((request) =>
          spikingStimulation(
            twin,
            request,
            (trial.columns - 1) * spiking.stepMs,
          )
        ),
      } satisfies SpikingTrial));
      const traces = await backend.simulate(twin, ready, record);
      for (let i = 0; i < traces.length; i++) {
        yield { ...prepared[i], trace: traces[i] };
      }
    }
  } finally {
    if (!options.backend) backend.close();
  }
}

/**
 * Simulates trials of a spiking network and returns them all; see
 * {@linkcode simulateEach} for many trials.
 *
 * @param spiking the network, from `convert`
 * @param trials a task's trials, or stimuli (channels×columns)
 * @param options seed, what to record, perturbations
 * @returns the trials in order, each with its trace
 * @throws {TypeError} for a wrong number of channels or initial voltages
 * @throws {RangeError} for unknown conditions, units and populations, windows
 *   outside the trial, numbers out of range, or a network mapped for steps of
 *   another duration than the task's
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { convert, createNetwork, randomStream, simulate } from "@spikernn/spikernn";
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const spiking = convert(network, { scalingFactor: 50 });
 * const stimulus = { inputs: new Float32Array(21), columns: 21 };
 * const [run] = await simulate(spiking, [stimulus], {
 *   seed: 1,
 *   lesion: "PV",
 *   record: { outputs: true, spikes: true },
 * });
 * // 20 steps of 5 ms, of 100 integration steps each.
 * assert(run.trace.outputs?.length === 20 * 100);
 * ```
 */
export function simulate(
  spiking: SpikingNetwork,
  trials: TrialRequest,
  options: SimulateOptions,
): Promise<SpikingRun[]> {
  return Array.fromAsync(simulateEach(spiking, trials, options));
}

function checkStep(trials: TrialRequest, { stepMs }: SpikingNetwork): void {
  if (isTask(trials) && trials.task.stepMs !== stepMs) {
    throw new RangeError(
      `Cannot simulate task ${trials.task.name}: the network was mapped for ` +
        `steps of ${stepMs} ms, the task's take ${trials.task.stepMs} ms`,
    );
  }
}

function checkRecording(record: Recording): void {
  for (const what of ["voltages", "currents", "rates"] as const) {
    const every = record[what];
    if (every !== undefined && !(Number.isInteger(every) && every > 0)) {
      throw new RangeError(
        `Cannot record ${what} at every ${every} steps: ` +
          "a whole number above 0 is needed",
      );
    }
  }
}

function checkVoltages(voltages: FloatArray | undefined, units: number): void {
  if (!voltages) return;
  if (voltages.length !== units) {
    throw new TypeError(
      `Cannot start from ${voltages.length} voltages: ` +
        `the network has ${units} units`,
    );
  }
  const bad = voltages.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0) {
    throw new RangeError(
      `Cannot start unit ${bad} at ${voltages[bad]} mV: ` +
        "a finite voltage is needed",
    );
  }
}

/** As many trials as keep their recordings within bounds, at least one. */
function chunkSize(
  spiking: SpikingNetwork,
  trials: TrialRequest,
  from: number,
  record: Recording,
): number {
  const rateSteps = isTask(trials)
    ? trials.task.steps
    : trials[from].columns - 1;
  const steps = rateSteps * stepsPerRateStep(spiking);
  const units = unitCount(spiking.rate);
  let numbers = record.outputs ? steps : 0;
  for (const every of [record.voltages, record.currents, record.rates]) {
    if (every) numbers += units * Math.ceil(steps / every);
  }
  const fit = Math.floor(chunkBytes / (4 * Math.max(1, numbers)));
  return Math.max(1, Math.min(chunkTrials, fit));
}
