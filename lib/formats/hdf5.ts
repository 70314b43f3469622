/**
 * HDF5 files in memory: groups, datasets and attributes as plain data, written
 * and read without permissions. NWB and NIR are files of this kind.
 *
 * Source: The HDF Group, HDF5 data model; computed by its C library in
 * WebAssembly (npm package h5wasm), which is loaded with the first file.
 */
import { loadHdf5 } from "./hdf5_library.ts";
import type { Dataset, Entity, File as OpenFile, Group } from "h5wasm";
import { ModelFileError } from "../errors.ts";

/** Numbers of a dataset or an attribute. */
export type Hdf5Numbers =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** A reference to an object of the same file, by its path from the root. */
export interface Hdf5Reference {
  /** As in `/units/spike_times`. */
  readonly refersTo: string;
}

/** What a dataset or an attribute holds: texts are UTF-8 of any length. */
export type Hdf5Value = string | readonly string[] | Hdf5Numbers;

/** Attributes by name; a number is a double, a bigint an integer of 64 bits. */
export type Hdf5Attributes = Readonly<
  Record<string, Hdf5Value | number | bigint | Hdf5Reference>
>;

/** A dataset. */
export interface Hdf5Dataset {
  /**
   * Its numbers, row-major, or its texts; or what makes them once they are written, so
   * that not all of a file's are in memory at once.
   */
  readonly value: Hdf5Value | (() => Hdf5Value);
  /** Sizes, `[]` for a single number; a vector (of one text, a single one) when left out. */
  readonly shape?: readonly number[];
  /** Its attributes. */
  readonly attributes?: Hdf5Attributes;
}

/** A group: other groups and datasets by name. */
export interface Hdf5Group {
  /** Groups and datasets, in the order in which they are written. */
  readonly members: Readonly<Record<string, Hdf5Group | Hdf5Dataset>>;
  /** Its attributes. */
  readonly attributes?: Hdf5Attributes;
}

/**
 * Datasets of more numbers are cut into chunks and packed; single precision is
 * not, as recordings in it become a seventh smaller and take four times as long.
 */
const packedFrom = 4096;

/** Numbers in a chunk, about. */
const chunkNumbers = 2 ** 15;

/** How hard chunks are packed: 1 (fast) to 9. */
const deflateLevel = 4;

const types: readonly (readonly [new () => Hdf5Numbers, string])[] = [
  [Float32Array, "<f"],
  [Float64Array, "<d"],
  [Int8Array, "<b"],
  [Uint8Array, "<B"],
  [Int16Array, "<h"],
  [Uint16Array, "<H"],
  [Int32Array, "<i"],
  [Uint32Array, "<I"],
  [BigInt64Array, "<q"],
  [BigUint64Array, "<Q"],
];

/** Texts of any length, UTF-8. */
const textType = "S";

/** Files are counted, so that two that are open have names of their own. */
let opened = 0;

/** The library, loaded when the first file asks for it. */
async function library() {
  const h5wasm = await loadHdf5();
  const module = await h5wasm.ready;
  // Its own messages would go to the terminal.
  module.activate_throwing_error_handler();
  return { File: h5wasm.File, FS: module.FS as unknown as MemoryFiles };
}

/** What is used of the library's files in memory. */
interface MemoryFiles {
  lookupPath(path: string): {
    readonly node: {
      contents: Uint8Array<ArrayBuffer> | null;
      readonly usedBytes: number;
    };
  };
  writeFile(path: string, bytes: Uint8Array): void;
  unlink(path: string): void;
}

/**
 * Writes an HDF5 file. The same content gives the same bytes.
 *
 * @param root everything that is in it
 * @returns the bytes of the file
 * @throws {TypeError} if numbers and sizes of a dataset do not fit, or a
 *   reference leads nowhere
 */
export async function encodeHdf5(
  root: Hdf5Group,
): Promise<Uint8Array<ArrayBuffer>> {
  const { File, FS } = await library();
  const name = `/written-${opened++}.h5`;
  try {
    atNoTime(() => {
      const file = new File(name, "w");
      reserve(FS, name, bytesOf(root));
      try {
        writeMembers(file, root, "");
        // References need what they lead to.
        writeAttributes(file, root, file);
      } finally {
        file.close();
      }
    });
    return contentOf(FS, name);
  } finally {
    FS.unlink(name);
  }
}

/**
 * Makes room for a file in memory. Without it the file grows by an eighth at a time,
 * and what it has outgrown stays in memory until it is garbage-collected.
 */
function reserve(FS: MemoryFiles, name: string, bytes: number): void {
  const { node } = FS.lookupPath(name);
  const contents = new Uint8Array(bytes);
  if (node.contents) contents.set(node.contents.subarray(0, node.usedBytes));
  node.contents = contents;
}

/** Bytes of all numbers of a group, about, and of what stands around them. */
function bytesOf({ members }: Hdf5Group): number {
  return Object.values(members).reduce((sum, member) => {
    if ("members" in member) return sum + bytesOf(member);
    const { value, shape } = member;
    if (typeof value === "function") {
      return sum + 4 * (shape ?? []).reduce((product, n) => product * n, 1);
    }
    return sum + (ArrayBuffer.isView(value) ? value.byteLength : 0);
  }, 2 ** 16);
}

