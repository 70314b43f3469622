/**
 * What can be done with files, under the names that Deno has for it: its own
 * functions satisfy the interface.
 */

/** What is known of a file; null is what the system does not say. */
export interface FileInfo {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
  readonly size: number;
  readonly mtime: Date | null;
  readonly ino: number | null;
  readonly dev: number;
  readonly mode: number | null;
  readonly uid: number | null;
  readonly gid: number | null;
}

/** A file or a folder in a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
}

/** A file that is open. */
export interface OpenFile {
  /** Reads some bytes into an array, and says how many; null at the end. */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes some of the bytes, and says how many. */
  write(bytes: Uint8Array): Promise<number>;
  /** Where the next bytes go, counted from the file's start (`whence` 0). */
  seek(position: number, whence: 0): Promise<number>;
  stat(): Promise<FileInfo>;
  /** `read`, `write` and `seek` at once, for libraries that cannot wait. */
  readSync(into: Uint8Array): number | null;
  writeSync(bytes: Uint8Array): number;
  seekSync(position: number, whence: 0): number;
  /** Cuts the file to a length, or makes it longer. Defaults to 0. */
  truncate(length?: number): Promise<void>;
  /**
   * Locks the file by the system, and says whether it could: another process may
   * have it. Absent if the platform has no locks.
   */
  tryLock?(exclusive: true): Promise<boolean>;
  /** Writes to disk what the system holds back. */
  sync(): Promise<void>;
  close(): void | Promise<void>;
}

/** How a file is opened. */
export interface OpenFileOptions {
  readonly read?: boolean;
  readonly write?: boolean;
  /** Makes the file if there is none. */
  readonly create?: boolean;
  /** Fails if there is a file of that name. */
  readonly createNew?: boolean;
  readonly mode?: number;
}

/** What can be done with files. */
export interface Files {
  stat(path: string | URL): Promise<FileInfo>;
  lstat(path: string): Promise<FileInfo>;
  realPath(path: string): Promise<string>;
  readFile(path: string | URL): Promise<Uint8Array<ArrayBuffer>>;
  readTextFile(path: string | URL): Promise<string>;
  writeFile(
    path: string,
    bytes: Uint8Array,
    options?: { createNew?: boolean },
  ): Promise<void>;
  readDir(path: string): AsyncIterable<FolderEntry>;
  makeTempDir(options: { prefix: string }): Promise<string>;
  open(path: string, options: OpenFileOptions): Promise<OpenFile>;
  mkdir(path: string, options?: { recursive?: boolean }): Promise<void>;
  remove(path: string, options?: { recursive?: boolean }): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  link(from: string, to: string): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  chown(path: string, uid: number | null, gid: number | null): Promise<void>;
}
