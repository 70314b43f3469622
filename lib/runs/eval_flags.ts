/** Flags of `eval`. */
import {
  backendFlags,
  outputFlags,
  seedFlags,
  taskFlags,
} from "./common_flags.ts";
import {
  type Flags,
  grouped,
  hidden,
  onOff,
  type Values,
} from "../settings/kinds.ts";
import { whole } from "../settings/numbers.ts";
import { factorFlags, mappingFlags } from "./spiking_flags.ts";
import { trainFlags } from "./train_flags.ts";

const shownFlags = {
  ...grouped("Evaluation", {
    trials: whole("number of trials", {
      min: 1,
      max: 10_000_000,
      fallback: 100,
    }),
    spiking: onOff(
      "evaluate the spiking network beside the rate network, and diagnose the mapping",
    ),
  }),
  ...taskFlags,
  ...factorFlags,
  ...mappingFlags,
  ...seedFlags,
  ...backendFlags,
  ...outputFlags,
} satisfies Flags;

/** All of them. */
export const evalFlags = {
  // With the original's command line the settings say which model is meant;
  // what is shown keeps its own place and meaning.
  ...shownFlags,
  ...hidden(trainFlags),
  ...shownFlags,
} satisfies Flags;

/** Values of the flags of an evaluation. */
export type EvalSettings = Values<typeof evalFlags>;
