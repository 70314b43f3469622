/** Writing a file so that a reader sees the old one or the new one, never half of one. */
import { ModelFileError } from "../errors.ts";
import type { FileInfo, OpenFile } from "../platform/file_types.ts";
import { fileError, fileProblem, files, lstatOf } from "../platform/files.ts";
import { sha256 } from "../platform/hash.ts";
import { basename, dirname } from "../platform/paths.ts";
import { openTemporary, removeAbandoned, temporaryPath } from "./temporary.ts";
import { fileTrouble } from "./trouble.ts";

export { fileTrouble };

/** What a file is to hold: its bytes, or what writes them piece by piece. */
export type FileContent = Uint8Array | ((file: OpenFile) => Promise<void>);

/** How a file is written. */
export interface WriteOptions {
  /**
   * Whether a symbolic link stays and its target is written, if it has one;
   * else the link is replaced. Only for a path that a person has named: whoever
   * may write to a shared folder could lay a link under a name that we choose.
   * Defaults to false.
   */
  readonly follow?: boolean;
}

/**
 * Writes a file whole or not at all: into a temporary file beside it, synced to
 * disk, then renamed over it. Whatever goes wrong, the old file stays as it was
 * and the temporary file is removed; that of a process that was killed is, by the
 * first one that writes into the folder afterwards. The new file has the old one's permissions,
 * and its group and owner as far as the user may give them.
 *
 * Needs read and write permission for the file's folder.
 *
 * @throws {ModelFileError} if the folder is missing, read-only or full, or the
 * path is a folder
 */
export async function writeAtomic(
  path: string,
  bytes: Uint8Array,
  { follow = false }: WriteOptions = {},
): Promise<void> {
  await saying(path, async () => {
    const place = follow ? await targetOf(path) : path;
    await checkReplaceable(place);
    await throughTemporary(place, bytes, async (temporary) => {
      await files.rename(temporary, place);
    });
  });
}

/**
 * Writes a new file whole or not at all, and never over another one: where the
 * name is taken, the file gets `_2`, `_3`, … before its ending. The name is
 * taken at the moment at which the whole file appears under it, so that
 * processes that write at the same time each get a name of their own, and
 * readers never see a part.
 *
 * Needs read and write permission for the file's folder.
 *
 * @param link what gives a file a second name and fails if that name is taken.
 *   Defaults to that of the file system
 * @returns the path that was written
 * @throws {ModelFileError} if the folder is missing, read-only or full
 */
export async function writeFree(
  path: string,
  bytes: Uint8Array,
  link: (from: string, to: string) => Promise<void> = files.link,
): Promise<string> {
  return await saying(path, async () => {
    if (basename(path) === "") {
      throw fileError("IsADirectory", "is a folder");
    }
    let taken = path;
    await throughTemporary(path, bytes, async (temporary) => {
      for (let n = 1;; n++) {
        taken = numbered(path, n);
        if (await takeName(temporary, taken, link)) return;
      }
    });
    return taken;
  });
}

/**
 * Makes a new folder, with `_2`, `_3`, … before its ending where the name is
 * taken: no two processes are given the same one.
 *
 * @param path whose parent exists
 * @returns the path of the folder
 */
export async function makeFreeFolder(path: string): Promise<string> {
  for (let n = 1;; n++) {
    const candidate = numbered(path, n);
    try {
      await files.mkdir(candidate);
      return candidate;
    } catch (error) {
      if (fileProblem(error) !== "AlreadyExists") throw error;
    }
  }
}

/** What tells a file from one that is put in its place, or written anew. */
export type Mark = Pick<FileInfo, "ino" | "dev" | "size"> & {
  /** When it was written, ms. */
  readonly written: number;
};

/**
 * The mark of the file at a path, or that its link leads to, or of a link that
 * leads to none; undefined if there is nothing.
 */
export async function markOf(path: string): Promise<Mark | undefined> {
  try {
    const file = await files.stat(path).catch(() => files.lstat(path));
    const { ino, dev, size, mtime } = file;
    return { ino, dev, size, written: mtime?.getTime() ?? 0 };
  } catch (error) {
    if (fileProblem(error) === "NotCapable") throw error;
    // What else is wrong with the path is said when it is written.
    return undefined;
  }
}

