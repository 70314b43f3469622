/** Quadratic integrate-and-fire: tm·dv/dt = v² + I. */
import type { MembraneEquation } from "./model.ts";

const { fround } = Math;

export const qif: MembraneEquation = {
  derivative: (v, current) => v * v + current,
  derivative32: (v, current) => fround(fround(v * v) + current),
};
