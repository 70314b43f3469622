/**
 * Leaky integrate-and-fire with a spike-triggered adaptation current:
 * tm·dv/dt = I - v - w, tau·dw/dt = -w, and w rises by a jump at every spike.
 * Source: Treves, Network 4:259, 1993; Benda and Herz, Neural Computation
 * 15:2523, 2003. It is the adaptation of Brette and Gerstner, J. Neurophysiol.
 * 94:3637, 2005, without its coupling to the voltage (a = 0).
 */
import { lif } from "./lif.ts";
import type { NeuronEquation } from "./model.ts";

export const alif: NeuronEquation = {
  ...lif,
  adapts: true,
  defaults: { ...lif.defaults, tauAdaptation: 100, adaptationJump: 0.5 },
};
