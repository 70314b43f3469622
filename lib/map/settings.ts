/**
 * Settings of the search for a scaling factor, by the names of the command line,
 * with the library's defaults.
 */
import { performanceRules } from "../network/scores.ts";
import { defaultFactors, factorHint } from "../network/scaling_factor.ts";
import {
  type Flags,
  grouped,
  oneOf,
  onOff,
  option,
} from "../settings/kinds.ts";
import { numbers, whole } from "../settings/numbers.ts";
import { usualTrials } from "../simulate/settings.ts";

/** The search. */
export const searchSettings = grouped("Search", {
  factors: option(
    "factors",
    numbers("scaling factors (1/lambda) to try", {
      least: 1,
      most: Infinity,
      min: 1,
      hint: factorHint,
      fallback: undefined,
      placeholder: "FACTOR...",
      shown: `${range(defaultFactors("sigmoid"))} for sigmoid and retanh, ${
        range(defaultFactors("softplus"))
      } for softplus and clipped_relu, ${defaultFactors("lif")} for lif`,
    }),
  ),
  trials: option(
    "trials",
    whole("trials of each factor that may be the best", {
      min: 1,
      max: 10_000_000,
      fallback: usualTrials,
    }),
  ),
  all_trials: option(
    "allTrials",
    onOff(
      "give all trials to every factor, also to those that can no longer be the best or on the plateau",
    ),
  ),
  select: option(
    "select",
    oneOf(
      "rule that chooses: strict by output error among the best, paper by performance",
      {
        names: performanceRules,
        fallback: "strict",
        placeholder: performanceRules.join("|"),
      },
    ),
  ),
  refine: option(
    "refine",
    onOff("search on between the best factor and its better neighbour"),
  ),
  predict: option(
    "predict",
    onOff(
      "begin around the factor that the transfer functions predict, and try others only as far as the best may be there: for many networks; only the rule of --select counts",
    ),
  ),
});

/** The search for a factor for each layer: of programs, beyond what is above. */
export const layerSearchSettings = {
  trials: searchSettings.trials,
  select: searchSettings.select,
  validation: option(
    "validation",
    whole("fresh trials for the comparison with one factor for all", {
      min: 1,
      max: 10_000_000,
      fallback: usualTrials,
    }),
  ),
  rounds: option(
    "rounds",
    whole("times that all layers have their turn, at most", {
      min: 1,
      fallback: 3,
    }),
  ),
} satisfies Flags;

/** As the help shows a row of numbers: `20 25 … 75`. */
function range(values: readonly number[]): string {
  return `${values[0]} ${values[1]} … ${values.at(-1)}`;
}
