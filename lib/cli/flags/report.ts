/** Flags of `report`. */
import {
  backendFlags,
  outputFlags,
  taskFlags,
} from "../../runs/common_flags.ts";
import { figureSeedFlags, forceFlag, openFlag } from "../flags/shared.ts";
import { apart, type Flags, grouped, text } from "../../settings/kinds.ts";
import { reportSettings } from "../../report/settings.ts";
import { factorSettings, mappingSettings } from "../../spiking/settings.ts";

/** Flags of `report`. */
export const reportFlags = {
  ...grouped("Report", {
    ...apart("person", {
      output: {
        ...text("file to write", {
          fallback: undefined,
          placeholder: "FILE.html",
          path: "file",
          shown: "beside the model, …_report.html",
        }),
        aliases: ["out"],
      },
    }),
  }),
  ...reportSettings,
  ...taskFlags,
  ...factorSettings,
  ...mappingSettings,
  ...figureSeedFlags,
  ...backendFlags,
  ...forceFlag,
  ...openFlag,
  ...outputFlags,
} satisfies Flags;
