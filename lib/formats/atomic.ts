/** Writing a file so that a reader sees the old one or the new one, never half of one. */
import { basename, dirname, join } from "node:path";
import { ModelFileError } from "../errors.ts";

/** What the system says when a file cannot be written or read, in our words. */
export function fileTrouble(error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) {
    return `Deno was not permitted it (${error.message.split("\n")[0]})`;
  }
  if (error instanceof Deno.errors.NotFound) {
    return "it does not exist, or its folder does not";
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return "the user may not do that there";
  }
  if (error instanceof Deno.errors.NotADirectory) {
    return "a part of its path is a file, not a folder";
  }
  if (error instanceof Deno.errors.IsADirectory) {
    return "it is a folder, name a file in it";
  }
  const message = error instanceof Error ? error.message : String(error);
  const known: readonly [RegExp, string][] = [
    [/os error 28\b/, "the disk is full"],
    [/os error 122\b/, "the disk quota is used up"],
    [/os error 30\b/, "the file system is read-only"],
    [/os error 36\b/, "its name is too long"],
  ];
  return known.find(([pattern]) => pattern.test(message))?.[1] ?? message;
}

/**
 * Writes a file whole or not at all: into a temporary file beside it, synced to
 * disk, then renamed over it. Whatever goes wrong, the old file stays as it was
 * and the temporary file is removed. A symbolic link is replaced, not followed.
 *
 * Needs read and write permission for the file's folder.
 *
 * @throws {ModelFileError} if the folder is missing, read-only or full, or the
 * path is a folder
 */
export async function writeAtomic(
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  const folder = dirname(path);
  // A short name of its own: the file's own name may be as long as allowed.
  const temporary = join(folder, `.spikernn-${crypto.randomUUID()}.tmp`);
  try {
    if (basename(path) === "" || await isFolder(path)) {
      throw new Deno.errors.IsADirectory("is a folder");
    }
    try {
      await writeSynced(temporary, bytes);
      await Deno.rename(temporary, path);
    } catch (error) {
      await Deno.remove(temporary).catch(() => {});
      throw error;
    }
    await syncFolder(folder);
  } catch (error) {
    throw new ModelFileError(
      `Cannot write ${JSON.stringify(path)}: ${fileTrouble(error)}`,
      { cause: error },
    );
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.lstat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  for (let at = 0; at < bytes.length;) {
    at += await file.write(bytes.subarray(at));
  }
  await file.sync();
}

/** Makes the renaming itself last through a power cut, where the system can do that. */
async function syncFolder(folder: string): Promise<void> {
  try {
    using file = await Deno.open(folder, { read: true });
    await file.sync();
  } catch {
    // Windows and some network file systems cannot sync a folder.
  }
}
