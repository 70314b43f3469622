// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/**
 * tm·dv/dt of the adaptive exponential integrate-and-fire unit: the exponential
 * unit's, of a current from which ../passes.ts has taken the adaptation current.
 */
export { eif as adex } from "./eif";
