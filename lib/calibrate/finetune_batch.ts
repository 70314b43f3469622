/** A batch of spiking trials, and the gradient of its loss. */
import type { Backend } from "../backend/types.ts";
import {
  isTuning,
  spikingGradient,
  type TuningBackend,
} from "../backend/spiking_gradient.ts";
import { prepareNetwork } from "../backend/spiking_network.ts";
import type { SmoothNetwork, SmoothTrial } from "../kernels/lif/smooth.ts";
import {
  type SlopeTable,
  type TunedFilters,
  tunedFilters,
} from "../kernels/lif/tune_launch.ts";
import type { LifNetwork } from "../kernels/lif/types.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import type { Task } from "../tasks/types.ts";
import { stepsPerRateStep } from "../network/geometry.ts";
import { guideLoss, guidesOf } from "./finetune_guide.ts";
import { smoothTrialOf } from "./finetune_history.ts";
import { lossWeights, outputLoss } from "./finetune_loss.ts";
import { calibrationOf, type TunedParameters } from "./finetune_parameters.ts";
import { randomStream } from "../random/stream.ts";
import { readyTrials } from "../simulate/trials.ts";
import { simulateEach, type SpikingRun } from "../simulate/simulate.ts";
import { slopeAt, type TransferCurve } from "../map/transfer.ts";
import { factorsOf, unitInputWeights } from "../simulate/unit_inputs.ts";

/** Longest interval of the smoothed model, ms. */
const longestInterval = 5;

/** Longest integration step of the trials of a batch, ms. */
const longestStep = 0.25;

/** A transfer function, measured at a factor of the noise. */
export interface NoisyCurve {
  readonly noise: number;
  readonly curve: TransferCurve;
}

/** What stays the same from batch to batch. */
export interface Batches {
  readonly task: Task;
  /** The network, mapped for coarse integration steps. */
  readonly coarse: SpikingNetwork;
  /** Integration steps of an interval. */
  readonly stepsPerInterval: number;
  /**
   * Factors of the noise that trials take in turn, made up for the coarse steps:
   * noise is drawn once a step.
   */
  readonly noiseScales: readonly number[];
  /** Slopes of the transfer function at each of them. */
  readonly slopes: readonly SlopeTable[];
  /** Input weights of every unit, one a channel. */
  readonly drives: readonly Float64Array[];
  /** The coarse network as the kernels take it, with what it was mapped with. */
  readonly prepared: LifNetwork;
  /**
   * Filters of the kernels over an interval, made when they are first asked for.
   *
   * @throws {RangeError} for synapses without a filter
   */
  readonly filters: () => TunedFilters;
}

/** Loss and gradients of a batch, by the weights as the rate network has them. */
export interface BatchGradient {
  /** Mean squared error of the outputs. */
  readonly loss: number;
  readonly synapses: Float64Array;
  readonly readout: Float64Array;
  readonly offset: number;
  /** By the bias current of each unit, 1/mV. */
  readonly bias: Float64Array;
}

/** Prepares batches: integration steps of up to 0.25 ms, intervals of up to 5 ms. */
export function prepareBatches(
  spiking: SpikingNetwork,
  task: Task,
  curves: readonly NoisyCurve[],
): Batches {
  const steps = stepsPerRateStep(spiking);
  const parts = Math.ceil(spiking.stepMs / longestInterval);
  // Only the LIF unit's equation, which is linear, bears coarse steps.
  const most = spiking.neuron.name === "lif"
    ? Math.max(1, Math.floor(longestStep / spiking.dt + 1e-9))
    : 1;
  const fits = (coarsening: number, intervals: number) =>
    steps % (coarsening * intervals) === 0;
  let intervals = parts;
  while (!fits(1, intervals)) intervals++;
  let coarsening = most;
  while (!fits(coarsening, intervals)) coarsening--;
  const coarse = { ...spiking, dt: spiking.dt * coarsening };
  const prepared = prepareNetwork(coarse);
  const stepsPerInterval = steps / coarsening / intervals;
  let filters: TunedFilters | undefined;
  return {
    task,
    coarse,
    prepared,
    filters: () => filters ??= tunedFilters(prepared, stepsPerInterval),
    stepsPerInterval,
    noiseScales: curves.map(({ noise }) => noise * Math.sqrt(coarsening)),
    slopes: curves.map(({ curve }) => ({
      first: curve.inputs[0],
      step: curve.inputs[1] - curve.inputs[0],
      values: curve.inputs.map((input) => slopeAt(curve, input)),
    })),
    drives: unitInputWeights(spiking.rate),
  };
}

/** How a batch is run. */
export interface BatchOptions {
  readonly trials: number;
  readonly seed: number;
  readonly backend: Backend;
  readonly signal?: AbortSignal;
  /** Whether synapses and bias currents move, not the readout alone. */
  readonly all: boolean;
  /** Weight of the guide beside the loss of the outputs; 0 for none. */
  readonly guide: number;
}