/** The bytes of a file that is not written any more: they are not copied. */
function contentOf(FS: MemoryFiles, name: string): Uint8Array<ArrayBuffer> {
  const { contents, usedBytes } = FS.lookupPath(name).node;
  return contents!.subarray(0, usedBytes);
}

/**
 * Does some work at 1 January 1970: the library stamps every dataset with the
 * time, and equal content is to give equal bytes.
 */
function atNoTime(work: () => void): void {
  const { now } = Date;
  Date.now = () => 0;
  try {
    work();
  } finally {
    Date.now = now;
  }
}

function writeMembers(group: Group, { members }: Hdf5Group, path: string) {
  for (const [name, member] of Object.entries(members)) {
    if ("members" in member) {
      writeMembers(group.create_group(name), member, `${path}/${name}`);
    } else {
      writeDataset(group, name, member, `${path}/${name}`);
    }
  }
}

function writeDataset(
  group: Group,
  name: string,
  { value: given, shape }: Hdf5Dataset,
  path: string,
) {
  const value = typeof given === "function" ? given() : given;
  const count = typeof value === "string" ? 1 : value.length;
  const sizes = shape ?? (typeof value === "string" ? [] : [count]);
  if (sizes.reduce((product, size) => product * size, 1) !== count) {
    throw new TypeError(
      `Cannot write ${path} of the HDF5 file: received ${count} values for ` +
        `shape (${sizes.join(", ")})`,
    );
  }
  const packs = typeof value !== "string" && !isTexts(value) &&
    !(value instanceof Float32Array) && count >= packedFrom;
  group.create_dataset({
    name,
    data: value as never,
    shape: [...sizes],
    dtype: typeOf(value, path),
    ...(packs && {
      chunks: chunksOf(sizes),
      compression: deflateLevel,
    }),
  });
}

/** Sizes of a chunk: rows are kept together while they fit. */
function chunksOf(sizes: readonly number[]): number[] {
  const chunk = [...sizes];
  let numbers = sizes.reduce((product, size) => product * size, 1);
  for (let axis = 0; axis < chunk.length && numbers > chunkNumbers; axis++) {
    const rest = numbers / chunk[axis];
    chunk[axis] = Math.max(1, Math.floor(chunkNumbers / rest));
    numbers = rest * chunk[axis];
  }
  return chunk;
}

function writeAttributes(
  target: Group | Dataset,
  node: Hdf5Group | Hdf5Dataset,
  file: OpenFile,
) {
  for (const [name, value] of Object.entries(node.attributes ?? {})) {
    const path = `${target.path} (${name})`;
    if (typeof value === "number") {
      target.create_attribute(name, Float64Array.of(value), [], "<d");
    } else if (typeof value === "bigint") {
      target.create_attribute(name, BigInt64Array.of(value), [], "<q");
    } else if (typeof value === "object" && "refersTo" in value) {
      const there = file.get(value.refersTo);
      if (!there || !("create_reference" in there)) {
        throw new TypeError(
          `Cannot write ${path} of the HDF5 file: it refers to ` +
            `${value.refersTo}, which is not there`,
        );
      }
      target.create_attribute(
        name,
        there.create_reference(),
        [],
        "Reference",
      );
    } else {
      target.create_attribute(
        name,
        value as never,
        typeof value === "string" ? [] : [value.length],
        typeOf(value, path),
      );
    }
  }
  if (!("members" in node)) return;
  for (const [name, member] of Object.entries(node.members)) {
    writeAttributes((target as Group).get(name) as Dataset, member, file);
  }
}

function typeOf(value: Hdf5Value, path: string): string {
  if (typeof value === "string" || isTexts(value)) return textType;
  const found = types.find(([array]) => value instanceof array);
  if (found) return found[1];
  throw new TypeError(
    `Cannot write ${path} of the HDF5 file: received something else than ` +
      "numbers in a typed array, or texts",
  );
}

function isTexts(value: Hdf5Value): value is readonly string[] {
  return Array.isArray(value) &&
    value.every((text) => typeof text === "string");
}

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
 * Reads an HDF5 file. Only what is asked for is unpacked.
 *
 * @param bytes of the file
 * @param read takes what it needs from the file, which is closed afterwards
 * @returns what `read` returns
 * @throws {ModelFileError} if it is no HDF5 file, is damaged, or lacks what is
 *   asked for
 */
export async function readHdf5<T>(
  bytes: Uint8Array,
  read: (file: Hdf5File) => T,
): Promise<T> {
  if (!isHdf5(bytes)) {
    throw unreadable("it does not begin as one");
  }
  const { File, FS } = await library();
  const name = `/read-${opened++}.h5`;
  FS.writeFile(name, bytes);
  try {
    const file = guarded(() => new File(name, "r"));
    try {
      return read(reader(file));
    } finally {
      file.close();
    }
  } finally {
    FS.unlink(name);
  }
}

function reader(file: OpenFile): Hdf5File {
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
      return typeof value === "string" && /^S/.test(value);
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
