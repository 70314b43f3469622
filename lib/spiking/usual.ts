/** How a network is mapped by default: the paper's way. */
import type { NeuronName, SynapseName } from "../network/spiking.ts";

/** Default step and models. */
export const usualMapping = {
  /** Duration of a step of the rate network, ms. */
  stepMs: 5,
  /** Integration step of the original, ms. */
  integrationStep: 0.05,
  /** Multiplies it. */
  downsample: 1,
  neuron: "lif" as NeuronName,
  synapse: "double" as SynapseName,
  /** Rise time constant of the double exponential, ms. */
  rise: 2,
} as const;
