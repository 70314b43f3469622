/** Flags of `tasks`. */
import { outputFlags, taskFlags } from "../../runs/common_flags.ts";
import { type Flags, grouped } from "../../settings/kinds.ts";
import { whole } from "../../settings/numbers.ts";

const { task: _, ...timingFlags } = taskFlags;

/** Flags of `tasks`. */
export const tasksFlags = {
  ...timingFlags,
  ...grouped("Running", {
    seed: whole("seed of the trials that are drawn", { min: 0, fallback: 1 }),
  }),
  ...outputFlags,
} satisfies Flags;
