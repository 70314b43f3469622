/** Checks of what callers hand to a rate session, before any kernel sees it. */
import type { RateNetwork, WeightsFrom } from "../network/types.ts";
import { channelCount, unitCount } from "../network/geometry.ts";
import type { AdamOptions, RateTrial } from "./types.ts";

function expectLength(what: string, length: number, expected: number): void {
  if (length !== expected) {
    throw new TypeError(
      `Cannot run the network: ${what} has ${length} numbers, expected ${expected}`,
    );
  }
}

/**
 * Checks trials.
 *
 * @param needsTarget whether losses are wanted
 * @throws {TypeError} if there are none, or an array is missing or has the wrong length
 * @throws {RangeError} if a trial has fewer than 2 steps or names a unit that does not exist
 */
export function checkTrials(
  network: RateNetwork,
  trials: readonly RateTrial[],
  needsTarget: boolean,
): void {
  const units = unitCount(network);
  const channels = channelCount(network);
  if (trials.length === 0) {
    throw new TypeError("Cannot run the network: no trials were given");
  }
  trials.forEach((trial, b) => {
    const { steps, inputs, noise, target, lossWeights, stimulation, weights } =
      trial;
    if (!Number.isInteger(steps) || steps < 2) {
      throw new RangeError(
        `Cannot run the network: trial ${b} has ${steps} steps, allowed are 2 or more`,
      );
    }
    expectLength(`inputs of trial ${b}`, inputs.length, channels * steps);
    if ("initial" in noise) {
      expectLength(
        `initial noise of trial ${b}`,
        noise.initial.length,
        units,
      );
      expectLength(
        `noise of trial ${b}`,
        noise.steps.length,
        units * (steps - 1),
      );
    }
    if (needsTarget && weights) {
      throw new RangeError(
        `Cannot train on trial ${b}: its weights change within the trial`,
      );
    }
    checkWeights(weights, (of) => unitCount(of) === units, b);
    if (needsTarget) {
      expectLength(`target of trial ${b}`, target?.length ?? 0, steps);
    }
    if (lossWeights !== undefined) {
      expectLength(
        `loss weights of trial ${b}`,
        lossWeights.length,
        steps - 1,
      );
    }
    for (const unit of [stimulation ?? []].flat().flatMap((s) => s.units)) {
      if (!Number.isInteger(unit) || unit < 0 || unit >= units) {
        throw new RangeError(
          `Cannot stimulate unit ${unit}: allowed are 0 to ${units - 1}`,
        );
      }
    }
  });
}

/**
 * Checks weights that change within a trial.
 *
 * @param fits says of a network whether it has the units of the one that runs
 * @throws {TypeError} for a network with other units
 * @throws {RangeError} for steps that do not ascend
 */
export function checkWeights(
  weights: readonly WeightsFrom[] = [],
  fits: (network: RateNetwork) => boolean,
  trial: number,
): void {
  weights.forEach(({ from, network }, k) => {
    if (
      !(Number.isInteger(from) && from >= 0 &&
        from > (weights[k - 1]?.from ?? -1))
    ) {
      throw new RangeError(
        `Cannot run trial ${trial}: its weights change at step ${from}, whole ` +
          "numbers from 0, each above the one before, are needed",
      );
    }
    if (network && !fits(network)) {
      throw new TypeError(
        `Cannot run trial ${trial}: the weights from step ${from} on are those ` +
          "of a network with other units",
      );
    }
  });
}

/**
 * Checks the options of an update.
 *
 * @throws {RangeError} if one is out of range
 */
export function checkAdam(options: AdamOptions): void {
  const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, clipNorm } =
    options;
  const wrong = !(learningRate > 0)
    ? `learning rate is ${learningRate}, allowed are positive numbers`
    : !(beta1 >= 0 && beta1 < 1)
    ? `beta1 is ${beta1}, allowed are 0 to below 1`
    : !(beta2 >= 0 && beta2 < 1)
    ? `beta2 is ${beta2}, allowed are 0 to below 1`
    : !(epsilon > 0)
    ? `epsilon is ${epsilon}, allowed are positive numbers`
    : clipNorm !== undefined && !(clipNorm > 0)
    ? `clipNorm is ${clipNorm}, allowed are positive numbers`
    : undefined;
  if (wrong !== undefined) throw new RangeError(`Cannot update: ${wrong}`);
}
