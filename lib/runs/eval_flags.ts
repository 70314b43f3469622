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
import {
  evaluationSettings,
  modificationSettings,
  perturbationSettings,
} from "../simulate/settings.ts";
import { factorSettings, mappingSettings } from "../spiking/settings.ts";
import { trainFlags } from "./train_flags.ts";

const shownFlags = {
  ...evaluationSettings,
  ...grouped("Evaluation", {
    spiking: onOff(
      "evaluate the spiking network beside the rate network, and diagnose the mapping",
    ),
  }),
  ...perturbationSettings,
  ...modificationSettings,
  ...taskFlags,
  ...factorSettings,
  ...mappingSettings,
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
