/**
 * The contract of a neuron model: all that TypeScript knows of it. Refractory
 * period, noise, synapses and adaptation are the same for all. A further model
 * is one file beside this one and a line in index.ts, the same in simd/models,
 * and its name in `NeuronName`.
 */
import type { NeuronModel } from "../../../network/spiking.ts";
import type { LifNeuron } from "../types.ts";

/** Constants of a neuron model, but for its bias. */
export type NeuronConstants = Omit<NeuronModel, "name" | "bias">;

/** A neuron model. */
export interface NeuronEquation {
  /**
   * tm·dv/dt in double precision, mV.
   *
   * @param v voltage
   * @param current synaptic current, stimulus and bias together, less the
   *   adaptation current
   */
  derivative(v: number, current: number, neuron: LifNeuron): number;
  /**
   * The same in single precision, operation for operation as the SIMD kernel.
   * `constants` are float32.
   */
  derivative32(v: number, current: number, constants: Constants32): number;
  /** The same in WGSL, of `v[c]` and `current`. */
  wgsl(neuron: LifNeuron): string;
  /**
   * Whether there is an adaptation current w, taken from the input: every spike
   * adds `adaptationJump` to it, and it decays with `tauAdaptation`. It costs
   * models without it nothing.
   */
  readonly adapts: boolean;
  /** All constants that the model has, with their defaults. */
  readonly defaults: NeuronConstants;
  /**
   * The rheobase, mV: the largest constant input at which a unit does not fire
   * without noise. It is the default bias.
   */
  rheobase(constants: NeuronConstants): number;
}

/** Constants of a neuron model as the float32 kernels take them. */
export interface Constants32 {
  readonly slope: number;
  /** 1/slope. */
  readonly sharpness: number;
  readonly threshold: number;
}

/** Constants that the models have in common. */
export const shared = { tauMembrane: 10, refractory: 2, reset: -65 };
