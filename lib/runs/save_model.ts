/** Saving a model that hours of training gave, whatever has become of its folder. */
import { files, isThere } from "../platform/files.ts";
import { basename, dirname, join } from "../platform/paths.ts";
import { ModelFileError } from "../errors.ts";
import {
  fileTrouble,
  type Mark,
  markOf,
  writeOver,
} from "../formats/atomic.ts";
import {
  encodeModel,
  readModel,
  writeNewModel,
} from "../formats/model_file.ts";
import type { Model } from "../network/records.ts";
import type { ReadCheckpoint } from "../train/checkpoint.ts";
import { UsageError } from "./errors.ts";
import type { TrainSettings } from "./train_settings.ts";

/**
 * Checks that a name that a person gave the model is free: hours of training
 * write over nothing, except over what the same run saved when it was stopped.
 *
 * @param begun where the run goes on from, if it does
 * @returns the mark of the file that may be written over, if there is one
 * @throws {UsageError} if the name is taken, or is no name of a model
 */
export async function checkOutput(
  { output, resume }: Pick<TrainSettings, "output" | "resume">,
  begun: ReadCheckpoint | undefined,
): Promise<Mark | undefined> {
  if (output === undefined) return undefined;
  if (!/[^/\\]\.mat$/i.test(output)) {
    throw new UsageError(
      `Cannot save the model to ${output}: its name must end in .mat`,
    );
  }
  if (!await isThere(output)) return undefined;
  const before = await markOf(output);
  if (begun && await isStopped(output, begun)) return before;
  throw new UsageError(
    `Cannot save the model to ${output}: it is there already; choose ` +
      "another name, or remove it" +
      (resume === undefined ? "" : " (the run that goes on is not lost)"),
  );
}

/** Whether a file is the network that a run saved when it was stopped, and no more. */
async function isStopped(
  path: string,
  { seed, state }: ReadCheckpoint,
): Promise<boolean> {
  let model: Model;
  try {
    model = await readModel(path);
  } catch (error) {
    if (error instanceof ModelFileError) return false;
    throw error;
  }
  const { provenance, training, search } = model;
  if (training?.outcome?.reason !== "interrupted" || search) return false;
  const known = Math.min(training.losses.length, state.losses.length);
  return provenance?.seed === seed &&
    state.losses.slice(0, known).every((loss, k) =>
      loss === training.losses[k]
    );
}

/** Where a model was saved. */
export interface SavedModel {
  readonly path: string;
  /** Why it is not where it belongs; undefined if it is. */
  readonly misplaced?: string;
}

/** Where a model may go. */
export interface Places {
  /**
   * The folder that is tried if that of the model cannot be written; after it
   * comes a new one among the system's temporary folders.
   */
  readonly instead: string;
  /** The mark of a file of the model's name that it may write over. */
  readonly over?: Mark;
}

/**
 * Saves a model under a free name, or over a file that it may write over. A
 * folder that was removed meanwhile is made again; if it cannot be written,
 * another one is taken.
 *
 * @param path where it belongs
 * @param model to be saved
 * @param places where else it may go
 * @throws {ModelFileError} if it can be saved nowhere, with the first reason
 */
export async function saveModel(
  path: string,
  model: Model,
  { instead, over }: Places,
): Promise<SavedModel> {
  let first: unknown;
  for (
    const place of [
      () => dirname(path),
      () => instead,
      () => files.makeTempDir({ prefix: "spikernn-" }),
    ]
  ) {
    try {
      const folder = await place();
      const free = over && first === undefined
        ? await writeOver(path, encodeModel(model), over)
        : await writeNewModel(join(folder, basename(path)), model);
      return first === undefined
        ? { path: free }
        : { path: free, misplaced: reasonOf(first) };
    } catch (error) {
      first ??= error;
    }
  }
  if (first instanceof ModelFileError) throw first;
  throw new ModelFileError(
    `Cannot write ${JSON.stringify(path)}: ${fileTrouble(first)}`,
    { cause: first },
  );
}

function reasonOf(error: unknown): string {
  return error instanceof ModelFileError
    ? error.message.replace(/^Cannot .*?": /, "")
    : fileTrouble(error);
}
