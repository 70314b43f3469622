/** Units that take no part. */
import { countOf } from "../count.ts";
import { type Activation, transferFunctions } from "../network/activations.ts";
import type { FloatArray } from "../network/types.ts";

/** Share of the activation's range that a unit's rate must exceed. */
const threshold = 0.05;

/**
 * Rate units that are silent: their rate never exceeds a twentieth of the
 * activation's range.
 *
 * @param trials rates of trials without noise, units×samples each
 * @param units number of units
 * @param activation transfer function, whose range counts
 * @returns the silent units, from 0
 * @throws {RangeError} if there is no trial
 * @throws {TypeError} for a trial without the same number of samples for each unit
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { silentUnits } from "@spikernn/spikernn/analysis";
 * const rates = Float32Array.of(0.01, 0.04, 0.2, 0.01);
 * assert(silentUnits([rates], 2, "sigmoid").join() === "0");
 * ```
 */
export function silentUnits(
  trials: readonly FloatArray[],
  units: number,
  activation: Activation,
): number[] {
  if (trials.length === 0) {
    throw new RangeError("Cannot tell silent units: there is no trial");
  }
  for (const rates of trials) {
    if (rates.length > 0 && rates.length % units === 0) continue;
    throw new TypeError(
      `Cannot tell silent units: a trial has ${
        countOf(rates.length, "rate")
      }, as many for each of ${countOf(units, "unit")} are needed`,
    );
  }
  const { ceiling, range = ceiling } = transferFunctions[activation];
  const least = threshold * range;
  return Array.from({ length: units }, (_, unit) => unit).filter((unit) =>
    trials.every((rates) => {
      const samples = rates.length / units;
      return rates.subarray(unit * samples, (unit + 1) * samples)
        .every((rate) => rate <= least);
    })
  );
}
