/** Adam in plain TypeScript, in the form of TensorFlow 1. */
import { power } from "../../arithmetic/elementary.ts";

type Floats = Float32Array | Float64Array;

/** One Adam update. */
export interface AdamStep {
  /** lr·sqrt(1 - beta2^k) / (1 - beta1^k) at update k, counted from 1. */
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Multiplies the gradient: 1 unless its norm is clipped. */
  readonly scale: number;
}

/** The bias-corrected learning rate of update `k`, counted from 1. */
export function adamRate(
  learningRate: number,
  beta1: number,
  beta2: number,
  k: number,
): number {
  return learningRate * Math.sqrt(1 - power(beta2, k)) / (1 - power(beta1, k));
}

/**
 * Moves the parameters in place:
 * m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g², theta -= rate m / (sqrt(v) + eps)
 * (Kingma & Ba 2015, the form before section 2.1, as TensorFlow 1 has it).
 *
 * @param round rounds every operation: `Math.fround`, or the identity
 */
export function adam(
  parameters: Floats,
  gradients: Floats,
  first: Floats,
  second: Floats,
  step: AdamStep,
  round: (value: number) => number,
): void {
  const rate = round(step.rate);
  const beta1 = round(step.beta1);
  const beta2 = round(step.beta2);
  const rest1 = round(1 - step.beta1);
  const rest2 = round(1 - step.beta2);
  const epsilon = round(step.epsilon);
  const scale = round(step.scale);
  for (let i = 0; i < parameters.length; i++) {
    const g = round(gradients[i] * scale);
    const m = round(round(beta1 * first[i]) + round(rest1 * g));
    const v = round(round(beta2 * second[i]) + round(rest2 * round(g * g)));
    first[i] = m;
    second[i] = v;
    const spread = round(round(Math.sqrt(v)) + epsilon);
    parameters[i] = round(parameters[i] - round(round(rate * m) / spread));
  }
}

/** L2 norm of a gradient, added in float64 in the order of the vector. */
export function gradientNorm(gradients: Floats): number {
  let sum = 0;
  for (const g of gradients) sum += g * g;
  return Math.sqrt(sum);
}
