/** Reading HDF5 files. */
import type { Dataset, Entity, File, Group } from "h5wasm";
import { ModelFileError } from "../../errors.ts";
import type { OpenFile } from "../../platform/file_types.ts";
import { library, newName, onDisk } from "./files.ts";
import type { Hdf5Numbers } from "./types.ts";

/** Whether bytes begin as an HDF5 file does. */
export function isHdf5(bytes: Uint8Array): boolean {
  const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
  return signature.every((byte, k) => bytes[k] === byte);
}

/** An HDF5 file that is read; a path leads from the root, as in `units/id`. */
export interface Hdf5File {
  /** Names of what a group holds; nothing if there is no such group. */
  names(path: string): readonly string[];
  /** What is at a path. */
  kind(path: string): "group" | "dataset" | undefined;
  /** Sizes of a dataset. */
  shape(path: string): readonly number[];
  /** Numbers of a dataset, row-major. */
  numbers(path: string): Hdf5Numbers;
  /** Texts of a dataset. */
  texts(path: string): readonly string[];
  /** Whether a dataset holds texts. */
  isText(path: string): boolean;
  /** An attribute; undefined if there is none of this name. */
  attribute(path: string, name: string): unknown;
}

/**
 * Reads an HDF5 file. Only what is asked for is read and unpacked.
 *
 * @param source its bytes, or the file, open for reading
 * @param read takes what it needs from the file, which is closed afterwards
 * @returns what `read` returns
 * @throws {ModelFileError} if it is not an HDF5 file, is damaged, or lacks what is
 *   asked for
 * @throws what the disk says, if it fails
 */
export async function readHdf5<T>(
  source: Uint8Array | OpenFile,
  read: (file: Hdf5File) => T,
): Promise<T> {
  if (!isHdf5(beginning(source))) throw unreadable("it does not begin as one");
  const { File, FS } = await library();
  const name = newName();
  const disk = source instanceof Uint8Array
    ? FS.writeFile(name, source)
    : onDisk(FS, name, source, (await source.stat()).size);
  try {
    const file = guarded(() => new File(name, "r"));
    try {
      return read(reader(file));
    } finally {
      file.close();
    }
  } catch (error) {
    throw disk?.trouble ? disk.trouble.error : error;
  } finally {
    FS.unlink(name);
  }
}

/** The first bytes. */
function beginning(source: Uint8Array | OpenFile): Uint8Array {
  if (source instanceof Uint8Array) return source;
  const bytes = new Uint8Array(8);
  source.seekSync(0, 0);
  return bytes.subarray(0, source.readSync(bytes) ?? 0);
}

function reader(file: File): Hdf5File {
  const at = (path: string) => guarded(() => file.get(path));
  const dataset = (path: string): Dataset => {
    const found = at(path);
    if (isDataset(found)) return found;
    throw unreadable(`it has no dataset ${path}`);
  };
  const valueOf = (path: string): unknown => {
    const found = dataset(path);
    return guarded(() => found.value, path);
  };
  return {
    names(path) {
      const found = at(path);
      return isGroup(found) ? found.keys() : [];
    },
    kind(path) {
      const found = at(path);
      if (isGroup(found)) return "group";
      return isDataset(found) ? "dataset" : undefined;
    },
    shape: (path) => dataset(path).shape ?? [],
    numbers(path) {
      const value = valueOf(path);
      if (typeof value === "number") return Float64Array.of(value);
      if (typeof value === "bigint") return BigInt64Array.of(value);
      if (ArrayBuffer.isView(value)) return value as Hdf5Numbers;
      throw unreadable(`its ${path} holds no numbers`);
    },
    texts(path) {
      const value = valueOf(path);
      if (typeof value === "string") return [value];
      if (Array.isArray(value)) {
        const texts = value.flat(Infinity);
        if (texts.every((text) => typeof text === "string")) return texts;
      }
      throw unreadable(`its ${path} holds no texts`);
    },
    isText(path) {
      const value = dataset(path).dtype;
      // S are texts of UTF-8, A of ASCII, each of any length or of one.
      return typeof value === "string" && /^[SA]\d*$/.test(value);
    },
    attribute(path, name) {
      const found = at(path);
      if (!isGroup(found) && !isDataset(found)) return undefined;
      return guarded(() => found.attrs[name]?.value, path);
    },
  };
}

function isGroup(found: Entity | null): found is Group {
  return found !== null && "create_group" in found;
}

function isDataset(found: Entity | null): found is Dataset {
  return found !== null && "write_slice" in found;
}

/** What the library refuses is an error of the file. */
function guarded<T>(work: () => T, path?: string): T {
  try {
    return work();
  } catch (error) {
    throw unreadable(
      path === undefined ? "it is damaged" : `its ${path} is damaged`,
      error,
    );
  }
}

function unreadable(reason: string, cause?: unknown): ModelFileError {
  return new ModelFileError(`Cannot read the HDF5 file: ${reason}`, { cause });
}
