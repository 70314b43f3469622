/** What units get from outside, and what their weights are divided by. */
import { channelCount, inputWeights, unitCount } from "../network/geometry.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import type { RateNetwork } from "../network/types.ts";

/** Scaling factor of every unit. */
export function factorsOf({ rate, factor }: SpikingNetwork): number[] {
  return rate.layers.flatMap(({ size }, l) =>
    Array<number>(size).fill(typeof factor === "number" ? factor : factor[l])
  );
}

/** Input weights of every unit, one a channel. */
export function unitInputWeights(rate: RateNetwork): Float64Array[] {
  const channels = channelCount(rate);
  const all = inputWeights(rate);
  return Array.from(
    { length: unitCount(rate) },
    (_, unit) => all.subarray(unit * channels, (unit + 1) * channels),
  );
}

/** Input of a unit from a column of the stimulus. */
export function driveOf(
  weights: Float64Array,
  inputs: ArrayLike<number>,
  columns: number,
  column: number,
): number {
  let sum = 0;
  for (let c = 0; c < weights.length; c++) {
    sum += weights[c] * inputs[c * columns + column];
  }
  return sum;
}
