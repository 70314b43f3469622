/** Flags of `doctor`. */
import { outputFlags } from "../../runs/common_flags.ts";
import { grouped, onOff } from "../../settings/kinds.ts";

/** Flags of `doctor`. */
export const doctorFlags = {
  ...grouped("Running", {
    fast: onOff("known answers only, no times"),
  }),
  ...outputFlags,
};
