/** `train --resume`: from a folder or file to the run that it goes on with. */
import { fileProblem, files } from "../platform/files.ts";
import { basename, dirname, join, normalize } from "node:path";
import { ModelFileError } from "../errors.ts";
import { fileTrouble } from "../formats/atomic.ts";
import { modelFolder } from "../formats/model_path.ts";
import type { Task } from "../tasks/types.ts";
import type { ReadCheckpoint } from "../train/checkpoint.ts";
import {
  latestCheckpoint,
  listCheckpoints,
  readCheckpoint,
} from "../train/checkpoint_folder.ts";
import { taskFingerprint } from "../tasks/identity.ts";
import { version } from "../version.ts";
import { typedText, valueOf } from "./config.ts";
import { FailureError, UsageError } from "./errors.ts";
import { fallbacks, isFree } from "../settings/kinds.ts";
import type { Reporter } from "./reporter.ts";
import { RunFolder } from "./run_folder.ts";
import { isTaskFile } from "../tasks/task_source.ts";
import { trainFlags } from "./train_flags.ts";
import type { TrainSettings } from "./train_settings.ts";

/** A run that goes on. */
export interface ResumedRun {
  readonly settings: TrainSettings;
  readonly checkpoint: ReadCheckpoint;
  readonly folder: RunFolder;
}

/**
 * Opens the run that `--resume` names, with the settings it was begun with.
 *
 * @param flags as given now
 * @param given which of them were given
 * @throws {UsageError} for flags that contradict the saved settings
 * @throws {FailureError} if there is nothing to go on from, or it is in use
 */
export async function resumeRun(
  flags: TrainSettings,
  given: ReadonlySet<string>,
  output: Reporter,
): Promise<ResumedRun> {
  const { path, isFile } = await placeOf(flags.resume!);
  if (isFile) await checkIsCheckpoint(path);
  else await checkIsRun(path);
  const folder = await RunFolder.take(isFile ? dirname(path) : path, output);
  try {
    const checkpoint = isFile
      ? await readCheckpoint(path)
      : await newest(path, output);
    const settings = settingsOf(checkpoint, flags, given);
    if (checkpoint.version !== version) {
      output.note(
        `the checkpoint is of version ${checkpoint.version}, this is ` +
          `${version}: the last bits may differ from an uninterrupted run`,
      );
    }
    return {
      checkpoint,
      folder,
      settings: {
        ...settings,
        ...(given.has("output_dir") || given.has("output")
          ? { output_dir: flags.output_dir }
          : placeOfModel(folder, checkpoint, settings)),
      },
    };
  } catch (error) {
    await folder.close(false);
    if (!(error instanceof ModelFileError)) throw error;
    throw new FailureError(error.message, { cause: error });
  }
}

/**
 * Checks that a task makes the trials that the run was begun with.
 *
 * @throws {UsageError} if it does not
 */
export async function checkSameTask(
  { task: saved }: ReadCheckpoint,
  task: Task,
): Promise<void> {
  const same = saved.name === task.name &&
    saved.fingerprint === await taskFingerprint(task);
  if (same) return;
  throw new UsageError(
    `Cannot resume: the task ${JSON.stringify(task.name)} makes other trials ` +
      `than ${JSON.stringify(saved.name)} did when the run was begun`,
  );
}

async function placeOf(
  path: string,
): Promise<{ path: string; isFile: boolean }> {
  try {
    const { isFile } = await files.stat(path);
    return { path, isFile };
  } catch (error) {
    if (fileProblem(error) === "NotCapable") throw error;
    throw new FailureError(
      `Cannot resume from ${path}: ${fileTrouble(error)}`,
      {
        cause: error,
      },
    );
  }
}

/** A file that is not a checkpoint by its name: says if there are some. */
async function checkIsCheckpoint(path: string): Promise<void> {
  if (/\.safetensors$/i.test(path)) return;
  const run = path.replace(/\.mat$/i, ".run");
  const beside = run !== path && await holdsCheckpoints(run);
  throw new UsageError(
    `Cannot resume from ${path}: ` +
      (/\.mat$/i.test(path)
        ? "it is a model, which does not hold the optimiser's state; "
        : "it is not a checkpoint; ") +
      "allowed are the folder of a run (NAME.run) and one of its checkpoints" +
      (beside ? `: did you mean ${run}?` : ""),
  );
}

