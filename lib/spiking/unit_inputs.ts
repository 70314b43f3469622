/** What units get from outside, and what their weights are divided by. */
import type { SpikingNetwork } from "../network/spiking.ts";
import type { RateNetwork } from "../network/types.ts";
import { channelCount } from "./convert.ts";

/** Scaling factor of every unit. */
export function factorsOf({ rate, factor }: SpikingNetwork): number[] {
  return rate.layers.flatMap(({ size }, l) =>
    Array<number>(size).fill(typeof factor === "number" ? factor : factor[l])
  );
}

/** Input weights of every unit, one a channel. */
export function inputWeights(rate: RateNetwork): Float64Array[] {
  const channels = channelCount(rate);
  const perLayer = rate.layers.map(({ size }) =>
    Array.from({ length: size }, () => new Float64Array(channels))
  );
  for (const { to, weights } of rate.inputs) {
    perLayer[to].forEach((row, i) => {
      for (let c = 0; c < channels; c++) row[c] += weights[i * channels + c];
    });
  }
  return perLayer.flat();
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
