/** The scaling factor of a mapping: what is searched, and what can be meant. */
import { type Activation, transferFunctions } from "./activations.ts";

/** How far from the factors searched one may be, times. */
const far = 10;

/**
 * The factors that a search tries: the paper's, 20, 25, … 75, for the sigmoid (and
 * retanh), and 4, 6, … 26 for softplus and clipped relu; for `lif` the one by which its rates
 * are firing rates.
 *
 * @param activation of the rate network
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { defaultFactors } from "@spikernn/spikernn";
 * assert(defaultFactors("sigmoid").length === 12);
 * ```
 */
export function defaultFactors(activation: Activation): number[] {
  return [...transferFunctions[activation].factors];
}

/**
 * What is allowed in place of a scaling factor, and which was meant, in words;
 * `undefined` for one that can be meant. The paper's text gives lambda, its code
 * and this package 1/lambda: one below 1, or ten times beyond what is searched, is
 * another number.
 *
 * @param factor the scaling factor, 1/lambda
 * @param activation of the rate network
 */
export function factorsInstead(
  factor: number,
  activation: Activation,
): string | undefined {
  const factors = defaultFactors(activation);
  const least = Math.max(1, factors[0] / far);
  const most = factors.at(-1)! * far;
  const fits = (value: number) => value >= least && value <= most;
  if (fits(factor)) return undefined;
  return `numbers from ${least} to ${most} for the activation ` +
    `${activation}${inverseHint(factor, fits)}`;
}

/**
 * For a number that is lambda in place of 1/lambda: what was meant, or nothing.
 *
 * @param factor the number given
 * @param fits whether a factor is allowed
 */
export function inverseHint(
  factor: number,
  fits: (factor: number) => boolean = (value) => value >= 1,
): string {
  const inverse = Number((1 / factor).toPrecision(6));
  return factor > 0 && factor < 1 && fits(inverse)
    ? `: did you mean 1/lambda = ${inverse}?`
    : "";
}

/** For a text that is not a scaling factor: what may have been meant. */
export function factorHint(text: string): string {
  // Of several numbers the first wrong one.
  const lambda = text.split(",").map(Number)
    .find((value) => value > 0 && value < 1);
  return lambda === undefined ? "" : inverseHint(lambda);
}

/**
 * Checks scaling factors.
 *
 * @param factors to check
 * @param activation of the rate network
 * @param doing what cannot be done with a wrong one: `convert the network`
 * @throws {RangeError} for one that cannot be meant
 */
export function checkFactors(
  factors: readonly number[],
  activation: Activation,
  doing: string,
): void {
  for (const factor of factors) {
    const instead = factorsInstead(factor, activation);
    if (!instead) continue;
    throw new RangeError(
      `Cannot ${doing}: a scaling factor of ${factor}, allowed are ${instead}`,
    );
  }
}
