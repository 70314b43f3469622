// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** The rate scan and its optimiser, for one instance with a memory of its own. */
export { adam } from "../../adam/simd/adam";
export { multiplyAddRows } from "./matrix";
export { singleNoise } from "./noise";
export { singleDrive, singleForward, singleReadout } from "./single_forward";
export { addPartialSums, singleBackward, singleReadoutBackward } from "./single_backward";
export { pairGradients, reverseSeries, synapseGradients } from "./synapses";
export { addPlaced, addVector, placeWeights, vectorNorm, weightGradients } from "./parameters";
export { lanesForward, lanesForwardSteps, lanesForwardUnits, lanesNoise } from "./lanes_forward";
export { lanesBackward, lanesBackwardUnits, totals } from "./lanes_backward";
export { biasGradient, losses } from "./loss";

/** First byte that the host may use. */
export function heapBase(): usize {
  return __heap_base;
}
