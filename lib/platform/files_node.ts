/** Files by `node:fs`, for Node and Bun. */
import type { FileInfo, Files, FolderEntry } from "./file_types.ts";
import { builtin } from "./runtime.ts";

/** What is used of Node's `Stats`. */
interface Stats {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
  readonly size: number;
  readonly mtime: Date;
  readonly ino: number;
  readonly dev: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** What is used of Node's `FileHandle`. */
interface Handle {
  readonly fd: number;
  read(
    into: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesRead: number }>;
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesWritten: number }>;
  stat(): Promise<Stats>;
  truncate(length?: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** What is used of `node:fs`. */
interface NodeFilesAtOnce {
  readSync(
    fd: number,
    into: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): number;
  writeSync(
    fd: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): number;
}

/** What is used of Node's `Dirent`. */
interface Dirent {
  readonly name: string;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** What is used of `node:fs/promises`. */
interface NodeFiles {
  stat(path: string | URL): Promise<Stats>;
  lstat(path: string): Promise<Stats>;
  realpath(path: string): Promise<string>;
  readFile(path: string | URL): Promise<Uint8Array<ArrayBuffer>>;
  open(path: string, flags: string, mode?: number): Promise<Handle>;
  mkdir(path: string, options?: { recursive?: boolean }): Promise<unknown>;
  writeFile(
    path: string,
    bytes: Uint8Array,
    options: { flag: string },
  ): Promise<void>;
  opendir(path: string): Promise<AsyncIterable<Dirent>>;
  mkdtemp(prefix: string): Promise<string>;
  rm(path: string, options?: { recursive?: boolean }): Promise<void>;
  rmdir(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  link(from: string, to: string): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  chown(path: string, uid: number, gid: number): Promise<void>;
}

/** The files of this machine. */
export function nodeFiles(): Files {
  const fs = builtin<NodeFiles>("node:fs/promises");
  const atOnce = builtin<NodeFilesAtOnce>("node:fs");
  return {
    stat: async (path) => infoOf(await fs.stat(path)),
    lstat: async (path) => infoOf(await fs.lstat(path)),
    realPath: (path) => fs.realpath(path),
    // Not Node's Buffer, whose methods differ.
    readFile: async (path) => new Uint8Array(await fs.readFile(path)),
    readTextFile: async (path) =>
      new TextDecoder().decode(await fs.readFile(path)),
    writeFile: (path, bytes, { createNew } = {}) =>
      fs.writeFile(path, bytes, { flag: createNew ? "wx" : "w" }),
    readDir: (path) => entries(fs, path),
    makeTempDir({ prefix }) {
      const { tmpdir } = builtin<{ tmpdir(): string }>("node:os");
      return fs.mkdtemp(`${tmpdir()}/${prefix}`);
    },
    async open(path, { write, create, createNew, mode }) {
      const handle = await openFile(fs, path, {
        flags: write ? createNew ? "wx+" : "r+" : "r",
        create: create === true,
        mode,
      });
      let position = 0;
      return {
        async write(bytes) {
          const { bytesWritten } = await handle
            .write(bytes, 0, bytes.length, position);
          position += bytesWritten;
          return bytesWritten;
        },
        async read(into) {
          const { bytesRead } = await handle
            .read(into, 0, into.length, position);
          position += bytesRead;
          return bytesRead === 0 && into.length > 0 ? null : bytesRead;
        },
        writeSync(bytes) {
          const written = atOnce
            .writeSync(handle.fd, bytes, 0, bytes.length, position);
          position += written;
          return written;
        },
        readSync(into) {
          const read = atOnce
            .readSync(handle.fd, into, 0, into.length, position);
          position += read;
          return read === 0 && into.length > 0 ? null : read;
        },
        truncate: (length) => handle.truncate(length),
        seek: (to) => Promise.resolve(position = to),
        seekSync: (to) => position = to,
        stat: async () => infoOf(await handle.stat()),
        sync: () => handle.sync(),
        close: () => handle.close(),
      };
    },
    mkdir: async (path, options) => void await fs.mkdir(path, options),
    async remove(path, { recursive = false } = {}) {
      // As Deno does: an empty folder is removed like a file.
      if (recursive) return await fs.rm(path, { recursive });
      const isFolder = (await fs.lstat(path)).isDirectory();
      await (isFolder ? fs.rmdir(path) : fs.rm(path));
    },
    rename: (from, to) => fs.rename(from, to),
    link: (from, to) => fs.link(from, to),
    chmod: (path, mode) => fs.chmod(path, mode),
    // -1 leaves it as it is.
    chown: (path, uid, gid) => fs.chown(path, uid ?? -1, gid ?? -1),
  };
}

async function* entries(
  fs: NodeFiles,
  path: string,
): AsyncGenerator<FolderEntry> {
  for await (const entry of await fs.opendir(path)) {
    yield {
      name: entry.name,
      isFile: entry.isFile(),
      isDirectory: entry.isDirectory(),
      isSymlink: entry.isSymbolicLink(),
    };
  }
}

/** Node has no flag for "make it if it is not there, and keep what is in it". */
async function openFile(
  fs: NodeFiles,
  path: string,
  { flags, create, mode }: { flags: string; create: boolean; mode?: number },
): Promise<Handle> {
  try {
    return await fs.open(path, flags, mode);
  } catch (error) {
    if (!create || (error as { code?: string }).code !== "ENOENT") throw error;
  }
  try {
    return await fs.open(path, "wx+", mode);
  } catch (error) {
    // Another process was faster: the file is there now.
    if ((error as { code?: string }).code !== "EEXIST") throw error;
    return await fs.open(path, flags, mode);
  }
}

function infoOf(stats: Stats): FileInfo {
  const { size, mtime, ino, dev, mode, uid, gid } = stats;
  return {
    isFile: stats.isFile(),
    isDirectory: stats.isDirectory(),
    isSymlink: stats.isSymbolicLink(),
    ...{ size, mtime, ino, dev, mode, uid, gid },
  };
}
