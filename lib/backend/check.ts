/** Checks of what callers hand to a rate session, before any kernel sees it. */
import type { RateNetwork } from "../network/types.ts";
import { channelCount } from "./wiring.ts";
import type { AdamOptions, RateTrial } from "./types.ts";

function expectLength(what: string, length: number, expected: number): void {
  if (length !== expected) {
    throw new TypeError(
      `Cannot run the network: ${what} has ${length} numbers, expected ${expected}`,
    );
  }
}

/**
 * Checks the shapes of a network.
 *
 * @throws {TypeError} if an array has the wrong length
 * @throws {RangeError} if a projection names a layer that does not exist, or a
 *   decay time constant is below one step
 */
export function checkNetwork(network: RateNetwork): void {
  const { layers, inputs, between, readout, taus } = network;
  const sizeOf = (l: number, what: string): number => {
    const layer = layers[l];
    if (layer === undefined) {
      throw new RangeError(
        `Cannot run the network: ${what} names layer ${l}, allowed are 0 to ${
          layers.length - 1
        }`,
      );
    }
    return layer.size;
  };
  if (layers.length === 0) {
    throw new TypeError("Cannot run the network: it has no layers");
  }
  layers.forEach(({ size, weights, mask, tausGaus, inhibitory }, l) => {
    expectLength(`weights of layer ${l}`, weights.length, size * size);
    expectLength(`mask of layer ${l}`, mask.length, size * size);
    expectLength(`tausGaus of layer ${l}`, tausGaus.length, size);
    expectLength(`inhibitory of layer ${l}`, inhibitory.length, size);
  });
  const channels = channelCount(network);
  inputs.forEach(({ from, to, weights }, k) => {
    if (from !== "input") {
      throw new RangeError(
        `Cannot run the network: input projection ${k} comes from layer ${from}, allowed is "input"`,
      );
    }
    expectLength(
      `weights of input projection ${k}`,
      weights.length,
      sizeOf(to, `input projection ${k}`) * channels,
    );
  });
  between.forEach(({ from, to, weights, mask }, k) => {
    const what = `projection ${k} between layers`;
    if (from === "input") {
      throw new RangeError(
        `Cannot run the network: ${what} comes from the input, allowed is a layer`,
      );
    }
    const size = sizeOf(to, what) * sizeOf(from, what);
    expectLength(`weights of ${what}`, weights.length, size);
    if (mask !== undefined) {
      expectLength(`mask of ${what}`, mask.length, size);
    }
  });
  expectLength("readout weights", readout.weights.length, readout.from.length);
  readout.from.forEach((l, k) =>
    expectLength(
      `readout of layer ${l}`,
      readout.weights[k].length,
      sizeOf(l, "the readout"),
    )
  );
  if (!(taus[0] >= 1) || (taus.length === 2 && !(taus[1] >= taus[0]))) {
    throw new RangeError(
      `Cannot run the network: decay time constants are ${
        taus.join(", ")
      } steps, allowed are 1 or more, ascending`,
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
  const units = network.layers.reduce((sum, { size }) => sum + size, 0);
  const channels = channelCount(network);
  if (trials.length === 0) {
    throw new TypeError("Cannot run the network: no trials were given");
  }
  trials.forEach((trial, b) => {
    const { steps, inputs, noise, target, lossWeights, stimulation } = trial;
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
    for (const unit of stimulation?.units ?? []) {
      if (!Number.isInteger(unit) || unit < 0 || unit >= units) {
        throw new RangeError(
          `Cannot stimulate unit ${unit}: allowed are 0 to ${units - 1}`,
        );
      }
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
