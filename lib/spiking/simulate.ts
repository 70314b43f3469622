/** Simulation of spiking networks and of their rate twins. */
import type { Backend, RateTrace, RateTrial } from "../backend/types.ts";
import { openBackend } from "../backend/open.ts";
import type {
  Recording,
  SpikingNetwork,
  SpikingTrace,
  SpikingTrial,
} from "../network/spiking.ts";
import type { FloatArray, RateNetwork } from "../network/types.ts";
import { randomStream } from "../random/stream.ts";
import { stepsPerRateStep, withInitialWeights } from "./convert.ts";
import {
  lesion,
  rateStimulation,
  spikingStimulation,
  type StimulationRequest,
} from "./perturb.ts";
import {
  checkRequest,
  isTask,
  type PreparedTrial,
  prepareTrials,
  trialCount,
  type TrialRequest,
} from "./trials.ts";
import { unitCount, type UnitSelection } from "./units.ts";

/** How a network is run; the same for rate and spiking networks. */
export interface RunOptions {
  /** Of the stimuli, the noise, the initial state and the coins. */
  readonly seed: number;
  /** Where to run; the best one of this machine unless told. */
  readonly backend?: Backend;
  /** Multiplies the noise of the model; 1 unless told, 0 for none. */
  readonly noiseScale?: number;
  /** Stimulation of chosen units. A rate network takes one at most. */
  readonly stimulation?: StimulationRequest | readonly StimulationRequest[];
  /** Units without outgoing weights and readout. */
  readonly lesion?: UnitSelection;
  /** The network before training, for its recurrent weights. */
  readonly initialWeights?: RateNetwork;
  /** Stops between chunks of trials. */
  readonly signal?: AbortSignal;
}

/** How a spiking network is run. */
export interface SimulateOptions extends RunOptions {
  /** What is kept; outputs and spike counts unless told. */
  readonly record?: Recording;
  /** Initial voltages of every trial, one a unit, mV; drawn when left out. */
  readonly initialVoltage?: FloatArray;
}

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

/** A trial and what a network made of it. */
export interface Run<Trace> extends PreparedTrial {
  readonly trace: Trace;
}

/** A trial of a spiking network. */
export type SpikingRun = Run<SpikingTrace>;

/** A trial of a rate network. */
export type RateRun = Run<RateTrace>;

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
 *   outside the trial, or numbers out of range
 *
 * @example
 * ```ts
 * import { convert, simulateEach, type Model, type Task } from "@spikernn/spikernn";
 * async function firingRates(model: Model, task: Task) {
 *   const spiking = convert(model.network, { scalingFactor: 50 });
 *   const request = { task, trials: 1000 };
 *   const totals = [];
 *   for await (const { trace } of simulateEach(spiking, request, { seed: 1 })) {
 *     totals.push(trace.spikeCounts.reduce((a, b) => a + b));
 *   }
 *   return totals;
 * }
 * console.assert(typeof firingRates === "function");
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
 *   outside the trial, or numbers out of range
 *
 * @example
 * ```ts
 * import { convert, simulate, type Model } from "@spikernn/spikernn";
 * async function lesioned(model: Model) {
 *   const spiking = convert(model.network, { scalingFactor: 50 });
 *   const stimulus = { inputs: new Float32Array(201), columns: 201 };
 *   const [run] = await simulate(spiking, [stimulus], {
 *     seed: 1,
 *     lesion: "PV",
 *     record: { outputs: true, spikes: true },
 *   });
 *   return run.trace.outputs;
 * }
 * console.assert(typeof lesioned === "function");
 * ```
 */
export function simulate(
  spiking: SpikingNetwork,
  trials: TrialRequest,
  options: SimulateOptions,
): Promise<SpikingRun[]> {
  return Array.fromAsync(simulateEach(spiking, trials, options));
}

/**
 * Runs trials of a rate network with the same options as its spiking twin: the
 * same seed gives the same stimuli, the same perturbations apply.
 *
 * @param network the rate network
 * @param trials a task's trials, or stimuli (channels×steps)
 * @param options seed, what to record, perturbations
 * @returns the trials in order, each with its trace
 * @throws {TypeError} for a wrong number of channels
 * @throws {RangeError} as {@linkcode simulate}, and for more than one stimulation
 *
 * @example
 * ```ts
 * import { simulateRate, type Model, type Task } from "@spikernn/spikernn";
 * async function inhibited(model: Model, task: Task) {
 *   return await simulateRate(model.network, { task }, {
 *     seed: 1,
 *     stimulation: { kind: "inh", units: "PV", window: { from: 250, to: 375 } },
 *   });
 * }
 * console.assert(typeof inhibited === "function");
 * ```
 */
export async function simulateRate(
  network: RateNetwork,
  trials: TrialRequest,
  options: SimulateRateOptions,
): Promise<RateRun[]> {
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
    const runs: RateRun[] = [];
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
        traces.forEach((trace, i) => runs.push({ ...prepared[i], trace }));
      }
    } finally {
      session.close();
    }
    return runs;
  } finally {
    if (!options.backend) backend.close();
  }
}

function perturbed(network: RateNetwork, options: RunOptions): RateNetwork {
  const weighted = options.initialWeights
    ? withInitialWeights(network, options.initialWeights)
    : network;
  return options.lesion === undefined
    ? weighted
    : lesion(weighted, options.lesion);
}

function stimulations(options: RunOptions): readonly StimulationRequest[] {
  const { stimulation } = options;
  if (!stimulation) return [];
  return "kind" in stimulation ? [stimulation] : stimulation;
}

function checkRun({ noiseScale = 1 }: RunOptions): void {
  if (!(Number.isFinite(noiseScale) && noiseScale >= 0)) {
    throw new RangeError(
      `Cannot simulate with noise scaled by ${noiseScale}: ` +
        "it must be 0 or more",
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