/**
 * Runs a batch with the parameters as they stand, forward and backward: where the
 * trials run, on a backend that can, or else in steps of its own, on what they
 * leave behind.
 */
export async function batchGradient(
  batches: Batches,
  parameters: TunedParameters,
  options: BatchOptions,
): Promise<BatchGradient> {
  const { backend } = options;
  return options.all && isTuning(backend)
    ? await gradientWhereItRuns(batches, parameters, { ...options, backend })
    : await gradientOfTraces(batches, parameters, options);
}

/** The batch as jobs of the kernel, from spikes to gradients. */
async function gradientWhereItRuns(
  batches: Batches,
  parameters: TunedParameters,
  options: BatchOptions & { readonly backend: TuningBackend },
): Promise<BatchGradient> {
  const { task, coarse, stepsPerInterval, noiseScales } = batches;
  const { trials, seed, backend, signal } = options;
  const smooth = smoothNetworkOf(batches, parameters);
  const guides = options.guide > 0 ? await guidesOf(coarse, task, options) : [];
  signal?.throwIfAborted();
  const ready = await readyTrials(
    {
      source: { task, conditions: task.conditions },
      random: randomStream(seed),
      kind: "spiking",
      noiseScale: noiseScales,
    },
    { from: 0, to: trials },
    (trial, noise) => ({ ...trial, noise }),
  );
  const perStep = stepsPerRateStep(coarse) / stepsPerInterval;
  const intervals = task.steps * perStep;
  const { loss, offset, readout, weights, drive } = await backend
    .tuningGradient(
      {
        spiking: tunedNetwork(batches, parameters),
        neuronBias: coarse.neuron.bias,
        smooth,
        stepsPerInterval,
        filters: batches.filters(),
      },
      ready.map(({ trial: { trial }, placed }, k) => {
        const counts = lossWeights(trial!, task);
        const total = counts.reduce((sum, weight) => sum + weight, 0) || 1;
        const of = (value: (step: number) => number) => {
          const all = new Float32Array(intervals);
          for (let k = 0; k < intervals; k++) {
            all[k] = value(Math.floor(k / perStep));
          }
          return all;
        };
        return {
          trial: placed,
          slopes: slopesOf(batches, k),
          weights: of((step) => counts[step] / (total * perStep * trials)),
          targets: of((step) => trial!.target[step]),
          guide: guides[k] && {
            rates: guides[k].rates,
            columns: guides[k].columns,
            weight: options.guide / trials,
          },
        };
      }),
    );
  const factors = factorsOf(coarse);
  const byUnit = readout.map((g, unit) => g / factors[unit]);
  return {
    loss,
    synapses: bySynapseOf(batches, parameters, weights),
    readout: Float64Array.from(parameters.readout.units, (at) => byUnit[at]),
    offset,
    bias: drive,
  };
}

/** Slopes at the noise that a trial has: every condition gets every strength. */
function slopesOf({ slopes, task }: Batches, trial: number): SlopeTable {
  const round = Math.floor(trial / task.conditions.length);
  return slopes[round % slopes.length];
}

/** The gradient by the weights of the rate network, from that by the smoothed model's. */
function bySynapseOf(
  { coarse }: Batches,
  { synapses: { pre, post } }: TunedParameters,
  weights: Float64Array,
): Float64Array {
  const factors = factorsOf(coarse);
  const gain = coarse.calibration?.units?.gain;
  return weights.map((g, k) => g * (gain?.[post[k]] ?? 1) / factors[pre[k]]);
}

/** The network of a batch, as the kernels take it. */
function tunedNetwork(
  { coarse, prepared }: Batches,
  { synapses, readout, offset, bias }: TunedParameters,
): LifNetwork {
  const { units, factors } = prepared;
  const weights = new Float64Array(units * units);
  synapses.post.forEach((post, k) => {
    const pre = synapses.pre[k];
    // The kernels divide what arrives by the factor of the unit that it reaches.
    const ratio = factors[post] / factors[pre];
    weights[pre * units + post] += synapses.original[k] * ratio *
      synapses.gains[k];
  });
  const read = new Float64Array(units);
  readout.units.forEach((unit, k) =>
    read[unit] = readout.original[k] * readout.gains[k]
  );
  return {
    ...prepared,
    weights,
    readout: read,
    offset,
    bias: bias.map((current) => coarse.neuron.bias + current),
  };
}

