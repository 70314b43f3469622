/**
 * Files that are being written: hidden, under names of their own. The system
 * knows by a lock that one is in use, and frees it however the process ends, so
 * that what a killed process has left is told from what another one is writing.
 */
import type { OpenFile } from "../platform/file_types.ts";
import { files, isThere } from "../platform/files.ts";
import { join } from "../platform/paths.ts";
import { runtime } from "../platform/runtime.ts";
import { systemName } from "../platform/system.ts";

/** What tells a file that is locked while it is written. */
const heldEnding = ".held";

const pattern = /^\.spikernn-[0-9a-f-]{36}(\.held)?\.tmp$/;

/**
 * The path of a temporary file in a folder that is written at once, or claims a
 * name.
 *
 * @param id in its name. Defaults to one of its own
 */
export function temporaryPath(
  folder: string,
  id: string = crypto.randomUUID(),
): string {
  return join(folder, `.spikernn-${id}.tmp`);
}

/** Whether a name is that of a file that is being written, or was. */
export function isTemporary(name: string): boolean {
  return pattern.test(name);
}

/** A temporary file that is open. */
export interface TemporaryFile {
  readonly path: string;
  /** Locked until it is closed, if the file system has locks. */
  readonly file: OpenFile;
}

/**
 * Makes a temporary file in a folder.
 *
 * @param mode who may do what with it; absent: the usual
 */
export async function openTemporary(
  folder: string,
  mode?: number,
): Promise<TemporaryFile> {
  const options = { read: true, write: true, createNew: true, mode };
  // Windows lets nobody read a locked file, and it is locked under its last name.
  let locks = runtime === "deno" && systemName() !== "windows";
  while (true) {
    const id = crypto.randomUUID() + (locks ? heldEnding : "");
    const path = temporaryPath(folder, id);
    const file = await files.open(path, options);
    if (!locks) return { path, file };
    const held = await lock(file);
    if (held && await isThere(path)) return { path, file };
    // There are no locks here, or whoever tidies up was faster.
    await file.close();
    await files.remove(path).catch(() => {});
    if (held === undefined) locks = false;
  }
}

/**
 * Removes from a folder what this user's killed processes have left there.
 *
 * @param uid the user
 */
export async function removeAbandoned(
  folder: string,
  uid: number | null,
): Promise<void> {
  for await (const { name, isFile } of files.readDir(folder)) {
    if (!isFile || pattern.exec(name)?.[1] === undefined) continue;
    await removeIfFree(join(folder, name), uid).catch(() => {});
  }
}

async function removeIfFree(path: string, uid: number | null): Promise<void> {
  if ((await files.lstat(path)).uid !== uid) return;
  const file = await files.open(path, { read: true, write: true });
  try {
    if (await lock(file)) await files.remove(path);
  } finally {
    await file.close();
  }
}

/** Locks a file; false if another process has it, undefined without locks. */
async function lock(file: OpenFile): Promise<boolean | undefined> {
  try {
    return await file.tryLock?.(true);
  } catch {
    return undefined;
  }
}
