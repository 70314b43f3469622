/** Loss of one trial, as training defines it. */
import type { LossName } from "../backend/types.ts";
import type { FloatArray } from "../network/types.ts";

/**
 * Loss of outputs o_1 … o_(T-1) against targets z_0 … z_(T-2): `l2` is
 * sqrt(sum (o - z)²), `l1` is sum |o - z|.
 */
export function trialLoss(
  name: LossName,
  outputs: FloatArray,
  target: FloatArray,
): number {
  let sum = 0;
  for (let k = 0; k < outputs.length; k++) {
    const error = outputs[k] - target[k];
    sum += name === "l2" ? error * error : Math.abs(error);
  }
  return name === "l2" ? Math.sqrt(sum) : sum;
}
