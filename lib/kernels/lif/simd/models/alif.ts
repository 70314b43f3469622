// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/**
 * tm·dv/dt of the leaky integrate-and-fire unit with adaptation: the leaky unit's,
 * of a current from which ../passes.ts has taken the adaptation current.
 */
export { lif as alif } from "./lif";