/** The batch step by step, from recorded trials. */
async function gradientOfTraces(
  batches: Batches,
  parameters: TunedParameters,
  options: BatchOptions,
): Promise<BatchGradient> {
  const { task, coarse, stepsPerInterval, noiseScales, drives } = batches;
  const { readout } = parameters;
  const { backend, trials } = options;
  const calibration = calibrationOf(coarse, parameters, options.all);
  const smooth = smoothNetworkOf(batches, parameters);
  const runs = simulateEach({ ...coarse, calibration }, task, {
    ...options,
    noiseScale: noiseScales,
    record: {
      spikes: true,
      currents: stepsPerInterval,
      rates: stepsPerInterval,
    },
  });
  const guides = options.all && options.guide > 0
    ? await guidesOf(coarse, task, options)
    : [];
  const perStep = stepsPerRateStep(coarse) / stepsPerInterval;
  const factors = factorsOf(coarse);
  const byReadout = new Float64Array(readout.units.length);
  let [loss, byOffset] = [0, 0];
  const ready: SmoothTrial[] = [];
  for await (const run of runs) {
    const { outputs, stepOf } = outputsOf(run, batches, smooth, parameters);
    const own = outputLoss(outputs, run.trial!, task, stepOf);
    const byOutput = own.byOutput.map((g) => g / trials);
    loss += own.loss / trials;
    const rates = run.trace.rates!;
    const intervals = outputs.length;
    for (const g of byOutput) byOffset += g;
    readout.units.forEach((unit, w) => {
      for (let k = 0; k < intervals; k++) {
        if (byOutput[k] === 0) continue;
        byReadout[w] += byOutput[k] * rates[unit * intervals + k] /
          factors[unit];
      }
    });
    if (options.all) {
      const guide = guides[ready.length];
      const byRates = guide
        ? guideLoss(rates, guide, (k) => Math.floor((k + 1) / perStep)).byRates
        : new Float32Array(rates.length);
      if (guide) {
        for (let at = 0; at < byRates.length; at++) {
          byRates[at] = byRates[at] * options.guide / trials;
        }
      }
      addReadout(byRates, byOutput, smooth.readout);
      const history = smoothTrialOf(run, {
        interval: stepsPerInterval * coarse.dt,
        stepsPerInterval,
        perStep,
        drives,
        bias: parameters.bias,
        slopes: slopesOf(batches, ready.length),
      });
      ready.push({ ...history, byRates });
    }
  }
  let bySynapse: Float64Array = new Float64Array(
    parameters.synapses.post.length,
  );
  let byBias: Float64Array = new Float64Array(smooth.units);
  if (options.all) {
    const { weights, drive } = spikingGradient(smooth, ready, backend.name);
    byBias = drive;
    bySynapse = bySynapseOf(batches, parameters, weights);
  }
  return {
    loss,
    synapses: bySynapse,
    readout: byReadout,
    offset: byOffset,
    bias: byBias,
  };
}

/** Adds to the gradient by filtered spikes what it is by way of the outputs. */
function addReadout(
  byRates: Float32Array,
  byOutput: Float32Array,
  readout: Float64Array,
): void {
  const units = readout.length;
  byOutput.forEach((g, k) => {
    if (g === 0) return;
    for (let unit = 0; unit < units; unit++) {
      byRates[k * units + unit] += g * readout[unit];
    }
  });
}

/** The smoothed model of a network with these parameters. */
export function smoothNetworkOf(
  { coarse, prepared, stepsPerInterval }: Batches,
  { synapses, readout }: TunedParameters,
): SmoothNetwork {
  const { calibration } = coarse;
  const { units, decay } = prepared;
  const factors = factorsOf(coarse);
  const byUnit = new Float64Array(units);
  readout.units.forEach((unit, k) =>
    byUnit[unit] = readout.original[k] * readout.gains[k] / factors[unit]
  );
  return {
    units,
    synapse: coarse.synapse,
    decay,
    interval: stepsPerInterval * coarse.dt,
    synapses: {
      first: Uint32Array.from(synapses.first),
      post: Uint32Array.from(synapses.post),
      weights: synapses.original.map((weight, k) => {
        const post = synapses.post[k];
        const gain = calibration?.units?.gain[post] ?? 1;
        return weight * synapses.gains[k] * gain / factors[synapses.pre[k]];
      }),
    },
    readout: byUnit,
  };
}

/** Outputs at the end of each interval. */
function outputsOf(
  { trace }: SpikingRun,
  { coarse, stepsPerInterval }: Batches,
  { units, readout }: SmoothNetwork,
  { offset }: TunedParameters,
) {
  const rates = trace.rates!;
  const intervals = rates.length / units;
  const outputs = new Float64Array(intervals).fill(offset);
  for (let unit = 0; unit < units; unit++) {
    if (readout[unit] === 0) continue;
    for (let k = 0; k < intervals; k++) {
      outputs[k] += readout[unit] * rates[unit * intervals + k];
    }
  }
  const perStep = stepsPerRateStep(coarse) / stepsPerInterval;
  return { outputs, stepOf: (k: number) => Math.floor(k / perStep) };
}
