/** Models taken out of archives, for commands that write into a model's file. */
import { ModelFileError } from "../errors.ts";
import { readArchived } from "../formats/archive.ts";
import { archivedModel, pathOutside } from "../formats/archive_path.ts";
import { writeAtomic } from "../formats/atomic.ts";
import { fileProblem, files } from "../platform/files.ts";
import type { FoundFile } from "./model_files.ts";
import type { Reporter } from "./reporter.ts";

/**
 * Models in archives as files beside them: what a search finds is written into a
 * model's file, and an archive stays as it is.
 *
 * @throws {ModelFileError} if there is such a file already
 */
export async function takenOut(
  found: readonly FoundFile[],
  output: Reporter,
): Promise<FoundFile[]> {
  const own: FoundFile[] = [];
  for (const file of found) {
    const place = archivedModel(file.path);
    if (!place) {
      own.push(file);
      continue;
    }
    const path = pathOutside(file.path);
    if (await isFile(path)) {
      throw new ModelFileError(
        `Cannot take ${JSON.stringify(place.member)} out of ${
          JSON.stringify(place.archive)
        }: ${
          JSON.stringify(path)
        } is there already; map that file, or remove it`,
      );
    }
    await writeAtomic(path, await readArchived(place));
    output.note(`${path}: taken out of ${place.archive}`);
    own.push({ path });
  }
  return own;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await files.stat(path)).isFile;
  } catch (error) {
    if (fileProblem(error) === "NotFound") return false;
    throw error;
  }
}
