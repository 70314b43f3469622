/** One process at a time in a folder. */
import { fileError, fileProblem, files } from "../platform/files.ts";
import { runtime, runtimeText } from "../platform/runtime.ts";
import type { OpenFile } from "../platform/file_types.ts";
import { join } from "../platform/paths.ts";
import { hostName, processId, systemName } from "../platform/system.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { ModelFileError } from "../errors.ts";
import { fileTrouble } from "./atomic.ts";
import {
  type FolderLock,
  heartbeatLock,
  heartbeatName,
  type HeartbeatTimes,
} from "./heartbeat_lock.ts";

/** Name of the file that is locked. */
export const lockName = "lock.json";

export type { FolderLock };

/** How a folder is locked. */
export interface LockOptions {
  /**
   * The one file in the folder that is locked, in place of the whole folder, and
   * what is done with it: "map".
   */
  readonly only?: { readonly file: string; readonly verb: string };
  /**
   * Called with a remark if the file system has no locks, and if another process
   * took the folder later.
   */
  readonly warn?: (message: string) => void;
  /** Locks a file; false if another process has it. Defaults to the system's lock. */
  readonly tryLock?: (file: OpenFile) => Promise<boolean>;
  /** Times of signs of life, where the file system has no locks. */
  readonly times?: Partial<HeartbeatTimes>;
}

/**
 * Locks a folder for this process by a lock of the operating system on a file
 * in it. The system frees the lock however the process ends, so that a file
 * left behind by a killed run is stale and in nobody's way. The file names its
 * owner. Where the file system has no locks, a file whose owner gives signs of
 * life takes their place.
 *
 * Needs read and write permission for the folder.
 *
 * @param folder that exists
 * @returns the lock, to be released
 * @throws {ModelFileError} if another process holds it, with its owner, or the
 *   folder cannot be written
 */
export async function lockFolder(
  folder: string,
  options: LockOptions = {},
): Promise<FolderLock> {
  const { tryLock = systemLock } = options;
  const path = join(folder, nameOf(options));
  // A file that its owner has just removed may be locked: try the new one.
  for (let attempt = 0; attempt < 10; attempt++) {
    const file = await openLock(path, folder);
    try {
      if (!await tryLock(file)) throw inUse(folder, await told(path), options);
      if (await isStillAt(file, path)) {
        await file.truncate();
        await file.write(new TextEncoder().encode(JSON.stringify(owner())));
        return lock(file, path);
      }
    } catch (error) {
      file.close();
      if (error instanceof ModelFileError) throw error;
      if (!hasNoLocks(error)) throw trouble(folder, error);
      return await withoutLocks(folder, options);
    }
    file.close();
  }
  throw new ModelFileError(
    `Cannot use the folder ${folder}: its lock changes hands again and again`,
  );
}

/** The lock of the system, which Deno has and Node and Bun have not. */
async function systemLock(file: OpenFile): Promise<boolean> {
  if (!file.tryLock) {
    throw fileError("NotSupported", `${runtimeText()} has no locks of files`);
  }
  return await file.tryLock(true);
}

/** The system's numbers for "no such function", "no locks", "not supported". */
const unsupported: readonly number[] = systemName() === "darwin"
  ? [45, 77, 78, 102]
  : [37, 38, 95];

/** Whether an error says that a file system has no locks. */
function hasNoLocks(error: unknown): boolean {
  if (fileProblem(error) === "NotSupported") return true;
  const [, code] = /\(os error (\d+)\)/.exec(String(error)) ?? [];
  return unsupported.includes(Number(code));
}

/** Locks a folder by a file whose owner gives signs of life. */
async function withoutLocks(
  folder: string,
  options: LockOptions,
): Promise<FolderLock> {
  const { warn, times } = options;
  const name = options.only
    ? `${nameOf(options)}-${heartbeatName}`
    : heartbeatName;
  try {
    // Of no use here, and it would keep the folder from being removed.
    const path = join(folder, nameOf(options));
    const { size } = await files.stat(path);
    if (size === 0) await files.remove(path);
  } catch {
    // Another process was faster.
  }
  let lock: FolderLock;
  try {
    lock = await heartbeatLock(folder, owner(), {
      inUse: (owner) =>
        inUse(
          folder,
          owner,
          options,
          "; it is freed once that has been silent for long",
        ),
      warn,
      times,
      name,
    });
  } catch (error) {
    if (error instanceof ModelFileError) throw error;
    throw trouble(folder, error);
  }
  // Of a platform without locks it is no news.
  if (runtime !== "deno") return lock;
  warn?.(
    `the file system of ${folder} has no locks: ${name} there says ` +
      "who uses the folder",
  );
  return lock;
}

function inUse(
  folder: string,
  owner: Readonly<Record<string, unknown>>,
  { only }: LockOptions,
  when = "",
): ModelFileError {
  const what = only
    ? `${only.verb} ${join(folder, only.file)}`
    : `use the folder ${folder}`;
  return new ModelFileError(
    `Cannot ${what}: it is in use by ${ownerText(owner)}; ` +
      `allowed is one run at a time${when}`,
  );
}

/** Name of the file that is locked, in the folder. */
function nameOf({ only }: LockOptions): string {
  return only ? `.${only.file}.${only.verb}-${lockName}` : lockName;
}

async function openLock(path: string, folder: string): Promise<OpenFile> {
  try {
    return await files.open(path, { read: true, write: true, create: true });
  } catch (error) {
    if (fileProblem(error) === "NotCapable") throw error;
    throw trouble(folder, error);
  }
}

function trouble(folder: string, error: unknown): ModelFileError {
  return new ModelFileError(
    `Cannot lock the folder ${folder}: ${fileTrouble(error)}`,
    { cause: error },
  );
}

function lock(file: OpenFile, path: string): FolderLock {
  let held = true;
  async function release() {
    if (!held) return;
    held = false;
    // Removed while locked: nobody else can have taken it by then.
    await files.remove(path).catch(() => {});
    file.close();
  }
  return { release, [Symbol.asyncDispose]: release };
}

async function isStillAt(file: OpenFile, path: string): Promise<boolean> {
  try {
    const [opened, named] = [await file.stat(), await files.stat(path)];
    return opened.ino === named.ino && opened.dev === named.dev;
  } catch (error) {
    if (fileProblem(error) === "NotFound") return false;
    throw error;
  }
}

/** What other processes are told; the host only where that is permitted. */
function owner() {
  const host = hostName();
  return {
    pid: processId(),
    ...(host === undefined ? {} : { host }),
    since: new Date().toISOString(),
  };
}

/**
 * What the file says of its owner. One that has just taken the lock writes in a
 * moment: it is waited for.
 */
async function told(path: string): Promise<Record<string, unknown>> {
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      return JSON.parse((await files.readTextFile(path)).slice(0, 1000)) ?? {};
    } catch (error) {
      // Removed by its owner, who is done.
      if (fileProblem(error) === "NotFound") break;
    }
    await sleep(25);
  }
  return {};
}

function ownerText(
  { pid, host, since, heartbeat }: Readonly<Record<string, unknown>>,
): string {
  return [
    Number.isInteger(pid) ? `process ${pid}` : "another process",
    typeof host === "string" ? `on ${clean(host)}` : "",
    typeof since === "string" ? `since ${clean(since)}` : "",
    typeof heartbeat === "string"
      ? `(last sign of life ${clean(heartbeat)})`
      : "",
  ].filter((part) => part !== "").join(" ");
}

/** Nothing that a terminal would obey. */
function clean(text: string): string {
  return text.replace(/[^\w.:-]/g, "").slice(0, 100);
}
