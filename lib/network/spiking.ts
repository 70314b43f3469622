/**
 * A spiking network is a rate network plus how it was mapped; it is derived,
 * never edited. Voltages are in mV, times in ms unless a name says otherwise.
 */
import type { NeuronModel } from "./neurons.ts";
import type { SynapseModel } from "./synapses.ts";
import type { FloatArray, RateNetwork, WeightsFrom } from "./types.ts";

export type { NeuronModel, NeuronName } from "./neurons.ts";
export type { SynapseModel, SynapseName } from "./synapses.ts";

/**
 * What was fitted on top of the scaling factor; an absent part is as in the
 * paper.
 */
export interface Calibration {
  /** Readout gain for excitatory and inhibitory units, and offset. */
  readonly readout?: {
    readonly gainExcitatory: number;
    readonly gainInhibitory: number;
    readonly offset: number;
    /** Gains of single units, all layers in order, on top of the two above. Defaults to 1. */
    readonly units?: FloatArray;
  };
  /** Per-unit bias current (mV) and gain of the synaptic input, all layers in order. */
  readonly units?: { readonly bias: FloatArray; readonly gain: FloatArray };
  /**
   * Gains of single synapses, above 0, beside the rate network's weights: one
   * N×N matrix a layer, and one matrix a projection between layers. Gains
   * without a synapse have no effect.
   */
  readonly synapses?: {
    readonly recurrent: readonly FloatArray[];
    readonly between: readonly FloatArray[];
  };
}

/** A spiking network. */
export interface SpikingNetwork {
  /** The network that was mapped. */
  readonly rate: RateNetwork;
  /**
   * Scaling factor (20 … 75): weights and readout are divided by it. One, or
   * one for each layer, which divides all weights that leave the layer:
   * recurrent weights, readout, weights to other layers.
   */
  readonly factor: number | readonly number[];
  /** Neuron model, the same for every unit. */
  readonly neuron: NeuronModel;
  /** Synapse model, the same for every synapse; its decay is the postsynaptic unit's. */
  readonly synapse: SynapseModel;
  /** Duration of one step of the rate network, ms. */
  readonly stepMs: number;
  /** Duration of one integration step, ms: 0.05 times the downsampling. */
  readonly dt: number;
  /** What was fitted on top; absent for the paper's mapping. */
  readonly calibration?: Calibration;
}

/**
 * Stimulation as by optogenetics: one random draw in each step for all chosen
 * units.
 */
export interface Stimulation {
  /** `exc` raises the voltage, `inh` lowers it. */
  readonly kind: "exc" | "inh";
  /** Units, 0-based, counted over all layers. */
  readonly units: readonly number[];
  /** First integration step. */
  readonly from: number;
  /** One past the last integration step: it lasts [from, to). */
  readonly to: number;
  /** Probability per step. Defaults to 0.5. */
  readonly probability?: number;
  /** Step of the voltage. Defaults to 0.5 mV. */
  readonly amount?: number;
}

/** One trial for a spiking network. */
export interface SpikingTrial {
  /** Stimulus `u`, channels×columns; the trial lasts (columns - 1) rate steps. */
  readonly inputs: FloatArray;
  /** Columns of the stimulus: steps of the rate network, plus one. */
  readonly columns: number;
  /**
   * Key of the random stream for noise, initial voltages and stimulation, and
   * the trial counter.
   */
  readonly noise: {
    readonly key: number;
    readonly trial: number;
    /** Multiplies the 0.1 mV of the model. Defaults to 1; 0 for none. */
    readonly scale?: number;
  };
  /** Initial voltages, one a unit; drawn when left out. */
  readonly initialVoltage?: FloatArray;
  /** Stimulations of the trial. */
  readonly stimulation?: readonly Stimulation[];
  /**
   * Other weights, for spikes from an integration step on (counted from 1), by
   * ascending step.
   */
  readonly weights?: readonly WeightsFrom[];
}

/**
 * What to keep of a simulation; everything but outputs and counts costs time
 * and memory.
 */
export interface Recording {
  /** Output at every integration step. */
  readonly outputs?: boolean;
  /** Times and units of the spikes. */
  readonly spikes?: boolean;
  /** Voltages, every n-th step (1: all). */
  readonly voltages?: number;
  /** Synaptic currents, every n-th step. */
  readonly currents?: number;
  /** Filtered spike trains r, every n-th step. */
  readonly rates?: number;
  /**
   * Means of the filtered spike trains over every so many steps, of samples in
   * equal distances (as many as steps: all). They are made from the spikes, in a
   * fraction of the time of `rates`.
   */
  readonly means?: { readonly steps: number; readonly samples: number };
}

/** Result of one trial of a spiking network. */
export interface SpikingTrace {
  /** Number of integration steps, nt. */
  readonly steps: number;
  /** Output at every integration step, if recorded. */
  readonly outputs?: FloatArray;
  /** Spikes of each unit over the whole trial. */
  readonly spikeCounts: Uint32Array;
  /** Spikes in the first 9 steps, which `all_fr` leaves out. */
  readonly earlyCounts: Uint32Array;
  /** Spike times as 1-based integration steps, ascending, with the 0-based unit of each. */
  readonly spikes?: {
    readonly steps: Uint32Array;
    readonly units: Uint32Array;
  };
  /** Voltages of the sampled steps, mV, units×samples; +30 mV where a unit spikes. */
  readonly voltages?: FloatArray;
  /** Synaptic currents after the sampled steps, mV, units×samples. */
  readonly currents?: FloatArray;
  /** Filtered spike trains after the sampled steps, 1/s, units×samples. */
  readonly rates?: FloatArray;
  /** Means of the filtered spike trains, 1/s, units×bins of as many steps as asked for. */
  readonly means?: FloatArray;
}
