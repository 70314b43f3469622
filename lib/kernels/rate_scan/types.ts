/**
 * What the rate scan works on: a network flattened to units and synapses.
 *
 * **Stages.** Layers that feed each other in a cycle form one stage; stages run
 * one after the other, each over the whole trial. Units are numbered in the
 * order of the stages, so a unit's sources outside its stage have smaller
 * numbers than every unit of the stage.
 *
 * **Canonical order of sums.** Every implementation adds in this order, so that
 * in float32 they agree bit for bit (leaving out terms that are zero changes
 * nothing):
 * - input of a unit: the channels ascending, then its presynaptic units ascending;
 * - gradient reaching a unit: from the readout, then from its postsynaptic units
 *   in later stages ascending, then from those in its own stage ascending;
 * - output: the bias, then stage by stage (p0 + p1) + (p2 + p3), where p_k adds
 *   the stage's units ascending whose number within the stage is k modulo 4;
 * - gradient of a parameter: one term for every step and trial of a block, steps
 *   descending, trials ascending; term number q goes to partial sum q modulo 4,
 *   and the total is (p0 + p1) + (p2 + p3). A block has 1 trial, or is filled up
 *   to 4 or 16 with trials whose terms are zero. Blocks are added in order.
 *
 * Sizes: `N` units of all layers, `S` synapses, `C` channels, `T` steps.
 */

import type { Activation } from "../../network/activations.ts";

/** Numbers of either precision. */
export type Floats = Float32Array | Float64Array;

/** Precision in which the reference computes. */
export type Precision = "float64" | "float32";

/** Consecutive units that run together. */
export interface Stage {
  /** First unit. */
  readonly from: number;
  /** One past the last unit. */
  readonly to: number;
}

/** Who is connected to whom; everything about a network that training leaves alone. */
export interface Wiring {
  readonly activation: Activation;
  /** Dale's principle: weights are rectified and take the sign of the presynaptic unit. */
  readonly dale: boolean;
  /** N. */
  readonly units: number;
  /** C. */
  readonly channels: number;
  readonly stages: readonly Stage[];
  /** Noise counter of each unit: its number over all layers in the network's order. */
  readonly unitIds: Uint32Array;
  /** Postsynaptic unit of each synapse, ascending. */
  readonly post: Uint32Array;
  /** Presynaptic unit of each synapse, ascending within a postsynaptic unit. */
  readonly pre: Uint32Array;
  /** Sign of each unit's outgoing synapses: 1 or -1; all 1 without Dale's principle. */
  readonly signs: Int8Array;
  /** 1 for the units that the readout reads. */
  readonly read: Uint8Array;
  /** Fixed input weights `w_in`, N×C. */
  readonly inputWeights: Float64Array;
  /** Decay time constants in steps: `[tau]` fixed, or the bounds of the trained ones. */
  readonly taus: readonly [number] | readonly [number, number];
}

/**
 * Where the parts of a parameter vector lie. Parameters, gradients and moments
 * are vectors of `length` numbers: one weight a synapse, one readout weight a
 * unit, one `taus_gaus` a unit, one bias. Every part starts at a multiple of 4;
 * numbers between the parts stay 0.
 */
export interface ParameterLayout {
  readonly weights: number;
  readonly readout: number;
  readonly tausGaus: number;
  readonly bias: number;
  readonly length: number;
}

/** The next multiple of 4, at or above a whole number. */
export function upToFour(n: number): number {
  return Math.ceil(n / 4) * 4;
}

/** Layout of the parameter vector of a network with `synapses` and `units`. */
export function parameterLayout(
  synapses: number,
  units: number,
): ParameterLayout {
  const readout = upToFour(synapses);
  const tausGaus = readout + upToFour(units);
  const bias = tausGaus + upToFour(units);
  return { weights: 0, readout, tausGaus, bias, length: bias + 4 };
}
