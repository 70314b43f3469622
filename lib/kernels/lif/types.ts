/**
 * What the spiking kernels take and give: units and synapses, no layers. Times
 * are in ms, voltages in mV, filtered spikes in 1/s.
 */
import type { NeuronConstants, NeuronName } from "../../network/neurons.ts";
import type { SynapseModel } from "../../network/synapses.ts";

/** A neuron model with its constants; units have their own bias. */
export interface LifNeuron extends NeuronConstants {
  readonly name: NeuronName;
}

/** A spiking network, prepared. Vectors have one number a unit. */
export interface LifNetwork {
  readonly units: number;
  /** Input channels. */
  readonly channels: number;
  readonly neuron: LifNeuron;
  readonly synapse: SynapseModel;
  /** Integration step. */
  readonly dt: number;
  /** Integration steps in a step of the stimulus. */
  readonly stepsPerColumn: number;
  /** Decay time constant td. */
  readonly decay: Float64Array;
  /** Constant input. */
  readonly bias: Float64Array;
  /** What arriving spikes are multiplied by, besides the weight. */
  readonly inputGain: Float64Array;
  /** Effective weights before scaling, a row a presynaptic unit. */
  readonly weights: Float64Array;
  /** Scaling factor by which the unit's arriving weights and readout are divided. */
  readonly factors: Float64Array;
  /** Readout weights before scaling. */
  readonly readout: Float64Array;
  /** Added to the output. */
  readonly offset: number;
  /** channels×units. */
  readonly inputWeights: Float64Array;
}

/** Stimulation: one random number a step for all of its units. */
export interface LifStimulation {
  readonly units: readonly number[];
  /** Steps [from, to), 1-based. */
  readonly from: number;
  readonly to: number;
  readonly probability: number;
  /** What is added to the voltage, mV. */
  readonly amount: number;
}

/** A trial, prepared. */
export interface LifTrial {
  /** Key and trial counter of the random stream. */
  readonly key: number;
  readonly trial: number;
  /** Standard deviation of the noise of a step, mV. */
  readonly amplitude: number;
  /** channels×columns. */
  readonly inputs: ArrayLike<number>;
  readonly columns: number;
  /** Voltages before the first step. */
  readonly initial: ArrayLike<number>;
  readonly stimulations: readonly LifStimulation[];
  /** Other weights for spikes from a step (from 1) on, ascending. */
  readonly weights?: readonly LifWeights[];
}

/** Effective weights as a network's, for spikes from a step on. */
export interface LifWeights {
  readonly from: number;
  readonly weights: Float64Array;
}

/** What is kept; 0 for never, else every how many steps. */
export interface LifRecording {
  readonly outputs: boolean;
  readonly spikes: boolean;
  readonly voltages: number;
  readonly currents: number;
  readonly rates: number;
}

/** What a trial gave. */
export interface LifTrace {
  readonly steps: number;
  /** Whether every voltage, current and filtered spike train ended finite. */
  readonly finite: boolean;
  readonly outputs?: Float32Array | Float64Array;
  readonly spikeCounts: Uint32Array;
  readonly earlyCounts: Uint32Array;
  /** Steps (1-based) and units of the spikes, in order. */
  readonly spikes?: {
    readonly steps: Uint32Array;
    readonly units: Uint32Array;
  };
  /** units×samples. */
  readonly voltages?: Float32Array | Float64Array;
  readonly currents?: Float32Array | Float64Array;
  readonly rates?: Float32Array | Float64Array;
}

/**
 * What the SIMD kernel's functions end with, by how spikes rise: by a constant that
 * all units share, by each unit's decay time constant, or not at all.
 */
export const runNames = {
  tr: "Double",
  td: "Alpha",
  "at once": "Single",
} as const;

/** Spikes in this many first steps count as early. */
export const earlySteps = 9;

/** Voltage that is recorded of a unit that spikes. */
export const spikeVoltage = 30;

/** Number of integration steps of a trial. */
export function stepCount(network: LifNetwork, columns: number): number {
  return (columns - 1) * network.stepsPerColumn;
}

/** 0-based column of the stimulus at a step (1-based): rounded half up. */
export function columnOf(network: LifNetwork, step: number): number {
  const { stepsPerColumn } = network;
  return Math.floor((2 * step + stepsPerColumn) / (2 * stepsPerColumn));
}

/** Of a step: what is nearer to a whole number of steps than this is one. */
const nearWhole = 1e-9;

/**
 * Refractory period in whole steps: a unit integrates when more have passed.
 *
 * The original asks at each step whether dt·i > tlast + tref, so a period that
 * is no whole number of steps ends within the next step: the number is rounded
 * down. Where it is whole, both sides are equal but for rounding, and most often
 * the step waits; such a number is kept, also where the division falls short of
 * it (2.05/0.05 gives 40.99…).
 *
 * @param refractory refractory period, ms
 * @param dt integration step, ms
 * @param steps of the trial: a longer period makes no difference
 */
export function refractorySteps(
  refractory: number,
  dt: number,
  steps = Infinity,
): number {
  return Math.min(Math.floor(refractory / dt + nearWhole), steps);
}
