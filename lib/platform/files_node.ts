/** Files by `node:fs`, for Node and Bun. */
import type { FileInfo, Files } from "./file_types.ts";
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
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesWritten: number }>;
  stat(): Promise<Stats>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** What is used of `node:fs/promises`. */
interface NodeFiles {
  stat(path: string | URL): Promise<Stats>;
  lstat(path: string): Promise<Stats>;
  realpath(path: string): Promise<string>;
  readFile(path: string | URL): Promise<Uint8Array<ArrayBuffer>>;
  open(path: string, flags: string, mode?: number): Promise<Handle>;
  mkdir(path: string, options?: { recursive?: boolean }): Promise<unknown>;
  rm(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  link(from: string, to: string): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  chown(path: string, uid: number, gid: number): Promise<void>;
}

/** The files of this machine. */
export function nodeFiles(): Files {
  const fs = builtin<NodeFiles>("node:fs/promises");
  return {
    stat: async (path) => infoOf(await fs.stat(path)),
    lstat: async (path) => infoOf(await fs.lstat(path)),
    realPath: (path) => fs.realpath(path),
    // Not Node's Buffer, whose methods differ.
    readFile: async (path) => new Uint8Array(await fs.readFile(path)),
    async open(path, { write, createNew, mode }) {
      const flags = write ? createNew ? "wx" : "r+" : "r";
      const handle = await fs.open(path, flags, mode);
      let position = 0;
      return {
        async write(bytes) {
          const { bytesWritten } = await handle
            .write(bytes, 0, bytes.length, position);
          position += bytesWritten;
          return bytesWritten;
        },
        seek: (to) => Promise.resolve(position = to),
        stat: async () => infoOf(await handle.stat()),
        sync: () => handle.sync(),
        close: () => handle.close(),
      };
    },
    mkdir: async (path, options) => void await fs.mkdir(path, options),
    remove: (path) => fs.rm(path),
    rename: (from, to) => fs.rename(from, to),
    link: (from, to) => fs.link(from, to),
    chmod: (path, mode) => fs.chmod(path, mode),
    // -1 leaves it as it is.
    chown: (path, uid, gid) => fs.chown(path, uid ?? -1, gid ?? -1),
  };
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
