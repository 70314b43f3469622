/** Flags of `reproduce`. */
import { outputFlags } from "../../runs/common_flags.ts";
import { type Flags, grouped, onOff, text } from "../../settings/kinds.ts";
import { real, whole } from "../../settings/numbers.ts";
import { engineFlags } from "../../runs/sweep/flags.ts";

/** Networks of each condition, where neither flag nor figure says. */
export const usualNetworks = 10;

/** Flags of `reproduce`. */
export const reproduceFlags = {
  ...grouped("Reproduction", {
    networks: whole(
      "networks of each condition; the papers have 100, and 40 in ks2021",
      {
        min: 1,
        max: 100_000,
        fallback: undefined,
        shown: `${usualNetworks}, of ks2021 40`,
      },
    ),
    seed: whole(
      "seed of the first network; each further network has the next number",
      {
        min: 0,
        fallback: 1,
      },
    ),
    minutes: real(
      "minutes after which points are stopped and what is done is reported",
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
