/** What a point's folder tells, from wherever it is computed. */
import { join } from "node:path";
import { hasResult, pointFolder, readFailure } from "../folder.ts";

/** How a point came out; undefined while it has not. */
export type Outcome =
  | { readonly done: true }
  | { readonly done: false; readonly reason: string }
  | undefined;

/** Whether a point has its result, or a file that says why not. */
export async function readOutcome(
  sweep: string,
  id: string,
): Promise<Outcome> {
  if (await hasResult(sweep, id)) return { done: true };
  const reason = await readFailure(sweep, id);
  return reason === undefined ? undefined : { done: false, reason };
}

/**
 * When anything last changed in a point's folder, by the clock of the disk, ms:
 * only good for being compared with itself, since the clocks of machines differ.
 * Undefined if the point has not been begun.
 */
export async function lastChange(
  sweep: string,
  id: string,
): Promise<number | undefined> {
  return await lastChangeIn(pointFolder(sweep, id));
}

/** Checkpoints lie deep: the folders in it count as well. */
async function lastChangeIn(folder: string): Promise<number | undefined> {
  const own = await changed(folder);
  if (own === undefined) return undefined;
  const times = [own];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = join(folder, name);
      times.push(
        (isDirectory ? await lastChangeIn(path) : await changed(path)) ?? 0,
      );
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return Math.max(...times);
}

/** The last line of a task's output: mostly why it ended. */
export async function lastWords(log: string): Promise<string | undefined> {
  try {
    using file = await Deno.open(log);
    const { size } = await file.stat();
    await file.seek(Math.max(0, size - 2000), Deno.SeekMode.Start);
    const bytes = new Uint8Array(2000);
    const read = await file.read(bytes) ?? 0;
    return new TextDecoder().decode(bytes.subarray(0, read))
      // deno-lint-ignore no-control-regex
      .replace(/\x1b\[[\d;]*[A-Za-z]|[\0-\x09\x0b-\x1f\x7f]/g, "")
      .trim().split("\n").at(-1)?.slice(0, 200) || undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function changed(path: string): Promise<number | undefined> {
  try {
    return (await Deno.stat(path)).mtime?.getTime() ?? 0;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.NotADirectory;
}
