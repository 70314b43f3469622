/** Settings of analyses, by the names of the command line, with the library's defaults. */
import { grouped, option } from "../../settings/kinds.ts";
import { real, whole } from "../../settings/numbers.ts";

/** Trials of each condition by default. */
export const usualTrials = 50;

/** Width of a bin by default, ms. */
export const usualBinMs = 10;

/** Analyses of a report that names none, by their trials of each condition. */
export const quickAnalyses:
  readonly (readonly [name: string, trials: number])[] = [
    ["trajectories", 20],
    ["tuning", 20],
    // Its trials last a second, whatever the task.
    ["timescales", usualTrials],
  ];

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
