/** Flags of `simulate`. */
import {
  backendFlags,
  conditionNames,
  outputFlags,
  seedFlags,
  taskFlags,
} from "../../runs/common_flags.ts";
import {
  type Flags,
  grouped,
  oneOf,
  onOff,
  text,
  type Values,
  words,
} from "../../settings/kinds.ts";
import { whole } from "../../settings/numbers.ts";
import {
  modificationSettings,
  perturbationSettings,
} from "../../simulate/settings.ts";
import { factorSettings, mappingSettings } from "../../spiking/settings.ts";
import { pathOutside } from "../../formats/archive_path.ts";
import { forceFlag } from "../flags/shared.ts";
import { trialsFormatNames } from "../../formats/trials/names.ts";

/** Flags of `simulate`. */
export const simulateFlags = {
  ...grouped("Trials", {
    trial: conditionNames(
      "conditions to run in turn (see tasks show NAME)",
      "every one once",
    ),
    trials: whole("number of trials", {
      min: 1,
      max: 100_000,
      fallback: undefined,
      shown: "one of each condition, or of a stimulus",
    }),
    stimulus: text(
      "file (.mat, .npz, .npy or .safetensors) with a stimulus u, channels by steps, in place of the task's",
      { fallback: undefined, placeholder: "FILE", path: "file" },
    ),
    rate: onOff("run the rate network, in place of its spiking twin"),
  }),
  ...taskFlags,
  ...factorSettings,
  ...mappingSettings,
  ...perturbationSettings,
  ...modificationSettings,
  ...grouped("Output", {
    output: text("file to write, .mat, .npz or .nwb", {
      fallback: undefined,
      placeholder: "FILE",
      path: "file",
      shown: "beside the model, …_spiking.mat or …_rate.mat",
    }),
    format: oneOf(
      "format of the file: MATLAB, NumPy, Neurodata Without Borders",
      {
        names: trialsFormatNames,
        fallback: undefined,
        shown: "as --output ends, else mat",
      },
    ),
    record: words("what to keep besides outputs and spikes", {
      placeholder: "voltages|currents|ei_currents|rates...",
      allowed: "voltages, currents, ei_currents (excitatory and inhibitory " +
        "ones apart), rates",
      pattern: /^(voltages|currents|ei_currents|rates)$/,
      names: ["voltages", "currents", "ei_currents", "rates"],
      shown: "nothing",
    }),
    every: whole(
      "integration steps from one kept sample of voltages, currents and rates to the next",
      {
        min: 1,
        fallback: 20,
      },
    ),
  }),
  ...grouped("NWB", {
    subject: text("name of the subject", {
      fallback: undefined,
      placeholder: "NAME",
      shown: "the model's name",
    }),
    session_start: text("when the session began, ISO 8601 with a zone", {
      fallback: undefined,
      placeholder: "TIME",
      shown: "when the model was made",
    }),
  }),
  ...seedFlags,
  ...backendFlags,
  ...forceFlag,
  ...outputFlags,
} satisfies Flags;

/** The file to write. */
export function targetOf(
  path: string,
  { output, rate, format }: Pick<
    Values<typeof simulateFlags>,
    "output" | "rate" | "format"
  >,
): string {
  return output ?? pathOutside(path).replace(/(\.mat)?$/i, "") +
      `_${rate ? "rate" : "spiking"}.${format ?? "mat"}`;
}
