/** Flags of `report`. */
import {
  backendFlags,
  outputFlags,
  taskFlags,
} from "../../runs/common_flags.ts";
import { figureSeedFlags, forceFlag, openFlag } from "../flags/shared.ts";
import { analysisNames } from "../../runs/analyse/registry.ts";
import { quickAnalyses } from "../../runs/analyse/settings.ts";
import {
  apart,
  type Flags,
  grouped,
  text,
  words,
} from "../../settings/kinds.ts";
import { reportSettings } from "../../report/settings.ts";
import { factorSettings, mappingSettings } from "../../spiking/settings.ts";

const reportable = [...analysisNames, "all", "none"];

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
  ...grouped("Report", {
    analyse: words(
      "analyses to show, of 50 trials of each condition: names, all or none",
      {
        placeholder: "NAME...",
        allowed: reportable.join(", "),
        pattern: new RegExp(`^(${reportable.join("|")})$`, "i"),
        names: reportable,
        shown: quickAnalyses.map(([name]) => name).join(" ") +
          ", of networks that are not large",
      },
    ),
  }),
  ...taskFlags,
  ...factorSettings,
  ...mappingSettings,
  ...figureSeedFlags,
  ...backendFlags,
  ...forceFlag,
  ...openFlag,
  ...outputFlags,
} satisfies Flags;
