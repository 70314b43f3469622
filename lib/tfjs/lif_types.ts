/** What the two implementations of the spiking scan share. */
import type { SurrogateNeuron } from "../kernels/lif/surrogate.ts";

/** Names of the registered kernels. */
export const lifScanKernel = "SpikernnLifScan";
export const lifScanGradientKernel = "SpikernnLifScanGradient";

/** Attributes of both kernels. */
export interface LifScanAttributes {
  readonly neuron: SurrogateNeuron;
}
