/**
 * A lock for file systems that have none of their own (Lustre without flock,
 * some NFS): a file whose existence is the lock. Its owner writes it again and
 * again; one that is not written any more is stale.
 */
import { fileProblem, files } from "../platform/files.ts";
import type { OpenFile } from "../platform/file_types.ts";
import { join } from "../platform/paths.ts";
import { hostName, may, systemName, unrefTimer } from "../platform/system.ts";
import type { ModelFileError } from "../errors.ts";
import { temporaryPath } from "./temporary.ts";

/** A folder that no other process may use. */
export interface FolderLock extends AsyncDisposable {
  /** Frees the folder; the file is removed. */
  release(): Promise<void>;
}

/** Name of the file that is the lock. */
export const heartbeatName = "lock-owner.json";

/** How often a sign of life is given, and after which silence a lock is stale. */
export interface HeartbeatTimes {
  /** From one sign to the next, in ms. Defaults to 15,000. */
  readonly beat: number;
  /** Silence after which an owner counts as gone, in ms. Defaults to 600,000. */
  readonly stale: number;
  /** The same for an owner on this host whose process is gone. Defaults to 60,000. */
  readonly gone: number;
}

const usualTimes: HeartbeatTimes = {
  beat: 15_000,
  stale: 600_000,
  gone: 60_000,
};

/** Who has a lock, as its file says. */
type Owner = Readonly<Record<string, unknown>>;

/**
 * Takes a folder by making a file that must not exist yet, or in place of one
 * whose owner gave no sign of life for long. Times are those of the file
 * system's clock: hosts may differ in theirs.
 *
 * @param folder that exists
 * @param owner what the file says of this process
 * @param options `inUse` makes the error for a folder that is in use, from what
 *   the file says; `warn` is told if another process took the lock away; `name`
 *   is the file's, and defaults to `lock-owner.json`
 * @throws what `inUse` gives, and what the system says of the folder
 */
export async function heartbeatLock(
  folder: string,
  owner: Owner,
  options: {
    readonly inUse: (owner: Owner) => ModelFileError;
    readonly warn?: (message: string) => void;
    readonly times?: Partial<HeartbeatTimes>;
    readonly name?: string;
  },
): Promise<FolderLock> {
  const path = join(folder, options.name ?? heartbeatName);
  const times = { ...usualTimes, ...options.times };
  const id = crypto.randomUUID();
  let file = await createNew(path);
  if (!file && await isStale(folder, path, times)) {
    file = await takeOver(folder, path, times);
  }
  if (!file) throw options.inUse(await read(path));
  const opened = file;

  async function beat(): Promise<void> {
    const heartbeat = new Date().toISOString();
    // As long as before: a reader never finds the rest of an older one.
    const text = JSON.stringify({ ...owner, heartbeat, id }) + "\n";
    await opened.seek(0, 0);
    await opened.write(new TextEncoder().encode(text));
    await opened.sync();
  }

  try {
    await beat();
  } catch (error) {
    opened.close();
    await files.remove(path).catch(() => {});
    throw error;
  }
  let held = true;
  let beating: Promise<void> | undefined;

  async function sign(): Promise<void> {
    const now = await read(path);
    if (!held) return;
    if (now.id === id) return await beat();
    // What is being written, or cannot be read now, is no other's.
    if (now.id === undefined) return;
    clearInterval(timer);
    options.warn?.(
      `the folder ${folder} was taken by another process, since this one ` +
        "gave no sign of life for long",
    );
  }
  const timer = setInterval(() => {
    beating ??= sign().catch(() => {
      // The next sign may succeed; without any the lock becomes stale.
    }).finally(() => beating = undefined);
  }, times.beat);
  // A lock keeps no process from ending.
  unrefTimer(timer);

  async function release(): Promise<void> {
    if (!held) return;
    held = false;
    clearInterval(timer);
    await beating;
    opened.close();
    if ((await read(path)).id === id) await files.remove(path).catch(() => {});
  }
  return { release, [Symbol.asyncDispose]: release };
}

/** Makes the file; undefined if it exists. */
async function createNew(path: string): Promise<OpenFile | undefined> {
  try {
    return await files.open(path, { read: true, write: true, createNew: true });
  } catch (error) {
    if (fileProblem(error) === "AlreadyExists") return undefined;
    throw error;
  }
}

/**
 * Replaces a stale lock. Whoever does so has made a second file: two processes
 * that find the same lock stale must not remove each other's new one.
 */
async function takeOver(
  folder: string,
  path: string,
  times: HeartbeatTimes,
): Promise<OpenFile | undefined> {
  const claim = `${path}.takeover`;
  const claimed = await createNew(claim);
  if (!claimed) {
    // Left by a process that was killed in the next few lines.
    if (await ageOf(folder, claim) > times.stale) {
      await files.remove(claim).catch(() => {});
    }
    return undefined;
  }
  claimed.close();
  try {
    if (!await isStale(folder, path, times)) return undefined;
    await files.remove(path).catch(() => {});
    return await createNew(path);
  } finally {
    await files.remove(claim).catch(() => {});
  }
}

/** Whether the owner of a lock is gone. */
async function isStale(
  folder: string,
  path: string,
  times: HeartbeatTimes,
): Promise<boolean> {
  const age = await ageOf(folder, path);
  if (age > times.stale) return true;
  return age > times.gone && await isGone(await read(path));
}

/** Milliseconds since a file was written, by the clock of its file system. */
async function ageOf(folder: string, path: string): Promise<number> {
  const probe = temporaryPath(folder);
  await files.writeFile(probe, new Uint8Array(1), { createNew: true });
  try {
    const { mtime: now } = await files.stat(probe);
    const { mtime } = await files.stat(path);
    return now && mtime ? now.getTime() - mtime.getTime() : 0;
  } catch (error) {
    // Freed at this moment: it is not stale but gone, and can be taken next time.
    if (fileProblem(error) === "NotFound") return 0;
    throw error;
  } finally {
    await files.remove(probe).catch(() => {});
  }
}

/** Whether an owner was a process of this host that does not run any more. */
async function isGone({ pid, host }: Owner): Promise<boolean> {
  if (systemName() !== "linux" || !Number.isSafeInteger(pid)) return false;
  const process = `/proc/${pid}`;
  const here = hostName();
  if (here === undefined || here !== host || !may("read", process)) {
    return false;
  }
  try {
    await files.stat(process);
    return false;
  } catch (error) {
    return fileProblem(error) === "NotFound";
  }
}

/** What a lock's file says; nothing if it is being written, or was removed. */
async function read(path: string): Promise<Owner> {
  try {
    const value = JSON.parse((await files.readTextFile(path)).slice(0, 1000));
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
