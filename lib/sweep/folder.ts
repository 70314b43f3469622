/**
 * The folder of a sweep: `sweep.json` (its points), and `points/<id>/` with
 * what belongs to each, `result.json` or `failed.json` among it.
 */
import { fileProblem, files } from "../platform/files.ts";
import { join } from "../platform/paths.ts";
import { ModelFileError } from "../errors.ts";
import { fileTrouble, writeAtomic } from "../formats/atomic.ts";
import { parseJson } from "../formats/nested_json.ts";
import { version } from "../version.ts";
import { archivedResults } from "./archives.ts";
import { misfit, resultSchema, staysInside } from "./result_schema.ts";
import type { Point, PointResult, PointState } from "./types.ts";

/** A sweep as its folder describes it. */
export interface SweepRecord {
  /** Name of the sweep. */
  readonly name: string;
  /** Trials of the final evaluation of each network. */
  readonly trials: number;
  /** All of its points. */
  readonly points: readonly Point[];
  /** Version of the package that made the points. */
  readonly version: string;
  /** The plan's settings for SLURM, unchanged. */
  readonly slurm?: unknown;
}

/** The file that describes a sweep. */
export function sweepFile(folder: string): string {
  return join(folder, "sweep.json");
}

/** The folder of a point. */
export function pointFolder(folder: string, id: string): string {
  return join(folder, "points", id);
}

/** The file with what a point gave. */
export function resultFile(folder: string, id: string): string {
  return join(pointFolder(folder, id), "result.json");
}

/** The file that says why a point failed. */
function failedFile(folder: string, id: string): string {
  return join(pointFolder(folder, id), "failed.json");
}

/**
 * Writes what a sweep is.
 *
 * @throws {ModelFileError} if the folder cannot be written
 */
export async function writeSweep(
  folder: string,
  sweep: Omit<SweepRecord, "version">,
): Promise<void> {
  await writeJson(sweepFile(folder), { ...sweep, version });
}

/**
 * Reads the description of a sweep from its folder.
 *
 * @throws {ModelFileError} if the folder holds no sweep
 */
export async function readSweep(folder: string): Promise<SweepRecord> {
  const read = await readJson(sweepFile(folder));
  if (read === undefined) {
    throw new ModelFileError(
      `Cannot find a sweep in ${folder}: it has no sweep.json`,
    );
  }
  const { name, points, trials } = read as Partial<SweepRecord>;
  const known = typeof name === "string" && Array.isArray(points) &&
    points.every(isPoint) && Number.isSafeInteger(trials) && trials! > 0;
  if (!known) {
    throw new ModelFileError(
      `Cannot read ${sweepFile(folder)}: it is not what a sweep writes`,
    );
  }
  return read as SweepRecord;
}

/**
 * Writes what a point gave; what an earlier failure left is removed.
 *
 * @throws {ModelFileError} if it cannot be written
 */
export async function writeResult(
  folder: string,
  result: PointResult,
): Promise<void> {
  await writeJson(resultFile(folder, result.id), result);
  await forgetFailure(folder, result.id);
}

/**
 * Reads what a point gave; undefined if it has not ended well.
 *
 * @throws {ModelFileError} if its file is damaged, or another point's
 */
export async function readResult(
  folder: string,
  id: string,
): Promise<PointResult | undefined> {
  const path = resultFile(folder, id);
  const read = await readJson(path);
  if (read === undefined) return undefined;
  const { success, error } = resultSchema.safeParse(read);
  const result = read as PointResult;
  const trouble = !success
    ? misfit(error)
    : result.id !== id
    ? `it is of the point ${JSON.stringify(result.id)}`
    : !staysInside(result.model)
    ? "its model leaves the folder of its point"
    : undefined;
  if (trouble !== undefined) {
    throw new ModelFileError(`Cannot read ${path}: ${trouble}`);
  }
  return result;
}

