/**
 * Archives of a sweep: `archives/0001.zip`, … hold the networks of a hundred
 * points each and what these gave, in place of a folder a point.
 */
import { z } from "zod";
import { ModelFileError } from "../errors.ts";
import { archivedModels, readInArchive } from "../formats/archive.ts";
import { parseJson } from "../formats/nested_json.ts";
import { fileProblem, files } from "../platform/files.ts";
import { basename, join } from "../platform/paths.ts";
import { misfit, resultSchema } from "./result_schema.ts";
import type { PointResult } from "./types.ts";

/** The member with what the points of an archive gave, a list. */
export const resultsName = "results.json";

const resultsSchema = z.array(resultSchema);

/** Where the archives of a sweep are. */
export function archivesFolder(folder: string): string {
  return join(folder, "archives");
}

/**
 * The points that are in archives.
 *
 * @param folder of the sweep
 * @param damaged called for each archive that cannot be read: its points are as
 *   if it were not there
 * @returns path of the archive by the point's name
 */
export async function archivedPoints(
  folder: string,
  damaged: (archive: string, reason: string) => void = () => {},
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const archive of await archivesOf(folder)) {
    try {
      for (const path of await archivedModels(archive)) {
        found.set(idOf(path), archive);
      }
    } catch (error) {
      if (!(error instanceof ModelFileError)) throw error;
      damaged(basename(archive), error.message);
    }
  }
  return found;
}

/**
 * What the points in archives gave; the path of a model leads from its point's
 * folder into the archive.
 *
 * @param folder of the sweep
 * @param damaged called for each archive that cannot be read
 */
export async function archivedResults(
  folder: string,
  damaged: (archive: string, reason: string) => void = () => {},
): Promise<Map<string, PointResult>> {
  const found = new Map<string, PointResult>();
  for (const archive of await archivesOf(folder)) {
    try {
      for (const result of await resultsIn(archive)) {
        const model = `../../archives/${basename(archive)}#${result.id}.mat`;
        found.set(result.id, { ...result, model });
      }
    } catch (error) {
      if (!(error instanceof ModelFileError)) throw error;
      damaged(basename(archive), error.message);
    }
  }
  return found;
}

async function resultsIn(archive: string): Promise<PointResult[]> {
  const bytes = await readInArchive(archive, resultsName);
  let read: unknown;
  try {
    read = parseJson(new TextDecoder().decode(bytes));
  } catch {
    throw new ModelFileError(
      `Cannot read ${archive}: its ${resultsName} is not JSON`,
    );
  }
  const { success, error } = resultsSchema.safeParse(read);
  if (success) return read as PointResult[];
  throw new ModelFileError(`Cannot read ${archive}: ${misfit(error)}`);
}

/** The point's name in the path of a model of an archive. */
function idOf(path: string): string {
  return path.slice(path.lastIndexOf("#") + 1).replace(/\.mat$/i, "");
}

/** Paths of the archives of a sweep, in order. */
export async function archivesOf(folder: string): Promise<string[]> {
  const place = archivesFolder(folder);
  const found: string[] = [];
  try {
    for await (const { name } of files.readDir(place)) {
      if (/^\d{4,}\.zip$/.test(name)) found.push(name);
    }
  } catch (error) {
    if (fileProblem(error) === "NotFound") return [];
    throw error;
  }
  return found.sort((a, b) => parseInt(a) - parseInt(b))
    .map((name) => join(place, name));
}
