/** Flags of `analyse`. */
import { analysisNames } from "../../runs/analyse/registry.ts";
import { analysisSettings } from "../../runs/analyse/settings.ts";
import {
  backendFlags,
  outputFlags,
  taskFlags,
} from "../../runs/common_flags.ts";
import {
  type Flags,
  grouped,
  oneOf,
  text,
  type Values,
} from "../../settings/kinds.ts";
import { figureFormats } from "../../report/names.ts";
import { factorSettings, mappingSettings } from "../../spiking/settings.ts";
import { figureSeedFlags, forceFlag } from "./shared.ts";

/** Flags of `analyse`. */
export const analyseFlags = {
  ...analysisSettings,
  ...grouped("Spikes", {
    spikes: text(
      "file (.nwb, .npz or .mat) whose spikes are analysed, in place of a network's",
      { fallback: undefined, placeholder: "FILE", path: "file" },
    ),
    condition: text(
      "with --spikes: column of its table of trials that tells conditions",
      { fallback: undefined, placeholder: "NAME", shown: "condition" },
    ),
    align: text(
      "with --spikes: column with the time, in s, from which a trial's times count",
      { fallback: undefined, placeholder: "NAME", shown: "the trial's start" },
    ),
  }),
  ...grouped("Output", {
    output: {
      ...text("folder for the files", {
        fallback: undefined,
        placeholder: "FOLDER",
        path: "folder",
        shown: "beside the file, …_analysis",
      }),
      aliases: ["out"],
    },
    format: oneOf("format of the figures", {
      names: figureFormats,
      fallback: "svg",
    }),
  }),
  ...taskFlags,
  ...factorSettings,
  ...mappingSettings,
  ...figureSeedFlags,
  ...backendFlags,
  ...forceFlag,
  ...outputFlags,
} satisfies Flags;

/** The file that is named, if any, and the analyses that are asked of it. */
export function placesOf(
  { spikes }: Pick<Values<typeof analyseFlags>, "spikes">,
  operands: readonly string[],
): { readonly named?: string; readonly asked: readonly string[] } {
  if (spikes !== undefined) return { named: spikes, asked: operands };
  const [first, ...rest] = operands;
  return first === undefined || analysisNames.includes(first.toLowerCase())
    ? { asked: operands }
    : { named: first, asked: rest };
}

/** The folder for the files. */
export function folderOf(
  path: string,
  { output }: Pick<Values<typeof analyseFlags>, "output">,
): string {
  return output ?? path.replace(/(\.(mat|nwb|npz))?$/i, "_analysis");
}
