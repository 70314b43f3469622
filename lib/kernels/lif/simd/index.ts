// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/**
 * Spiking trials, and the adjoint of their smoothed model. A function for each
 * neuron model and each way in which spikes rise; all take the addresses of a
 * network's and of a trial's record.
 *
 * `deno task build` makes runs.ts, steps.ts and models/index.ts out of the tables
 * of neuron models and of synapse filters (tools/spiking_sources.ts).
 */
// Exported so that the compiler leaves them functions of their own: merged into
// the loop over steps, their registers would be spilled to memory.
export { fillNoise } from "./noise";
export * from "./runs";
export { spread } from "./spikes";
export { begin, fillTrial } from "./trial";
export { adjoint } from "./adjoint";
export { clearHistories, history } from "./history";

/** First byte that a caller may use. */
export function heapBase(): usize {
  return __heap_base;
}
