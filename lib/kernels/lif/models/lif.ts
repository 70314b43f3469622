/** Leaky integrate-and-fire: tm·dv/dt = I - v. */
import type { MembraneEquation } from "./model.ts";

export const lif: MembraneEquation = {
  derivative: (v, current) => current - v,
  derivative32: (v, current) => Math.fround(current - v),
};
