/** The formats that are attacked: one line each. */
import { checkpoint } from "./checkpoint.ts";
import type { HostileFormat } from "./format.ts";
import { runLog } from "./log.ts";
import { mat } from "./mat.ts";
import { npyFormat, npz } from "./numpy.ts";
import { searchState } from "./search_state.ts";
import { sweepFiles } from "./sweep_files.ts";
import { plans, settings } from "./toml.ts";

/** All of them, by the names of the command line. */
export const formats: Readonly<Record<string, HostileFormat>> = {
  mat,
  npy: npyFormat,
  npz,
  checkpoint,
  settings,
  plan: plans,
  log: runLog,
  sweep: sweepFiles,
  search: searchState,
};
