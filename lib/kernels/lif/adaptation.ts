/** The adaptation current of a neuron model. */
import { exp } from "../../arithmetic/elementary.ts";
import { neuronModels } from "../../network/neurons.ts";
import type { LifNeuron } from "./types.ts";

/**
 * What a step and a spike do to the adaptation current: its decay, which is
 * exact, and the jump in mV; both 0 for models without one.
 *
 * @param dt integration step, ms
 */
export function adaptationOf(
  neuron: LifNeuron,
  dt: number,
): { decay: number; jump: number } {
  const { adapts, defaults } = neuronModels[neuron.name];
  if (!adapts) return { decay: 0, jump: 0 };
  const { tauAdaptation, adaptationJump } = { ...defaults, ...neuron };
  return { decay: exp(-dt / tauAdaptation!), jump: adaptationJump! };
}
