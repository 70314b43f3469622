/** Finding model files: named, in folders, or by the settings they were trained with. */
import { fileProblem, files, withFile } from "../platform/files.ts";
import { join } from "../platform/paths.ts";
import { ModelFileError } from "../errors.ts";
import { archivedModels } from "../formats/archive.ts";
import { isArchive } from "../formats/archive_path.ts";
import { holdsNetwork } from "../formats/model/names.ts";
import { variableNames } from "../mat5/variable_names.ts";
import { modelFolder, taskOfPath } from "../formats/model_path.ts";
import { FailureError } from "./errors.ts";
import { sizesOf } from "./train_flags.ts";
import type { TrainSettings } from "./train_settings.ts";

/** A file that a command is to work on. */
export interface FoundFile {
  readonly path: string;
  /**
   * The folder that was named, in place of the file: what is found there and is
   * no model is passed over. Undefined if the file itself was named.
   */
  readonly folder?: string;
}

/**
 * The files that are named, all models in archives (`.zip`) that are, and all `.mat` files in the folders that are, with
 * those in folders inside them; sorted, each once.
 *
 * @throws {FailureError} if a name is neither, or a folder holds none
 */
export async function modelFiles(
  operands: readonly string[],
): Promise<FoundFile[]> {
  const files = new Map<string, FoundFile>();
  for (const operand of operands) {
    if (isArchive(operand)) {
      for (const path of await archivedModels(operand)) {
        files.set(path, { path });
      }
      continue;
    }
    if (!await isFolder(operand)) {
      files.set(operand, { path: operand });
      continue;
    }
    const found = await matFilesIn(operand);
    if (found.length === 0) {
      throw new FailureError(
        `Cannot find models in the folder ${operand}: it holds no .mat files`,
      );
    }
    for (const path of found) {
      if (!files.has(path)) files.set(path, { path, folder: operand });
    }
  }
  return [...files.values()];
}

/**
 * Why a file that was found in a folder is no model, but another file that ends
 * in `.mat`: simulated trials, data of other programs. Undefined if it is one,
 * or may be a damaged one, which is a failure.
 */
export async function whyNoModel(path: string): Promise<string | undefined> {
  try {
    const { names, whole } = await withFile(path, variableNames);
    if (!whole || holdsNetwork(names)) return undefined;
    const shown = names.slice(0, 4).join(", ");
    return `it holds ${shown || "nothing"}${
      names.length > 4 ? ", …" : ""
    }, no network`;
  } catch (error) {
    // A file with a model's name that is none any more is lost, not foreign.
    return error instanceof ModelFileError && taskOfPath(path) === undefined
      ? error.message
      : undefined;
  }
}

/** All `.mat` files in a folder, with those in folders inside it; sorted. */
export async function matFilesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of files.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) found.push(...await matFilesIn(path));
    else if (/^[^.].*\.mat$/i.test(entry.name)) found.push(path);
  }
  return found.sort();
}

/** Whether a path is a folder. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await files.stat(path)).isDirectory;
  } catch (error) {
    // Reading it will say what is wrong.
    if (fileProblem(error) === "NotFound") return false;
    throw error;
  }
}

/**
 * The newest model that was trained with some settings (task, units, connection
 * probability, decay time constants, activation, Dale's principle).
 *
 * @throws {FailureError} if there is none
 */
export async function newestModel(
  settings: TrainSettings,
  task: string,
): Promise<string> {
  const folder = modelFolder({
    outputDir: settings.output_dir,
    task,
    dale: settings.apply_dale,
    connectionProbability: settings.P_rec,
    taus: settings.decay_taus,
  });
  const sizes = sizesOf(settings);
  const units = sizes.every((size) => size === sizes[0])
    ? String(sizes[0])
    : sizes.join("-");
  // A number at the end tells models apart that were saved in one second.
  const layers = sizes.length > 1 ? `_${sizes.length}_layers` : "";
  const pattern = new RegExp(
    `_N_${units}_.*_Act_${RegExp.escape(settings.act)}` +
      `_(\\d{4}_\\d\\d_\\d\\d_\\d{6})${layers}(?:_(\\d+))?\\.mat$`,
  );
  const dated: [date: string, number: number, name: string][] = [];
  try {
    for await (const { name } of files.readDir(folder)) {
      const [, date, number = "1"] = pattern.exec(name) ?? [];
      if (date !== undefined) dated.push([date, Number(number), name]);
    }
  } catch (error) {
    if (fileProblem(error) !== "NotFound") throw error;
  }
  const newest = dated.sort(([a, m], [b, n]) =>
    a === b ? m - n : a < b ? -1 : 1
  )
    .at(-1);
  if (!newest) {
    throw new FailureError(
      `Cannot find a model to evaluate: none of ${units} ${settings.act} ` +
        `units in ${folder}; name its file, or train one first`,
    );
  }
  return join(folder, newest[2]);
}
