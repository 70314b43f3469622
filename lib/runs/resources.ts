/** What commands need before they start: seeds, output folders. */
import { fileProblem, files, isThere } from "../platform/files.ts";
import { dirname, join } from "../platform/paths.ts";
import { fileTrouble } from "../formats/atomic.ts";
import { heartbeatName } from "../formats/heartbeat_lock.ts";
import { lockFolder, lockName } from "../formats/lock.ts";
import {
  isTemporary,
  removeAbandoned,
  temporaryPath,
} from "../formats/temporary.ts";
import { FailureError } from "./errors.ts";

/** A seed, if none was given: short enough to be typed again. */
export function drawSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}

/** A folder that files can be written to. */
export interface PreparedFolder {
  /** Removes the folders that were made, as far as they are still empty. */
  undo(): Promise<void>;
}

/**
 * Makes a folder and tries whether files can be written there, so that a long
 * computation does not start and fail at its end. Half-written files that this user's killed
 * runs have left there are removed.
 *
 * @throws {FailureError} if it is a file, read-only or full
 */
export async function prepareFolder(folder: string): Promise<PreparedFolder> {
  // Files are put in place by renaming, which needs to read as well: a lacking
  // permission shows here, before anything is made.
  await isThere(folder).catch(rethrowDenied);
  const made = await missingFolders(folder);
  const prepared = { undo: () => removeEmpty(made) };
  const probe = temporaryPath(folder);
  try {
    await files.mkdir(folder, { recursive: true });
    await files.writeFile(probe, new Uint8Array(1), { createNew: true });
    await removeStale(folder, probe).catch(() => {});
    await files.remove(probe);
  } catch (error) {
    await files.remove(probe).catch(() => {});
    await prepared.undo();
    rethrowDenied(error);
    const inTheWay = fileProblem(error) === "AlreadyExists" ||
      fileProblem(error) === "NotADirectory";
    throw new FailureError(
      `Cannot write to the folder ${folder}: ` +
        (inTheWay
          ? "a file is in the way, a folder is needed"
          : fileTrouble(error)),
      { cause: error },
    );
  }
  return prepared;
}

/** Milliseconds after which nobody writes a file any more that is not locked. */
const staleAfter = 3_600_000;

/**
 * Removes what killed runs have left: temporary files, and folders of runs that
 * had kept nothing yet. They must belong to the same user as a file just written
 * beside them. Where no lock says that they are abandoned they must be older than
 * it by an hour: the file system's own clock and names are asked, since the folder
 * may be another machine's.
 */
async function removeStale(folder: string, probe: string): Promise<void> {
  const { uid, mtime: now } = await files.lstat(probe);
  await removeAbandoned(folder, uid);
  for await (const { name, isFile, isDirectory } of files.readDir(folder)) {
    const half = isFile && isTemporary(name);
    const run = isDirectory && name.endsWith(".run");
    if (!half && !run) continue;
    const path = join(folder, name);
    const { uid: owner, mtime } = await files.lstat(path);
    if (owner !== uid || !now || !mtime) continue;
    if (now.getTime() - mtime.getTime() <= staleAfter) continue;
    if (half) await files.remove(path);
    else await removeEmptyRun(path).catch(() => {});
  }
}

/** Removes the folder of a run that kept nothing, if no process has it. */
async function removeEmptyRun(path: string): Promise<void> {
  const names: string[] = [];
  for await (const { name } of files.readDir(path)) names.push(name);
  const half = names.filter((name) => isTemporary(name));
  const locks: readonly string[] = [lockName, heartbeatName];
  if (names.some((name) => !locks.includes(name) && !half.includes(name))) {
    return;
  }
  const lock = await lockFolder(path);
  for (const name of half) await files.remove(join(path, name));
  await lock.release();
  await files.remove(path);
}

function rethrowDenied(error: unknown): void {
  if (fileProblem(error) === "NotCapable") throw error;
}

/** Removes folders, the deepest first, as far as they are empty. */
async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    try {
      await files.remove(folder);
    } catch (error) {
      // Another program has put something into it: it stays, and those above it. A
      // folder that was not made after all is no reason to stop.
      if (fileProblem(error) !== "NotFound") return;
    }
  }
}

/** Folders on the way to a folder that do not exist yet, the deepest first. */
async function missingFolders(folder: string): Promise<string[]> {
  const missing: string[] = [];
  let path = folder;
  // What may not be looked at is nothing that this run makes.
  while (!await isThere(path).catch(() => true)) {
    missing.push(path);
    const parent = dirname(path);
    if (parent === path) break;
    path = parent;
  }
  return missing;
}
