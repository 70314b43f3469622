/** Flags of `sweep`. */
import { outputFlags } from "../common_flags.ts";
import {
  type Flags,
  grouped,
  oneOf,
  onOff,
  text,
  type Values,
  words,
} from "../../settings/kinds.ts";
import { type Needs, workerNeeds } from "../needs.ts";
import { whole } from "../../settings/numbers.ts";

/** Where and how points are run. */
export const engineFlags = grouped("Running", {
  engine: oneOf(
    "where points run: local is this machine, slurm a cluster's queue",
    { names: ["local", "slurm"] as const, fallback: "local" },
  ),
  workers: whole("points that run at once on this machine", {
    min: 1,
    max: 1024,
    fallback: undefined,
    shown: "one per core, as memory allows",
  }),
  retries: whole("further attempts at a point that failed", {
    min: 0,
    max: 100,
    fallback: 1,
  }),
  cancel: onOff(
    "with slurm: Ctrl-C cancels the jobs, in place of leaving them",
  ),
});

/** Flags of `sweep`. */
export const sweepFlags = {
  ...grouped("Output", {
    output_dir: text("folder that the sweep's folder is made in", {
      fallback: "sweeps",
      placeholder: "FOLDER",
      path: "folder",
    }),
    format: oneOf(
      "form of the table that results prints; parquet: results.parquet in the sweep's folder",
      { names: ["csv", "json", "parquet"] as const, fallback: "csv" },
    ),
  }),
  ...engineFlags,
  ...grouped("Output", {
    archive: onOff(
      "keep networks that are done in archives, archives/0001.zip, … of a hundred each, instead of a folder for each network",
    ),
  }),
  ...grouped("Running", {
    trust_task: onOff(
      "run task files of the plan, as they are now, with this command's permissions",
    ),
    trusted: {
      ...words("SHA-256 of the task files that a cluster's job trusts", {
        placeholder: "SHA256...",
        allowed: "64 hexadecimal digits each",
        pattern: /^[0-9a-f]{64}$/,
      }),
      hidden: true,
    },
  }),
  ...outputFlags,
} satisfies Flags;

/** What is done with a sweep that is there, by the first word. */
export const sweepActions = [
  "status",
  "results",
  "report",
  "archive",
  "point",
  "cancel",
] as const;

/** What an engine needs, beside the sweep's folder. */
export function engineNeeds(
  engine: Values<typeof engineFlags>["engine"],
): Needs {
  return engine === "local"
    ? workerNeeds
    : { run: ["sbatch", "squeue", "scontrol", "scancel"] };
}
