/** Flags of `export`. */
import { outputFlags } from "../../runs/common_flags.ts";
import { exportFlags } from "../../runs/export_flags.ts";
import type { Flags } from "../../settings/kinds.ts";
import { overwriteFlag } from "./shared.ts";

/** Flags of `export`. */
export const exportCommandFlags = {
  ...exportFlags,
  ...overwriteFlag,
  ...outputFlags,
} satisfies Flags;
