/** Flags of `plot`. */
import { drawSettings, figureSettings } from "../../report/settings.ts";
import {
  backendFlags,
  conditionNames,
  outputFlags,
  taskFlags,
} from "../../runs/common_flags.ts";
import { figureSeedFlags } from "../flags/shared.ts";
import { type Flags, grouped, text } from "../../settings/kinds.ts";
import { forceFlag } from "../flags/shared.ts";
import { factorSettings, mappingSettings } from "../../spiking/settings.ts";

/** Flags of `plot`. */
export const plotFlags = {
  ...drawSettings,
  ...grouped("Figures", {
    output: {
      ...text("folder for the files; with one figure also a file", {
        fallback: undefined,
        placeholder: "FOLDER|FILE",
        path: "file",
        shown: "beside the model",
      }),
      aliases: ["out"],
    },
  }),
  ...figureSettings,
  ...grouped("Figures", {
    trial: conditionNames(
      "conditions to show (see tasks show NAME)",
      "all",
    ),
  }),
  ...taskFlags,
  ...factorSettings,
  ...mappingSettings,
  ...figureSeedFlags,
  ...backendFlags,
  ...forceFlag,
  ...outputFlags,
} satisfies Flags;