/**
 * Writes a file whole or not at all: over the one that was there before, or, if
 * another run has put one there since, under a free name beside it (`_2`, `_3`,
 * … before its ending). Of a symbolic link the target is written.
 *
 * Needs read and write permission for the file's folder.
 *
 * @param content its bytes, or what writes them into a hidden file beside it,
 *   whose errors are thrown on as they are
 * @param before the mark of what may be written over; undefined if nothing may
 * @returns the path that was written
 * @throws {ModelFileError} if the folder is missing, read-only or full
 */
export async function writeOver(
  path: string,
  content: FileContent,
  before: Mark | undefined,
): Promise<string> {
  const place = await targetOf(path);
  let taken = place;
  await saying(path, async () => {
    if (before) await checkReplaceable(place);
    await throughTemporary(place, content, async (temporary) => {
      if (before && await replace(temporary, place, before)) return;
      for (let n = before ? 2 : 1;; n++) {
        taken = numbered(place, n);
        if (await takeName(temporary, taken, files.link)) return;
      }
    });
  });
  return taken === place ? path : taken;
}

/**
 * Renames a file over one that is still as it was. Of several processes that
 * would do so one may: whoever has made a hidden file whose name follows from
 * the old file, which is named as temporary files are.
 *
 * @returns false if the old file is another one by now, or will be
 */
async function replace(
  temporary: string,
  path: string,
  before: Mark,
): Promise<boolean> {
  const claim = await claimOf(path, JSON.stringify(before));
  try {
    await (await files.open(claim, { write: true, createNew: true })).close();
  } catch (error) {
    if (fileProblem(error) === "AlreadyExists") return false;
    throw error;
  }
  try {
    if (JSON.stringify(await markOf(path)) !== JSON.stringify(before)) {
      return false;
    }
    await files.rename(temporary, path);
    return true;
  } finally {
    await files.remove(claim).catch(() => {});
  }
}

/** A hidden file beside a path, named as temporary files are. */
async function claimOf(path: string, about = ""): Promise<string> {
  const hash = await sha256(basename(path) + about);
  const uuid = hash.slice(0, 32).replace(
    /^(.{8})(.{4})(.{4})(.{4})/,
    "$1-$2-$3-$4-",
  );
  return temporaryPath(dirname(path), uuid);
}

/** The nth name to try: `a.mat`, `a_2.mat`, `a_3.mat`, … */
function numbered(path: string, n: number): string {
  return n === 1 ? path : path.replace(/(\.\w+)?$/, `_${n}$1`);
}

/** Does some work on a file, and says of what goes wrong which file it was. */
async function saying<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new ModelFileError(
      `Cannot write ${JSON.stringify(path)}: ${fileTrouble(error)}`,
      { cause: error },
    );
  }
}

/** Folders in which this process has looked for what killed ones have left. */
const tidied = new Set<string>();

/** Writes a temporary file beside a path, puts it in place, and syncs the folder. */
async function throughTemporary(
  path: string,
  content: FileContent,
  put: (temporary: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(path);
  const old = await ownership(path);
  // Nobody who may not read the old file may read the new one for a moment. The
  // name is short: the file's own may be as long as allowed.
  const { path: temporary, file } = await openTemporary(
    folder,
    old && old.mode! & 0o700,
  );
  try {
    await writeSynced(file, temporary, content, old);
    if (!tidied.has(folder)) {
      tidied.add(folder);
      const { uid } = await file.stat();
      await removeAbandoned(folder, uid).catch(() => {});
    }
    // Open until it has its name: another process would take it for abandoned.
    await put(temporary);
  } catch (error) {
    await files.remove(temporary).catch(() => {});
    throw error;
  } finally {
    await file.close();
  }
  await syncFolder(folder);
}

/**
 * Gives a temporary file a name that nothing has yet.
 *
 * @returns false if the name is taken; else the temporary name is gone
 */
async function takeName(
  temporary: string,
  path: string,
  link: (from: string, to: string) => Promise<void>,
): Promise<boolean> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (fileProblem(error) === "NotCapable") throw error;
    if (fileProblem(error) !== "AlreadyExists") {
      // FAT and some network file systems have no links.
      return await renameFree(temporary, path);
    }
    // Where an answer was lost, a network file system may try twice itself.
    if (!await areSame(temporary, path)) return false;
  }
  await files.remove(temporary);
  return true;
}

