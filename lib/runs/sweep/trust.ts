/**
 * Which task files of a sweep run with the program's own permissions: those that
 * the person who starts it trusts, as they are then. Nothing that lies in the
 * sweep's folder says so, since others may write there.
 */
import { isTaskFile, readTaskSource } from "../../tasks/task_source.ts";
import type { Point } from "../../sweep/types.ts";
import { UsageError } from "../errors.ts";

/** The task file of a point, if it has one. */
function fileOf({ train }: Point): string | undefined {
  const { task } = train;
  return typeof task === "string" && isTaskFile(task) ? task : undefined;
}

/**
 * The task files of points as they are now.
 *
 * @returns SHA-256 of each, in hexadecimal digits
 * @throws {TaskError} for a file that cannot be read
 */
export async function taskHashes(points: readonly Point[]): Promise<string[]> {
  const files = new Set(
    points.map(fileOf).filter((file) => file !== undefined),
  );
  return await Promise.all(
    [...files].map(async (file) => (await readTaskSource(file)).sha256),
  );
}

/**
 * Whether a point's task file is trusted.
 *
 * @param trusted SHA-256 of the files that are
 * @throws {UsageError} for a file that is none of them, though there are some:
 *   it was changed since
 */
export async function isTrusted(
  point: Point,
  trusted: readonly string[],
): Promise<boolean> {
  const file = fileOf(point);
  if (file === undefined || trusted.length === 0) return false;
  const { sha256 } = await readTaskSource(file);
  if (trusted.includes(sha256)) return true;
  throw new UsageError(
    `Cannot trust task ${file}: its SHA-256 is ${sha256}, trusted are ` +
      `${trusted.join(", ")}; it was changed since the sweep was started: ` +
      "look at it, and start the sweep again",
  );
}
