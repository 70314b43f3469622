/**
 * Loss of one trial and its gradient by the outputs. Both are computed in
 * float64; the gradient is rounded when it is stored.
 */
import type { Floats } from "./types.ts";

/**
 * Loss of outputs `o_1 … o_{T-1}` against targets `z_0 … z_{T-2}`: `l2`
 * sqrt(sum w (o - z)²), `l1` sum w |o - z|, with weights w (1 when left out).
 * Where the sum is 0 the gradient of `l2` is 0 too.
 *
 * @param gradient receives the gradient of `scale` times the loss
 */
export function lossAndGradient(
  name: "l1" | "l2",
  outputs: Floats,
  target: Floats,
  weights: Floats | undefined,
  scale: number,
  gradient: Floats,
): number {
  let sum = 0;
  for (let k = 0; k < outputs.length; k++) {
    const error = outputs[k] - target[k];
    const weight = weights === undefined ? 1 : weights[k];
    sum += name === "l2" ? weight * error * error : weight * Math.abs(error);
  }
  const loss = name === "l2" ? Math.sqrt(sum) : sum;
  for (let k = 0; k < outputs.length; k++) {
    const error = outputs[k] - target[k];
    const weight = weights === undefined ? 1 : weights[k];
    const slope = name === "l1"
      ? weight * Math.sign(error)
      : sum > 0
      ? weight * error / loss
      : 0;
    gradient[k] = slope * scale;
  }
  return loss;
}
