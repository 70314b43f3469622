/**
 * A rate network as plain data: what a model file holds and what every other
 * part of the library passes around. Arrays are row-major; a weight matrix has
 * one row per postsynaptic and one column per presynaptic unit.
 */

import type { Activation } from "./activations.ts";

export { type Activation, activations } from "./activations.ts";

/** Numbers of either precision; kernels say in which one they compute. */
export type FloatArray = Float32Array | Float64Array;

/** Recurrently connected units that share one weight matrix. */
export interface Layer {
  /** Number of units, N. */
  readonly size: number;
  /** N flags: 1 where the unit is inhibitory. All 0 without Dale's principle. */
  readonly inhibitory: Uint8Array;
  /** Number of somatostatin (SST) units: the first ones among the inhibitory. */
  readonly sstCount: number;
  /**
   * Trainable recurrent weights `W`, N×N. Under Dale's principle these are the
   * unrectified magnitudes: entries of 0 or below are absent synapses.
   */
  readonly weights: FloatArray;
  /** Connectivity mask `som_m`, N×N of 0 and 1. */
  readonly mask: Uint8Array;
  /** `taus_gaus`, N: tau = sigmoid(taus_gaus)·(max - min) + min, in steps. */
  readonly tausGaus: FloatArray;
}

/** Weights from the input channels, or from another layer, to a layer. */
export interface Projection {
  /** Index of the presynaptic layer, or `"input"` for the stimulus channels. */
  readonly from: number | "input";
  /** Index of the postsynaptic layer. */
  readonly to: number;
  /**
   * size(to)×size(from). From the input: fixed, signed (`w_in`). Between
   * layers: trainable, and under Dale's principle unrectified magnitudes whose
   * sign is the presynaptic unit's.
   */
  readonly weights: FloatArray;
  /** Between layers: which synapses may exist, size(to)×size(from) of 0 and 1. */
  readonly mask?: Uint8Array;
}

/** The linear readout `o = w_out @ r + b_out` of one layer or of several. */
export interface Readout {
  /** Layers that are read, ascending; usually the last one alone. */
  readonly from: readonly number[];
  /** One row of weights per layer in `from`, each of that layer's size. */
  readonly weights: readonly FloatArray[];
  /** Bias `b_out`, added to every output; not read out by spiking networks. */
  readonly bias: number;
}

/** A rate network: parameters only, no state. One layer is a list of one. */
export interface RateNetwork {
  /** Transfer function of every unit. */
  readonly activation: Activation;
  /** Whether Dale's principle is enforced. */
  readonly dale: boolean;
  /**
   * Decay time constants in steps: `[tau]` fixed and shared by all units, or
   * `[min, max]`, the bounds of the trained ones.
   */
  readonly taus: readonly [number] | readonly [number, number];
  /** The layers, from the stimulus up. */
  readonly layers: readonly Layer[];
  /** Projections from the input channels, fixed. */
  readonly inputs: readonly Projection[];
  /** Projections between layers; empty for one layer. */
  readonly between: readonly Projection[];
  /** The linear readout of the rates. */
  readonly readout: Readout;
}

/** Weights that hold from a step of a trial on, until the next ones. */
export interface WeightsFrom {
  /** First step. */
  readonly from: number;
  /**
   * A network with these weights. Its synapses must be among those of the
   * network that runs, whose readout and time constants stay. Defaults to the
   * network that runs.
   */
  readonly network?: RateNetwork;
}

/** How a network was made; everything in it is JSON. */
export interface Provenance {
  /** Version of this package that wrote the network. */
  readonly version: string;
  /** Seed of every random number used, or `null` if unknown. */
  readonly seed: number | null;
  /** Backend that computed it ("simd", "reference", "webgpu"), with its adapter. */
  readonly backend: string;
  /** When it was saved, ISO 8601. */
  readonly created: string;
  /** Every setting in force, by its command-line name (`N`, `P_inh`, …). */
  readonly settings: Readonly<Record<string, unknown>>;
}
