/** Flags of `dashboard`. */
import { outputFlags } from "../../runs/common_flags.ts";
import type { Flags } from "../../settings/kinds.ts";
import { portFlag } from "../../runs/watch_flags.ts";

/** Flags of `dashboard`. */
export const dashboardFlags = { ...portFlag, ...outputFlags } satisfies Flags;

/** Most runs on a page. */
export const mostRuns = 16;
