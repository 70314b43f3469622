/** A batch of spiking trials, and the gradient of its loss. */
import {
  isTuning,
  spikingGradient,
  type TuningBackend,
} from "../backend/spiking_gradient.ts";
import type { SmoothNetwork, SmoothTrial } from "../kernels/lif/smooth.ts";
import type { LifNetwork } from "../kernels/lif/types.ts";
import { stepsPerRateStep } from "../network/geometry.ts";
import { simulateEach, type SpikingRun } from "../simulate/simulate.ts";
import { factorsOf } from "../simulate/unit_inputs.ts";
import {
  type Batches,
  type BatchOptions,
  drawBatch,
  type DrawnBatch,
  slopesOf,
} from "./finetune_draw.ts";
import { guideLoss, guidesOf } from "./finetune_guide.ts";
import { smoothTrialOf } from "./finetune_history.ts";
import { outputLoss } from "./finetune_loss.ts";
import { calibrationOf, type TunedParameters } from "./finetune_parameters.ts";

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

/**
 * Runs a batch with the parameters as they stand, forward and backward: where the
 * trials run, on a backend that can, or else in steps of its own, on what they
 * leave behind.
 *
 * @param drawn the batch, from {@linkcode drawBatch}. Drawn here by default.
 */
export async function batchGradient(
  batches: Batches,
  parameters: TunedParameters,
  options: BatchOptions,
  drawn?: DrawnBatch,
): Promise<BatchGradient> {
  const { backend } = options;
  const trials = drawn ?? await drawBatch(batches, options);
  return trials && isTuning(backend)
    ? await gradientWhereItRuns(batches, parameters, backend, trials)
    : await gradientOfTraces(batches, parameters, options);
}

/** The batch as jobs of the kernel, from spikes to gradients. */
async function gradientWhereItRuns(
  batches: Batches,
  parameters: TunedParameters,
  backend: TuningBackend,
  trials: DrawnBatch,
): Promise<BatchGradient> {
  const { network, stepsPerInterval } = batches;
  const { loss, offset, readout, weights, drive } = await backend
    .tuningGradient(
      {
        spiking: tunedNetwork(batches, parameters),
        neuronBias: network.neuron.bias,
        smooth: smoothNetworkOf(batches, parameters),
        stepsPerInterval,
        filters: batches.filters(),
      },
      trials,
    );
  const factors = factorsOf(network);
  const byUnit = readout.map((g, unit) => g / factors[unit]);
  return {
    loss,
    synapses: bySynapseOf(batches, parameters, weights),
    readout: Float64Array.from(parameters.readout.units, (at) => byUnit[at]),
    offset,
    bias: drive,
  };
}

/** The gradient by the weights of the rate network, from that by the smoothed model's. */
function bySynapseOf(
  { network }: Batches,
  { synapses: { pre, post } }: TunedParameters,
  weights: Float64Array,
): Float64Array {
  const factors = factorsOf(network);
  const gain = network.calibration?.units?.gain;
  return weights.map((g, k) => g * (gain?.[post[k]] ?? 1) / factors[pre[k]]);
}

/** The network of a batch, as the kernels take it. */
function tunedNetwork(
  { network, prepared }: Batches,
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
    bias: bias.map((current) => network.neuron.bias + current),
  };
}

/** The batch step by step, from recorded trials. */
async function gradientOfTraces(
  batches: Batches,
  parameters: TunedParameters,
  options: BatchOptions,
): Promise<BatchGradient> {
  const { task, network, stepsPerInterval, noiseScales, drives } = batches;
  const { readout } = parameters;
  const { backend, trials } = options;
  const calibration = calibrationOf(network, parameters, options.all);
  const smooth = smoothNetworkOf(batches, parameters);
  const runs = simulateEach({ ...network, calibration }, task, {
    ...options,
    noiseScale: noiseScales,
    record: {
      spikes: true,
      currents: stepsPerInterval,
      rates: stepsPerInterval,
    },
  });
  const guides = options.all && options.guide > 0
    ? await guidesOf(network, task, options)
    : [];
  const perStep = stepsPerRateStep(network) / stepsPerInterval;
  const factors = factorsOf(network);
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
        interval: stepsPerInterval * network.dt,
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
  { network, prepared, stepsPerInterval }: Batches,
  { synapses, readout }: TunedParameters,
): SmoothNetwork {
  const { calibration } = network;
  const { units, decay } = prepared;
  const factors = factorsOf(network);
  const byUnit = new Float64Array(units);
  readout.units.forEach((unit, k) =>
    byUnit[unit] = readout.original[k] * readout.gains[k] / factors[unit]
  );
  return {
    units,
    synapse: network.synapse,
    decay,
    interval: stepsPerInterval * network.dt,
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
  { network, stepsPerInterval }: Batches,
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
  const perStep = stepsPerRateStep(network) / stepsPerInterval;
  return { outputs, stepOf: (k: number) => Math.floor(k / perStep) };
}
