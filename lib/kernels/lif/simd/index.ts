// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/**
 * Spiking trials, and the adjoint of their smoothed model. A function for each
 * neuron model with double exponential synapses and with single exponential (or
 * no) filter; both take the addresses of a network's and of a trial's record.
 */
// Exported so that the compiler leaves them functions of their own: merged into
// the loop over steps, their registers would be spilled to memory.
export { fillNoise } from "./noise";
export {
  alifStep,
  alifStepSingle,
  alifTwoSteps,
  eifStep,
  eifStepSingle,
  eifTwoSteps,
  lifStep,
  lifStepSingle,
  lifTwoSteps,
  qifStep,
  qifStepSingle,
  qifTwoSteps,
} from "./steps";
export { spread } from "./spikes";
export { begin, fillTrial } from "./trial";
export { adjoint } from "./adjoint";
export { clearHistories, history } from "./history";
import { ALIF, EIF, LIF, QIF } from "./models/index";
import { runTrial } from "./trial";

/** First byte that a caller may use. */
export function heapBase(): usize {
  return __heap_base;
}

export function lifDouble(net: usize, trial: usize): void {
  runTrial(net, trial, LIF, true);
}

export function lifSingle(net: usize, trial: usize): void {
  runTrial(net, trial, LIF, false);
}

export function qifDouble(net: usize, trial: usize): void {
  runTrial(net, trial, QIF, true);
}

export function qifSingle(net: usize, trial: usize): void {
  runTrial(net, trial, QIF, false);
}

export function eifDouble(net: usize, trial: usize): void {
  runTrial(net, trial, EIF, true);
}

export function eifSingle(net: usize, trial: usize): void {
  runTrial(net, trial, EIF, false);
}

export function alifDouble(net: usize, trial: usize): void {
  runTrial(net, trial, ALIF, true);
}

export function alifSingle(net: usize, trial: usize): void {
  runTrial(net, trial, ALIF, false);
}
