/**
 * The library of HDF5 files, and where its files are: in memory, or in a file of the
 * disk that is open.
 */
import type { OpenFile } from "../../platform/file_types.ts";
import { loadHdf5 } from "../hdf5_library.ts";

/** A file of the disk, as the library uses it. */
export type DiskFile = Pick<OpenFile, "readSync" | "writeSync" | "seekSync">;

/** An open file of the library's own file system. */
interface Stream {
  readonly node: Node;
}

/** A file of the library's own file system. */
interface Node {
  contents: Uint8Array<ArrayBuffer> | null;
  usedBytes: number;
  node_ops: { setattr(node: Node, attributes: { size?: number }): void };
  stream_ops: {
    read(
      stream: Stream,
      into: ArrayBufferView,
      offset: number,
      length: number,
      position: number,
    ): number;
    write(
      stream: Stream,
      from: ArrayBufferView,
      offset: number,
      length: number,
      position: number,
    ): number;
  };
}

/** What is used of the library's own file system. */
export interface LibraryFiles {
  lookupPath(path: string): { readonly node: Node };
  writeFile(path: string, bytes: Uint8Array): void;
  unlink(path: string): void;
  readonly ErrnoError: new (code: number) => Error;
}

/** The system's number of an error of a device. */
const inputOutputError = 29;

/** Files are counted, so that two that are open have names of their own. */
let opened = 0;

/** The library, loaded when the first file asks for it. */
export async function library() {
  const h5wasm = await loadHdf5();
  const module = await h5wasm.ready;
  // Its own messages would go to the terminal.
  module.activate_throwing_error_handler();
  return { File: h5wasm.File, FS: module.FS as unknown as LibraryFiles };
}

/** A new name in the library's own file system. */
export function newName(): string {
  return `/${opened++}.h5`;
}

/**
 * Makes room for a file in memory. Without it the file grows by an eighth at a time,
 * and what it has outgrown stays in memory until it is garbage-collected.
 */
export function reserve(FS: LibraryFiles, name: string, bytes: number): void {
  const { node } = FS.lookupPath(name);
  const contents = new Uint8Array(bytes);
  if (node.contents) contents.set(node.contents.subarray(0, node.usedBytes));
  node.contents = contents;
}

/** The bytes of a file that is not written any more: they are not copied. */
export function contentOf(
  FS: LibraryFiles,
  name: string,
): Uint8Array<ArrayBuffer> {
  const { contents, usedBytes } = FS.lookupPath(name).node;
  return contents!.subarray(0, usedBytes);
}

/** A file of the library that lies on disk. */
export interface OnDisk {
  /** Bytes that it has. */
  readonly size: number;
  /** What the disk said when it failed, if it has. */
  readonly trouble: { readonly error: unknown } | undefined;
}

/**
 * Puts a file of the disk in the place of one in memory: of a large one no more is
 * held than the library keeps for itself.
 *
 * @param name that the library gives the file
 * @param file that is open, for reading and, if it is written, for writing
 * @param size that it has
 */
export function onDisk(
  FS: LibraryFiles,
  name: string,
  file: DiskFile,
  size: number,
): OnDisk {
  FS.writeFile(name, new Uint8Array());
  const { node } = FS.lookupPath(name);
  node.usedBytes = size;
  let trouble: OnDisk["trouble"];
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      trouble ??= { error };
      // The library takes its own errors alone.
      throw new FS.ErrnoError(inputOutputError);
    }
  };
  const bytesOf = (
    { buffer, byteOffset }: ArrayBufferView,
    offset: number,
    length: number,
  ) => new Uint8Array(buffer as ArrayBuffer, byteOffset + offset, length);
  node.stream_ops = {
    ...node.stream_ops,
    read: (_, into, offset, length, position) =>
      attempt(() => {
        file.seekSync(position, 0);
        let done = 0;
        while (done < length) {
          const part = bytesOf(into, offset + done, length - done);
          const read = file.readSync(part);
          if (read === null || read === 0) break;
          done += read;
        }
        return done;
      }),
    write: (_, from, offset, length, position) =>
      attempt(() => {
        file.seekSync(position, 0);
        for (let done = 0; done < length;) {
          done += file.writeSync(bytesOf(from, offset + done, length - done));
        }
        node.usedBytes = Math.max(node.usedBytes, position + length);
        return length;
      }),
  };
  const { setattr } = node.node_ops;
  node.node_ops = {
    ...node.node_ops,
    setattr(_, { size, ...others }) {
      setattr(node, others);
      if (size !== undefined) node.usedBytes = size;
    },
  };
  return {
    get size() {
      return node.usedBytes;
    },
    get trouble() {
      return trouble;
    },
  };
}

/**
 * Does some work at 1 January 1970: the library stamps every dataset with the
 * time, and equal content is to give equal bytes.
 */
export function atNoTime<T>(work: () => T): T {
  const { now } = Date;
  Date.now = () => 0;
  try {
    return work();
  } finally {
    Date.now = now;
  }
}
