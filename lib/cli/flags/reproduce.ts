/** Flags of `reproduce`. */
import { outputFlags } from "../../runs/common_flags.ts";
import { type Flags, grouped, onOff, text } from "../../settings/kinds.ts";
import { real, whole } from "../../settings/numbers.ts";
import { engineFlags } from "../../runs/sweep/flags.ts";

/** Flags of `reproduce`. */
export const reproduceFlags = {
  ...grouped("Reproduction", {
    networks: whole("networks of each condition; the paper has 100", {
      min: 1,
      max: 100_000,
      fallback: 10,
    }),
    minutes: real(
      "start nothing and stop what runs after so many minutes, and report what is there",
      { above: 0, fallback: undefined, shown: "until all are done" },
    ),
    collect: onOff("run nothing: report the networks that are there"),
    output_dir: text(
      "folder for FIGURE/ with table and figure, and networks/ with what was trained, which figures share",
      { fallback: "reproduction", placeholder: "FOLDER", path: "folder" },
    ),
  }),
  ...engineFlags,
  ...outputFlags,
} satisfies Flags;
