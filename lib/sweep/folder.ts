/**
 * The folder of a sweep: `sweep.json` (its points), and `points/<id>/` with
 * what belongs to each, `result.json` or `failed.json` among it.
 */
import { join } from "node:path";
import { ModelFileError } from "../errors.ts";
import { fileTrouble, writeAtomic } from "../formats/atomic.ts";
import { version } from "../version.ts";
import type { Point, PointResult, PointState } from "./types.ts";

/** A sweep as its folder describes it. */
export interface SweepRecord {
  readonly name: string;
  /** Trials of the final evaluation of each network. */
  readonly trials: number;
  readonly points: readonly Point[];
  /** Version of the package that made the points. */
  readonly version: string;
  /** What the plan says about SLURM, as it stands there. */
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
export function failedFile(folder: string, id: string): string {
  return join(pointFolder(folder, id), "failed.json");
}

/**
 * Writes what a sweep is.
 *
 * @throws {ModelFileError} where the folder cannot be written
 */
export async function writeSweep(
  folder: string,
  sweep: Omit<SweepRecord, "version">,
): Promise<void> {
  await writeJson(sweepFile(folder), { ...sweep, version });
}

/**
 * Reads what a sweep is.
 *
 * @throws {ModelFileError} where the folder holds no sweep
 */
export async function readSweep(folder: string): Promise<SweepRecord> {
  const read = await readJson(sweepFile(folder));
  if (read === undefined) {
    throw new ModelFileError(
      `Cannot find a sweep in ${folder}: it has no sweep.json`,
    );
  }
  const { points, trials } = read as Partial<SweepRecord>;
  const known = Array.isArray(points) && points.every(isPoint) &&
    Number.isSafeInteger(trials) && trials! > 0;
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
 * @throws {ModelFileError} where it cannot be written
 */
export async function writeResult(
  folder: string,
  result: PointResult,
): Promise<void> {
  await writeJson(resultFile(folder, result.id), result);
  await forgetFailure(folder, result.id);
}

/** Reads what a point gave; undefined where it has not ended well. */
export async function readResult(
  folder: string,
  id: string,
): Promise<PointResult | undefined> {
  const read = await readJson(resultFile(folder, id)) as
    | PointResult
    | undefined;
  return read?.id === id && typeof read.trained === "boolean"
    ? read
    : undefined;
}

/** What all points gave that have ended well, in the order of the points. */
export async function readResults(
  folder: string,
  points: readonly Point[],
): Promise<PointResult[]> {
  const results = await Promise.all(
    points.map(({ id }) => readResult(folder, id)),
  );
  return results.filter((result) => result !== undefined);
}

/** Says in its folder why a point failed. */
export async function writeFailure(
  folder: string,
  id: string,
  reason: string,
): Promise<void> {
  await writeJson(failedFile(folder, id), { reason });
}

/** Why a point failed; undefined where it did not. */
export async function readFailure(
  folder: string,
  id: string,
): Promise<string | undefined> {
  const read = await readJson(failedFile(folder, id));
  if (read === undefined) return undefined;
  const { reason } = read as { reason?: unknown };
  return typeof reason === "string" ? reason : "it does not say why";
}

/** Takes away what tells of a failure. */
export async function forgetFailure(folder: string, id: string): Promise<void> {
  await Deno.remove(failedFile(folder, id)).catch((error) => {
    if (!isMissing(error)) throw error;
  });
}

/** How a point stands by its files; a running one is one that was begun. */
export async function stateOf(folder: string, id: string): Promise<PointState> {
  if (await readResult(folder, id)) return "done";
  if (await readFailure(folder, id) !== undefined) return "failed";
  try {
    await Deno.stat(pointFolder(folder, id));
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
  const { id, train, varied } = (value ?? {}) as Partial<Point>;
  return isId(id) && isTable(train) && isTable(varied);
}

function isTable(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function writeJson(path: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value, undefined, 1) + "\n";
  await writeAtomic(path, new TextEncoder().encode(text));
}

async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new ModelFileError(`Cannot read ${path}: ${fileTrouble(error)}`, {
      cause: error,
    });
  }
  try {
    const value = JSON.parse(text);
    if (isTable(value)) return value;
  } catch {
    // Said below.
  }
  throw new ModelFileError(`Cannot read ${path}: it is no JSON object`);
}

function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.NotADirectory;
}
