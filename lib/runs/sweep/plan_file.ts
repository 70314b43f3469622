/** Plans from files and from tables, every setting of theirs checked. */
import { fileTrouble } from "../../formats/atomic.ts";
import { fileProblem, files } from "../../platform/files.ts";
import { basename, resolve } from "../../platform/paths.ts";
import {
  type Plan,
  planFromJson,
  planFromTable,
  planFromToml,
  type ReadSetting,
} from "../../sweep/plan.ts";
import { isTaskFile } from "../../tasks/task_source.ts";
import { checkAnalyses } from "../analyse/registry.ts";
import { FailureError, UsageError } from "../errors.ts";
import { perturbedSettings } from "../perturb_flags.ts";
import { checkPerturbation } from "../perturb_points.ts";
import { checkSetting, flagValues } from "./settings.ts";

/**
 * A plan in the form of its file, with the keys `train`, `map`, `evaluate`,
 * `analyse`, `analysis_files`, `perturb`, `grid`, `points`, `seeds`, `slurm`.
 * Settings have the names of flags.
 */
export type SweepTable = Readonly<Record<string, unknown>>;

/**
 * Makes a plan from a table, such as `JSON.parse` returns.
 *
 * @param table of the plan
 * @param options `name` of the sweep if the table has none (defaults to
 * "sweep"); `folder` to which paths of task files are relative (defaults to the
 * current one)
 * @returns the plan
 * @throws {RangeError} if it is not a plan; the message names the place
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sweepPlan, sweepPoints } from "@spikernn/spikernn/sweep";
 * const plan = sweepPlan({
 *   name: "sizes",
 *   train: { task: "xor" },
 *   grid: { N: [50, 100] },
 *   seeds: [1, 2, 3],
 * });
 * assert.equal(sweepPoints(plan).length, 6);
 * ```
 */
export function sweepPlan(
  table: SweepTable,
  { name = "sweep", folder = "." }: {
    readonly name?: string;
    readonly folder?: string;
  } = {},
): Plan {
  return checked(planFromTable(table, name, settingsFrom(folder)));
}

/**
 * Reads a plan from a file. Paths of task files are relative to the plan.
 *
 * @param path of a plan in TOML, or in JSON if it ends in `.json`
 * @returns the plan; its name defaults to the file's
 * @throws {RangeError} if it is not a plan; the message names the place
 * @throws {FailureError} if the file cannot be read
 */
export async function readSweepPlan(path: string): Promise<Plan> {
  let text: string;
  try {
    text = new TextDecoder().decode(await files.readFile(path));
  } catch (error) {
    if (fileProblem(error) === "NotCapable") throw error;
    throw new FailureError(
      `Cannot read the plan ${path}: ${fileTrouble(error)}`,
      { cause: error },
    );
  }
  const name = basename(path).replace(/\.\w+$/, "").replace(/[^\w .+-]/g, "_");
  const from = /\.json$/i.test(path) ? planFromJson : planFromToml;
  return checked(from(text, name, settingsFrom(resolve(path, ".."))));
}

function settingsFrom(folder: string): ReadSetting {
  return (part, setting, value) => {
    const read = checkSetting(part, setting, value);
    return setting === "task" && isTaskFile(String(read))
      ? resolve(folder, String(read))
      : read;
  };
}

function checked(plan: Plan): Plan {
  checkAnalyses(plan.analyse ?? []);
  for (const [index, settings] of (plan.perturb ?? []).entries()) {
    try {
      checkPerturbation(flagValues(perturbedSettings, settings));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw new RangeError(
        `Cannot use the plan: perturb[${index}]: ${error.message}`,
        { cause: error },
      );
    }
  }
  return plan;
}
