/** Flags of `import`. */
import { outputFlags } from "../../runs/common_flags.ts";
import { importFlags } from "../../runs/import_flags.ts";
import type { Flags } from "../../settings/kinds.ts";
import { overwriteFlag } from "./shared.ts";

/** Flags of `import`. */
export const importCommandFlags = {
  ...importFlags,
  ...overwriteFlag,
  ...outputFlags,
} satisfies Flags;