/** Whether a point has a result that can be read: a damaged one is none. */
export async function hasResult(folder: string, id: string): Promise<boolean> {
  try {
    return await readResult(folder, id) !== undefined;
  } catch (error) {
    if (error instanceof ModelFileError) return false;
    throw error;
  }
}

/**
 * Results of all points that ended successfully, in the order of the points.
 * Points with a damaged file are left out.
 *
 * @param damaged called for each damaged point and archive
 */
export async function readResults(
  folder: string,
  points: readonly Point[],
  damaged: (id: string, reason: string) => void = () => {},
): Promise<PointResult[]> {
  const results: PointResult[] = [];
  const archived = await archivedResults(folder, damaged);
  for (const { id } of points) {
    try {
      const result = archived.get(id) ?? await readResult(folder, id);
      if (result) results.push(result);
    } catch (error) {
      if (!(error instanceof ModelFileError)) throw error;
      damaged(id, error.message);
    }
  }
  return results;
}

/** Says in its folder why a point failed. */
export async function writeFailure(
  folder: string,
  id: string,
  reason: string,
): Promise<void> {
  await writeJson(failedFile(folder, id), { reason });
}

/** Why a point failed; undefined if it did not. */
export async function readFailure(
  folder: string,
  id: string,
): Promise<string | undefined> {
  try {
    const read = await readJson(failedFile(folder, id));
    if (read === undefined) return undefined;
    const { reason } = read as { reason?: unknown };
    return typeof reason === "string" ? reason : "it does not say why";
  } catch (error) {
    // Who cannot say why has failed all the same.
    if (error instanceof ModelFileError) return error.message;
    throw error;
  }
}

/** Takes away what tells of a failure. */
export async function forgetFailure(folder: string, id: string): Promise<void> {
  await files.remove(failedFile(folder, id)).catch((error) => {
    if (!isMissing(error)) throw error;
  });
}

/**
 * How a point stands by its files; a running one is one that was begun.
 *
 * @param damaged called if its result is there and cannot be read
 */
export async function stateOf(
  folder: string,
  id: string,
  damaged: (reason: string) => void = () => {},
): Promise<PointState> {
  try {
    if (await readResult(folder, id)) return "done";
  } catch (error) {
    if (!(error instanceof ModelFileError)) throw error;
    damaged(error.message);
    return "damaged";
  }
  if (await readFailure(folder, id) !== undefined) return "failed";
  try {
    await files.stat(pointFolder(folder, id));
    return "running";
  } catch (error) {
    if (isMissing(error)) return "waiting";
    throw error;
  }
}

/**
 * Folders are made from ids, and files can be edited: an id is one plain name.
 */
export function isId(id: unknown): id is string {
  return typeof id === "string" && /^[\w][\w.=+-]{0,120}$/.test(id);
}

function isPoint(value: unknown): value is Point {
  const { id, train, varied, map, perturb } = (value ?? {}) as Partial<Point>;
  return isId(id) && isTable(train) && isTable(varied) &&
    (map === undefined || isTable(map)) &&
    (perturb === undefined || Array.isArray(perturb) && perturb.every(isTable));
}

function isTable(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function writeJson(path: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value, undefined, 1) + "\n";
  await writeAtomic(path, new TextEncoder().encode(text));
}

/**
 * Reads a file that holds a JSON object; undefined if there is none.
 *
 * @throws {ModelFileError} if it cannot be read, or is something else
 */
export async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await files.readTextFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (fileProblem(error) === "NotCapable") throw error;
    throw new ModelFileError(`Cannot read ${path}: ${fileTrouble(error)}`, {
      cause: error,
    });
  }
  try {
    const value = parseJson(text);
    if (isTable(value)) return value;
  } catch {
    // Said below.
  }
  throw new ModelFileError(`Cannot read ${path}: it is not a JSON object`);
}

function isMissing(error: unknown): boolean {
  return fileProblem(error) === "NotFound" ||
    fileProblem(error) === "NotADirectory";
}
