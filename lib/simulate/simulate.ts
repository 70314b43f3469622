/** Simulation of spiking networks. */
import { openBackend } from "../backend/open.ts";
import { countOf } from "../count.ts";
import { firstNotFinite } from "../arithmetic/finite.ts";
import { stepsPerRateStep, unitCount } from "../network/geometry.ts";
import type {
  Recording,
  SpikingNetwork,
  SpikingTrace,
} from "../network/spiking.ts";
import type { FloatArray } from "../network/types.ts";
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
import { perturbedSpiking, type RunOptions } from "./run.ts";
import { chunkSize, type Run, runsAhead, runTrials } from "./trials.ts";

/** Options of running a spiking network. */
export interface SimulateOptions extends RunOptions, SimulatedTrials {
  /** What to record. Defaults to outputs and spike counts. */
  readonly record?: Recording;
  /**
   * Initial voltages of every trial, one for each unit, mV. Drawn by default.
   */
  readonly initialVoltage?: FloatArray;
}

/** A trial of a spiking network. */
export type SpikingRun = Run<SpikingTrace>;

/**
 * Simulates trials of a spiking network, chunk by chunk. Trials that the caller
 * does not keep are not held, so memory does not grow with their number. The
 * numbers of a trial depend on the seed and on its place in the request, not on
 * chunks or workers.
 *
 * @param spiking the network, from `convert`
 * @param of a task, or stimuli (channels×columns)
 * @param options seed, which trials, what to record, perturbations
 * @returns the trials in order, each with its trace
 * @throws {TypeError} for a wrong number of channels or initial voltages
 * @throws {RangeError} for unknown conditions, units and populations, windows
 * outside the trial, numbers out of range, or a network mapped for steps of
 * another duration than the task's
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   convert, createNetwork, getTask, randomStream, simulateEach,
 * } from "@spikernn/spikernn";
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const spiking = convert(network, { scalingFactor: 50 });
 * const task = getTask("go-nogo");
 * const options = { seed: 1, trials: 3 };
 * const totals: number[] = [];
 * for await (const { trace } of simulateEach(spiking, task, options)) {
 *   totals.push(trace.spikeCounts.reduce((a, b) => a + b));
 * }
 * assert(totals.length === 3 && totals.every((spikes) => spikes > 0));
 * ```
 */
export function simulateEach(
  spiking: SpikingNetwork,
  of: Task | readonly StimulusTrial[],
  options: SimulateOptions,
): AsyncGenerator<SpikingRun, void>;
/** @deprecated Give the task itself; `trials` and `condition` are options. */
export function simulateEach(
  spiking: SpikingNetwork,
  of: Task | TrialRequest,
  options: SimulateOptions,
): AsyncGenerator<SpikingRun, void>;
/** Takes either form; see the overloads. */
export async function* simulateEach(
  spiking: SpikingNetwork,
  of: Task | TrialRequest,
  options: SimulateOptions,
): AsyncGenerator<SpikingRun, void> {
  const trials = requestOf(of, options);
  const { seed, noiseScale, record = { outputs: true }, signal } = options;
  const { network, place } = perturbedSpiking(
    spiking,
    options,
    isTask(trials) ? trials.task : undefined,
  );
  checkRequest(trials, network.rate, 1);
  checkStep(trials, spiking);
  checkNoiseScale(noiseScale);
  checkRecording(record);
  checkVoltages(options.initialVoltage, unitCount(network.rate));
  const random = randomStream(seed);
  const backend = options.backend ?? await openBackend();
  try {
    const chunks = runTrials({
      series: { source: sourceOf(trials), random, kind: "spiking", noiseScale },
      total: trialCount(trials),
      size: (from) =>
        chunkSize("spiking", recordedNumbers(network, trials, from, record)),
      place,
      ahead: () => runsAhead(backend),
      run: (ready) => backend.simulate(network, ready, record),
      signal,
    });
    for await (const runs of chunks) yield* runs;
  } finally {
    if (!options.backend) backend.close();
  }
}

/**
 * Simulates trials of a spiking network and returns them all; see
 * {@linkcode simulateEach} for many trials.
 *
 * @param spiking the network, from `convert`
 * @param of a task, or stimuli (channels×columns)
 * @param options seed, which trials, what to record, perturbations
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
  of: Task | readonly StimulusTrial[],
  options: SimulateOptions,
): Promise<SpikingRun[]>;
/** @deprecated Give the task itself; `trials` and `condition` are options. */
export function simulate(
  spiking: SpikingNetwork,
  of: Task | TrialRequest,
  options: SimulateOptions,
): Promise<SpikingRun[]>;
/** Takes either form; see the overloads. */
export function simulate(
  spiking: SpikingNetwork,
  of: Task | TrialRequest,
  options: SimulateOptions,
): Promise<SpikingRun[]> {
  return Array.fromAsync(simulateEach(spiking, of, options));
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
        `Cannot record ${what} at every ${countOf(every, "step")}: ` +
          "a whole number above 0 is needed",
      );
    }
  }
  if (record.means === undefined) return;
  const { steps, samples } = record.means;
  const isWhole = (n: number) => Number.isInteger(n) && n > 0;
  if (!isWhole(steps) || !isWhole(samples) || steps % samples !== 0) {
    throw new RangeError(
      `Cannot record means of ${samples} samples over ` +
        `${countOf(steps, "step")}: whole numbers above 0 are needed, the ` +
        "first one a divisor of the second",
    );
  }
}

function checkVoltages(voltages: FloatArray | undefined, units: number): void {
  if (!voltages) return;
  if (voltages.length !== units) {
    throw new TypeError(
      `Cannot start from ${voltages.length} voltages: ` +
        `the network has ${countOf(units, "unit")}`,
    );
  }
  const bad = firstNotFinite(voltages);
  if (bad >= 0) {
    throw new RangeError(
      `Cannot start unit ${bad} at ${voltages[bad]} mV: ` +
        "a finite voltage is needed",
    );
  }
}

/** Numbers that are recorded of a trial, outputs included. */
function recordedNumbers(
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
  const { voltages, currents, rates, means } = record;
  for (const every of [voltages, currents, rates, means?.steps]) {
    if (every) numbers += units * Math.ceil(steps / every);
  }
  return numbers;
}
