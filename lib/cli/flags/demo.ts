/** Flags of `demo`. */
import { backendFlags, outputFlags } from "../../runs/common_flags.ts";
import { type Flags, grouped, hidden, text } from "../../settings/kinds.ts";
import { whole } from "../../settings/numbers.ts";
import { openFlag } from "./shared.ts";
import { usualTrials } from "../../simulate/settings.ts";
import { trainFlags } from "../../runs/train_flags.ts";

/** Flags of `demo`. */
export const demoFlags = {
  ...grouped("Running", {
    // Not every network maps as well: some seeds give spiking networks that
    // answer where they should withhold in every other trial.
    seed: whole("seed of all random numbers; networks differ in how they map", {
      min: 0,
      fallback: 7,
    }),
  }),
  ...backendFlags,
  // For tests and the impatient: a demo that need not succeed.
  ...hidden({
    N: whole("units", { min: 1, fallback: trainFlags.N.fallback as number }),
    n_trials: whole("largest number of updates", {
      min: 1,
      fallback: trainFlags.n_trials.fallback as number,
    }),
    trials: whole("trials of a factor, and of the comparison", {
      min: 1,
      fallback: usualTrials,
    }),
  }),
  ...grouped("Output", {
    output_dir: text("folder in which models/… is made", {
      fallback: "demo",
      placeholder: "FOLDER",
      path: "folder",
    }),
  }),
  ...openFlag,
  ...outputFlags,
} satisfies Flags;
