/** Saving a model that hours of training gave, whatever has become of its folder. */
import { files } from "../platform/files.ts";
import { basename, dirname, join } from "../platform/paths.ts";
import { ModelFileError } from "../errors.ts";
import { fileTrouble, type Mark, writeOver } from "../formats/atomic.ts";
import { encodeModel, writeNewModel } from "../formats/model_file.ts";
import type { Model } from "../network/records.ts";

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
 * Saves a model under a free name, or over a file that it may write over. A folder that was removed meanwhile is made
 * again; if it cannot be written, another one is taken.
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
