/** Putting the points of a sweep that are done into its archives. */
import { ModelFileError } from "../errors.ts";
import { encodeArchive } from "../formats/archive.ts";
import { fileTrouble, writeAtomic } from "../formats/atomic.ts";
import { fileProblem, files } from "../platform/files.ts";
import { basename, dirname, join } from "../platform/paths.ts";
import {
  archivedPoints,
  archivesFolder,
  archivesOf,
  resultsName,
} from "./archives.ts";
import { pointFolder, readResult, resultFile } from "./folder.ts";
import type { PointResult } from "./types.ts";

/** Points in an archive. */
export const archiveSize = 100;

/**
 * Puts points that are done into archives, and takes away their models and
 * results. What else is in a point's folder, files of analyses, stays. A process
 * that is killed leaves a point in its folder, in an archive, or in both.
 *
 * @param folder of the sweep
 * @param ids of points that have a result
 * @returns paths of the archives that were written
 * @throws {ModelFileError} if a model cannot be read, or an archive not written
 */
export async function archivePoints(
  folder: string,
  ids: readonly string[],
): Promise<string[]> {
  const there = await archivedPoints(folder);
  const fresh: PointResult[] = [];
  for (const id of ids) {
    const result = await readResult(folder, id);
    if (!result) continue;
    if (there.has(id)) await removePoint(folder, result);
    else fresh.push(result);
  }
  const written: string[] = [];
  for (let from = 0; from < fresh.length; from += archiveSize) {
    const part = fresh.slice(from, from + archiveSize);
    written.push(await writeArchive(folder, part));
    for (const result of part) await removePoint(folder, result);
  }
  return written;
}

async function writeArchive(
  folder: string,
  results: readonly PointResult[],
): Promise<string> {
  const models: [string, Uint8Array][] = [];
  for (const result of results) {
    const path = modelOf(folder, result);
    try {
      models.push([`${result.id}.mat`, await files.readFile(path)]);
    } catch (error) {
      throw new ModelFileError(`Cannot read ${path}: ${fileTrouble(error)}`, {
        cause: error,
      });
    }
  }
  const list = results.map((result) => ({
    ...result,
    model: `${result.id}.mat`,
  }));
  const text = `[\n${
    list.map((each) => JSON.stringify(each)).join(",\n")
  }\n]\n`;
  const place = archivesFolder(folder);
  await files.mkdir(place, { recursive: true });
  const last = (await archivesOf(folder)).at(-1);
  const number = last === undefined ? 1 : parseInt(basename(last)) + 1;
  const path = join(place, `${String(number).padStart(4, "0")}.zip`);
  await writeAtomic(
    path,
    encodeArchive([[resultsName, new TextEncoder().encode(text)], ...models]),
  );
  return path;
}

/** Removes the files of a point that an archive holds, and folders that are empty then. */
async function removePoint(folder: string, result: PointResult): Promise<void> {
  const place = pointFolder(folder, result.id);
  const model = modelOf(folder, result);
  await removed(model);
  await removed(join(place, "trained.json"));
  await removed(resultFile(folder, result.id));
  for (
    let inner = dirname(model);
    inner.length >= place.length && await removed(inner);
    inner = dirname(inner)
  );
}

async function removed(path: string): Promise<boolean> {
  try {
    await files.remove(path);
    return true;
  } catch (error) {
    // A folder that holds something else stays.
    if (fileProblem(error) === "NotCapable") throw error;
    return fileProblem(error) === "NotFound";
  }
}

function modelOf(folder: string, { id, model }: PointResult): string {
  return join(pointFolder(folder, id), model);
}
