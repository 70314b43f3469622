/** One process at a time in a folder. */
import { join } from "node:path";
import { ModelFileError } from "../errors.ts";
import { fileTrouble } from "./atomic.ts";

/** Name of the file that is locked. */
export const lockName = "lock.json";

/** A folder that no other process may use. */
export interface FolderLock extends AsyncDisposable {
  /** Frees the folder; the file is removed. */
  release(): Promise<void>;
}

/**
 * Locks a folder for this process by a lock of the operating system on a file
 * in it. The system frees the lock however the process ends, so that a file
 * left behind by a killed run is stale and in nobody's way. The file names its
 * owner.
 *
 * Needs read and write permission for the folder.
 *
 * @param folder that exists
 * @returns the lock, to be released
 * @throws {ModelFileError} if another process holds it, with its owner, or the
 *   folder cannot be written
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, lockName);
  // A file that its owner has just removed may be locked: try the new one.
  for (let attempt = 0; attempt < 10; attempt++) {
    const file = await openLock(path, folder);
    try {
      if (!await file.tryLock(true)) {
        throw new ModelFileError(
          `Cannot use the folder ${folder}: it is in use by ${await ownerOf(
            path,
          )}; allowed is one run at a time`,
        );
      }
      if (await isStillAt(file, path)) {
        await file.truncate();
        await file.write(new TextEncoder().encode(JSON.stringify(owner())));
        return lock(file, path);
      }
    } catch (error) {
      file.close();
      if (error instanceof ModelFileError) throw error;
      throw trouble(folder, error);
    }
    file.close();
  }
  throw new ModelFileError(
    `Cannot use the folder ${folder}: its lock changes hands again and again`,
  );
}

async function openLock(path: string, folder: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { read: true, write: true, create: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw trouble(folder, error);
  }
}

function trouble(folder: string, error: unknown): ModelFileError {
  return new ModelFileError(
    `Cannot lock the folder ${folder}: ${fileTrouble(error)}`,
    { cause: error },
  );
}

function lock(file: Deno.FsFile, path: string): FolderLock {
  let held = true;
  async function release() {
    if (!held) return;
    held = false;
    // Removed while locked: nobody else can have taken it by then.
    await Deno.remove(path).catch(() => {});
    file.close();
  }
  return { release, [Symbol.asyncDispose]: release };
}

async function isStillAt(file: Deno.FsFile, path: string): Promise<boolean> {
  try {
    const [opened, named] = [await file.stat(), await Deno.stat(path)];
    return opened.ino === named.ino && opened.dev === named.dev;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** What other processes are told; the host only where that is permitted. */
function owner() {
  const { state } = Deno.permissions.querySync({
    name: "sys",
    kind: "hostname",
  });
  return {
    pid: Deno.pid,
    ...(state === "granted" ? { host: Deno.hostname() } : {}),
    since: new Date().toISOString(),
  };
}

async function ownerOf(path: string): Promise<string> {
  let told: Record<string, unknown> = {};
  try {
    told = JSON.parse((await Deno.readTextFile(path)).slice(0, 1000)) ?? {};
  } catch {
    // Removed or half written at this moment.
  }
  const { pid, host, since } = told;
  return [
    Number.isInteger(pid) ? `process ${pid}` : "another process",
    typeof host === "string" ? `on ${clean(host)}` : "",
    typeof since === "string" ? `since ${clean(since)}` : "",
  ].filter((part) => part !== "").join(" ");
}

/** Nothing that a terminal would obey. */
function clean(text: string): string {
  return text.replace(/[^\w.:-]/g, "").slice(0, 100);
}
