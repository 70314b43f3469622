/** Settings of analyses, by the names of the command line, with the library's defaults. */
import { grouped, option } from "../../settings/kinds.ts";
import { real, whole } from "../../settings/numbers.ts";

/** Trials of each condition unless told. */
export const usualTrials = 50;

/** Width of a bin unless told, ms. */
export const usualBinMs = 10;

/** Trials and bins. */
export const analysisSettings = grouped("Analyses", {
  trials: option(
    "trials",
    whole("trials of each condition", {
      min: 1,
      max: 100_000,
      fallback: usualTrials,
    }),
  ),
  bin: option(
    "binMs",
    real("width of a time bin, in ms", {
      above: 0,
      fallback: usualBinMs,
      placeholder: "MS",
    }),
  ),
});
