/** Saving a model that hours of training gave, whatever has become of its folder. */
import { files } from "../platform/files.ts";
import { basename, dirname, join } from "../platform/paths.ts";
import { ModelFileError } from "../errors.ts";
import { fileTrouble } from "../formats/atomic.ts";
import { writeNewModel } from "../formats/model_file.ts";
import type { Model } from "../network/records.ts";

/** Where a model was saved. */
export interface SavedModel {
  readonly path: string;
  /** Why it is not where it belongs; undefined if it is. */
  readonly misplaced?: string;
}

/**
 * Saves a model under a free name. A folder that was removed meanwhile is made
 * again; if it cannot be written, another one is taken.
 *
 * @param path where it belongs
 * @param model to be saved
 * @param options.instead the folder that is tried next; after it comes a new one
 *   among the system's temporary folders
 * @throws {ModelFileError} if it can be saved nowhere, with the first reason
 */
export async function saveModel(
  path: string,
  model: Model,
  { instead }: { readonly instead: string },
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
      const free = await writeNewModel(join(folder, basename(path)), model);
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
