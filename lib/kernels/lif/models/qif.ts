/** Quadratic integrate-and-fire: tm·dv/dt = v² + I. */
import { type NeuronEquation, shared } from "./model.ts";

const { fround } = Math;

export const qif: NeuronEquation = {
  derivative: (v, current) => v * v + current,
  derivative32: (v, current) => fround(fround(v * v) + current),
  wgsl: () => "v[c] * v[c] + current",
  adapts: false,
  defaults: { ...shared, peak: 30 },
  rheobase: () => 0,
};
