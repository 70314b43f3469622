/**
 * Where this program's own modules are: for workers, for command lines, for what
 * may have to be read. In a bundle all of them are one file, and
 * tools/bundle/program.ts stands in this module's place.
 */

/** Addresses of modules and folders. */
export interface ProgramAddresses {
  /** The module that is the command line. */
  readonly entry: string;
  /** What `deno run` is told beside permissions to start it. */
  readonly flags: readonly string[];
  /** The module of a worker that runs points of sweeps. */
  readonly sweepWorker: string;
  /** The package, and the folder of its modules; of no use unless on this disk. */
  readonly folders: readonly [root: string, modules: string];
  /** All that is read when a worker starts. */
  readonly modules: readonly string[];
}

/** This program's. */
export const program: ProgramAddresses = {
  entry: import.meta.resolve("../cli.ts"),
  flags: [],
  sweepWorker: import.meta.resolve("./runs/sweep/worker.ts"),
  folders: [import.meta.resolve("../"), import.meta.resolve("./")],
  modules: [import.meta.resolve("./"), import.meta.resolve("../deno.json")],
};