/**
 * Renames a file to a name that nothing has yet, without links. Who may look
 * whether the name is free, and rename, is whoever has made a hidden file whose
 * name follows from it; it is named as temporary files are, so that those of
 * killed processes are removed with them.
 */
async function renameFree(temporary: string, path: string): Promise<boolean> {
  const claim = await claimOf(path);
  try {
    await (await files.open(claim, { write: true, createNew: true })).close();
  } catch (error) {
    if (fileProblem(error) === "AlreadyExists") return false;
    throw error;
  }
  try {
    if (await lstatOf(path)) return false;
    await files.rename(temporary, path);
    return true;
  } finally {
    await files.remove(claim).catch(() => {});
  }
}

async function areSame(a: string, b: string): Promise<boolean> {
  const [one, other] = [await lstatOf(a), await lstatOf(b)];
  return one?.ino != null && one.ino === other?.ino && one.dev === other.dev;
}

/** The file that a symbolic link leads to; the path itself if it leads to none. */
export async function targetOf(path: string): Promise<string> {
  if (!(await lstatOf(path))?.isSymlink) return path;
  try {
    return await files.realPath(path);
  } catch (error) {
    if (fileProblem(error) === "NotFound") return path;
    throw error;
  }
}

/** Renaming would put a file in the place of a device, a pipe or a socket. */
async function checkReplaceable(path: string): Promise<void> {
  const old = basename(path) === "" ? undefined : await lstatOf(path);
  if (basename(path) === "" || old?.isDirectory) {
    throw fileError("IsADirectory", "is a folder");
  }
  if (old && !old.isFile && !old.isSymlink) {
    throw new Error("it is a device, a pipe or a socket, name a file");
  }
}

/** Who may do what with a file, which one that replaces it is to inherit. */
type Ownership = Pick<FileInfo, "mode" | "uid" | "gid">;

async function ownership(path: string): Promise<Ownership | undefined> {
  const old = await lstatOf(path);
  // Windows has no modes.
  return old?.isFile && old.mode !== null ? old : undefined;
}

async function writeSynced(
  file: OpenFile,
  path: string,
  content: FileContent,
  old: Ownership | undefined,
): Promise<void> {
  if (content instanceof Uint8Array) await writeAll(file, content);
  else await content(file);
  if (old) await inherit(path, await file.stat(), old);
  await file.sync();
}

/** Writes bytes into an open file, however many calls that takes. */
export async function writeAll(
  file: Pick<OpenFile, "write">,
  bytes: Uint8Array,
): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await file.write(bytes.subarray(at));
  }
}

/** Gives a new file the permissions of the old one. */
async function inherit(
  path: string,
  made: Ownership,
  { mode, uid, gid }: Ownership,
): Promise<void> {
  const give = async (toUser: number | null, toGroup: number | null) => {
    try {
      await files.chown(path, toUser, toGroup);
      return true;
    } catch {
      return false;
    }
  };
  // Only a superuser gives files away; a group, whoever belongs to it.
  if (made.uid !== uid) await give(uid, null);
  const same = made.gid === gid || await give(null, gid);
  const others = mode! & 0o007;
  // What one group may do, another one may not.
  const allowed = same ? mode! & 0o7777 : mode! & 0o7707 | others << 3;
  try {
    await files.chmod(path, allowed);
  } catch {
    // Some file systems have the same permissions for all files.
  }
}

/** Makes the renaming itself last through a power cut, where the system can do that. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const file = await files.open(folder, { read: true });
    await file.sync().finally(() => file.close());
  } catch {
    // Windows and some network file systems cannot sync a folder.
  }
}
