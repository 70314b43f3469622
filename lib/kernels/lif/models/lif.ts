/** Leaky integrate-and-fire: tm·dv/dt = I - v. */
import { type NeuronEquation, shared } from "./model.ts";

export const lif: NeuronEquation = {
  derivative: (v, current) => current - v,
  derivative32: (v, current) => Math.fround(current - v),
  wgsl: () => "current - v[c]",
  adapts: false,
  defaults: { ...shared, peak: -40 },
  rheobase: ({ peak }) => peak,
};