/** A folder without checkpoints: says which runs are in it, however deep. */
async function checkIsRun(path: string): Promise<void> {
  if (await holdsCheckpoints(path)) return;
  const runs = (await runsIn(path, deepest)).sort();
  throw new FailureError(
    `Cannot resume from ${path}: it holds no checkpoints` +
      (runs.length === 0
        ? ", nor does a folder of a run (NAME.run) in it"
        : runs.length === 1
        ? `: did you mean ${runs[0]}?`
        : `; ${runs.length} runs are in it, name one of them: ` +
          runs.slice(0, mostShown).join(", ") +
          (runs.length > mostShown ? ", …" : "")),
  );
}

/** How deep below an output folder runs are: models/TASK/NoDale/SETTINGS/NAME.run. */
const deepest = 6;

/** Runs that an error names. */
const mostShown = 8;

async function holdsCheckpoints(path: string): Promise<boolean> {
  try {
    return (await listCheckpoints(path)).length > 0;
  } catch (error) {
    if (fileProblem(error) === "NotFound") return false;
    throw error;
  }
}

async function runsIn(path: string, depth: number): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of files.readDir(path)) {
    if (!isDirectory) continue;
    const inner = join(path, name);
    if (name.endsWith(".run")) {
      if (await holdsCheckpoints(inner)) found.push(inner);
    } else if (depth > 1) found.push(...await runsIn(inner, depth - 1));
  }
  return found;
}

async function newest(path: string, output: Reporter): Promise<ReadCheckpoint> {
  const found = await latestCheckpoint(path);
  // There were some a moment ago.
  if (!found) {
    throw new FailureError(
      `Cannot resume from ${path}: it holds no checkpoints`,
    );
  }
  for (const { path, reason } of found.unreadable) {
    output.problem(`${reason} (${path}); going on from ${found.path}`);
  }
  return found.checkpoint;
}

/** The settings saved, with the flags given now that change no result. */
function settingsOf(
  { settings: saved, seed }: ReadCheckpoint,
  flags: TrainSettings,
  given: ReadonlySet<string>,
): TrainSettings {
  const begun: Record<string, unknown> = { ...fallbacks(trainFlags) };
  for (const [name, value] of Object.entries({ ...saved, seed })) {
    if (isFree(trainFlags, name)) continue;
    const flag = Object.hasOwn(trainFlags, name)
      ? trainFlags[name as keyof typeof trainFlags]
      : undefined;
    const read = flag && valueOf(flag, value);
    if (read === undefined) {
      throw new ModelFileError(
        `Cannot resume: the checkpoint's setting ${JSON.stringify(name)} is ` +
          `${JSON.stringify(value)}, ` +
          (flag ? `allowed are ${flag.allowed}` : "which is unknown"),
      );
    }
    begun[name] = read;
  }
  const file = typeof begun.task === "string" && isTaskFile(begun.task);
  if (file && !given.has("task")) {
    throw new UsageError(
      `Cannot resume: the run trains a task of your own; name its file, ` +
        `--task ${begun.task}`,
    );
  }
  for (const name of given) {
    const now = flags[name as keyof TrainSettings];
    if (isFree(trainFlags, name)) begun[name] = now;
    else if (name === "task" && file && isTaskFile(String(now))) {
      begun.task = now; // Moved, perhaps: its trials tell whether it is the same.
    } else if (shown(now) !== shown(begun[name])) {
      throw new UsageError(
        `Cannot resume with --${name} ${shown(now)}: the run was begun with ` +
          `${shown(begun[name])}; leave the flag out, or begin another run`,
      );
    }
  }
  return begun as TrainSettings;
}

function shown(value: unknown): string {
  if (value === undefined) return "none";
  return Array.isArray(value)
    ? value.map(typedText).join(" ")
    : typedText(value);
}

/**
 * Where the model of a run goes: below the folder that the run was begun with,
 * or else (it was begun with `--output`, or was moved) beside the run's folder.
 */
function placeOfModel(
  { parent, path: run }: RunFolder,
  { state: { network }, task }: ReadCheckpoint,
  settings: TrainSettings,
): Partial<TrainSettings> {
  const inside = modelFolder({
    outputDir: ".",
    task: task.name,
    dale: network.dale,
    connectionProbability: settings.P_rec,
    taus: network.taus,
  });
  const [tail, path] = [normalize(inside), normalize(parent)];
  if (path === tail) return { output_dir: "." };
  if (path.endsWith(`/${tail}`)) {
    return { output_dir: path.slice(0, -tail.length) };
  }
  const [, name] = /^(.+)\.run$/.exec(basename(run)) ?? [];
  if (name !== undefined) return { output: join(parent, `${name}.mat`) };
  throw new UsageError(
    `Cannot tell where the model goes: ${run} is not the folder of a run ` +
      "(NAME.run); name a folder by --output_dir, or a file by --output",
  );
}
