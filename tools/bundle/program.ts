/** Stands for lib/program.ts in a bundle, which is one file. */
import type { ProgramAddresses } from "../../lib/program.ts";

const { url } = import.meta;

/** This program's: the bundle. */
export const program: ProgramAddresses = {
  entry: url,
  // There is no deno.json to say it.
  flags: ["--unstable-worker-options"],
  sweepWorker: url,
  folders: [url, url],
  modules: [url],
};
