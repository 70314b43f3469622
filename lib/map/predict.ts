/** A scaling factor predicted from the transfer functions, without a spiking trial. */
import type { Backend } from "../backend/types.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import { simulateRate } from "../simulate/simulate_rate.ts";
import type { Task } from "../tasks/types.ts";
import { firingRate, transferCurve } from "./transfer.ts";

/** Rate trials of each condition whose states are looked at. */
const trialsEach = 2;

/**
 * Predicts the scaling factor of a network. A unit of the rate network with the
 * state x has the rate r(x), and its spiking twin, with x as a constant input,
 * fires at ν(x) Hz. The twin stands for the unit if ν(x) is the factor times
 * r(x): the prediction is the factor with the least squared error over all
 * units and steps of a few trials of the rate network, Σ ν r / Σ r².
 *
 * ν is measured with the neuron model, its step and its noise. The prediction
 * leaves out synapses, time courses and interactions of inputs.
 *
 * @param spiking the mapped network, with any factor
 * @param task what it was trained on
 * @param options seed of the trials and of the noise, backend
 * @returns the factor; NaN if no unit is active
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   convert, createNetwork, getTask, randomStream,
 * } from "@spikernn/spikernn";
 * import { predictFactor } from "@spikernn/spikernn/mapping";
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const spiking = convert(network, { scalingFactor: 50 });
 * const factor = await predictFactor(spiking, getTask("go-nogo"), { seed: 1 });
 * assert(factor > 20 && factor < 75);
 * ```
 */
export async function predictFactor(
  spiking: SpikingNetwork,
  task: Task,
  { seed, backend, signal }: {
    readonly seed: number;
    readonly backend?: Backend;
    readonly signal?: AbortSignal;
  },
): Promise<number> {
  const curve = await transferCurve(spiking, {
    ...{ seed, backend, signal, measurements: 1 },
  });
  const runs = await simulateRate(spiking.rate, task, {
    seed,
    backend,
    signal,
    trials: trialsEach * task.conditions.length,
    record: { states: true, rates: true },
  });
  let [products, squares] = [0, 0];
  for (const { trace } of runs) {
    const { states, rates } = trace;
    if (!states || !rates) continue;
    for (let k = 0; k < states.length; k++) {
      products += firingRate(curve, states[k]) * rates[k];
      squares += rates[k] ** 2;
    }
  }
  return products / squares;
}

/**
 * The factors of a grid around a prediction: the nearest one, and two to each
 * side.
 *
 * @param ascending factors of the grid, ascending
 * @param predicted by {@linkcode predictFactor}
 * @returns places of the first and the last one; of all of them if nothing is
 *   predicted
 */
export function around(
  ascending: readonly number[],
  predicted: number,
): [first: number, last: number] {
  const last = ascending.length - 1;
  if (!Number.isFinite(predicted)) return [0, last];
  const distances = ascending.map((factor) => Math.abs(factor - predicted));
  const nearest = distances.indexOf(Math.min(...distances));
  return [
    Math.max(0, nearest - eachSide),
    Math.min(last, nearest + eachSide),
  ];
}

/** Factors to each side of the nearest one that a search begins with. */
const eachSide = 2;
