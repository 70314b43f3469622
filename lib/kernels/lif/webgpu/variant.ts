/** Variants of the spiking scan, and the layout of what they read and write. */
import { neuronModels } from "../../../network/neurons.ts";
import type { SynapseModel } from "../../../network/synapses.ts";
import type { LifNeuron } from "../types.ts";

/** What sets one kernel apart from another. */
export interface SpikingVariant {
  readonly units: number;
  readonly channels: number;
  readonly workgroupSize: number;
  readonly neuron: LifNeuron;
  readonly synapse: SynapseModel;
  /** Integration step, ms. */
  readonly dt: number;
  /** Steps after a spike in which the voltage only takes the noise. */
  readonly refractorySteps: number;
  /** Integration steps in a step of the stimulus. */
  readonly stepsPerColumn: number;
  /** Whether some trial has noise. */
  readonly noisy: boolean;
  /** Whether some trial is stimulated. */
  readonly stimulated: boolean;
  readonly outputs: boolean;
  readonly spikes: boolean;
  /** Every how many steps, 0 for never. */
  readonly voltages: number;
  readonly currents: number;
  readonly rates: number;
}

/**
 * Facts of a unit, each a row of N words: place of its scale, constant input,
 * decay of the synapse, what a spike adds to its filtered spikes, readout weight,
 * what a presynaptic spike's weight is multiplied by; then the input weights, one
 * row a channel.
 */
export const factRows = 6;

/**
 * Words of a trial's row before its scales: key, trial counter, amplitude of the
 * noise, number of stimulations, where they start, offset of the output.
 */
export const trialHeader = 6;

/**
 * Words of one stimulation: steps [from, to), largest word that is heads, amount, where
 * the bits of its units start, unit counter and key of its coin.
 */
export const stimulationWords = 7;

/** Set in the early spikes of a unit whose state left the finite numbers. */
export const divergedBit = 0x8000_0000;

/** Rows of the state, each trials×N: one more for units that adapt. */
export function stateRows({ name }: LifNeuron): number {
  return neuronModels[name].adapts ? 7 : 6;
}

/** Steps whose outputs are added up together. */
export const outputBlock = 8;

/** Words that hold a bit for every unit. */
export function spikeWords(units: number): number {
  return Math.ceil(units / 32);
}

/** Words that hold a bit for every word of them: whether any unit of it fired. */
export function spikeSummaries(units: number): number {
  return Math.ceil(spikeWords(units) / 32);
}

/**
 * Turns of all loops of one thread in `steps` steps, at most: a unit fires no
 * more than once in its refractory period.
 */
export function spikingTurns(variant: SpikingVariant, steps: number): number {
  const { units, workgroupSize, refractorySteps } = variant;
  const perThread = Math.ceil(units / workgroupSize);
  const summary = spikeSummaries(units);
  const bursts = Math.floor(steps / (refractorySteps + 1)) + 1;
  const perStep = 5 * perThread + variant.channels + summary + 12 +
    (variant.stimulated ? 8 * perThread : 0);
  const perSpike = perThread + 2;
  return steps * perStep + bursts * units * perSpike;
}

/** Bytes of workgroup storage that a variant takes. */
export function spikingStorage(variant: SpikingVariant): number {
  const { units } = variant;
  return 4 * (3 * (spikeWords(units) + spikeSummaries(units)) +
    (variant.outputs ? (outputBlock + 1) * variant.workgroupSize : 0));
}
