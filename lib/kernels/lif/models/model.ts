/**
 * The contract of a neuron model: tm·dv/dt as a function of the voltage and the
 * whole input current. Threshold, reset, refractory period, noise and synapses
 * are the same for all. A further model is one file beside this one and a line
 * in index.ts, and the same in simd/models.
 */
import type { LifNeuron } from "../types.ts";

/** A membrane equation. */
export interface MembraneEquation {
  /**
   * tm·dv/dt in double precision, mV.
   *
   * @param v voltage
   * @param current synaptic current, stimulus and bias together
   */
  derivative(v: number, current: number, neuron: LifNeuron): number;
  /**
   * The same in single precision, operation for operation as the SIMD kernel.
   * `constants` are float32.
   */
  derivative32(v: number, current: number, constants: Constants32): number;
}

/** Constants of a neuron model as the float32 kernels take them. */
export interface Constants32 {
  readonly slope: number;
  /** 1/slope. */
  readonly sharpness: number;
  readonly threshold: number;
}
