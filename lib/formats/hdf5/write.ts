/** Writing HDF5 files: all at once in memory, or in pieces on disk. */
import type { Dataset, File, Group } from "h5wasm";
import type { OpenFile } from "../../platform/file_types.ts";
import {
  atNoTime,
  contentOf,
  library,
  newName,
  type OnDisk,
  onDisk,
  reserve,
} from "./files.ts";
import { Rows } from "./rows.ts";
import { isTexts, typeOf } from "./type_names.ts";
import type { Hdf5Dataset, Hdf5Group, Hdf5Numbers } from "./types.ts";

/**
 * Datasets of more numbers are cut into chunks and packed; single precision is
 * not, as recordings in it become a seventh smaller and take four times as long.
 */
const packedFrom = 4096;

/** Numbers in a chunk, about. */
const chunkNumbers = 2 ** 15;

/** How hard chunks are packed: 1 (fast) to 9. */
const deflateLevel = 4;

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
  const name = newName();
  try {
    atNoTime(() => {
      const file = new File(name, "w");
      reserve(FS, name, bytesOf(root));
      try {
        writeTree(file, root, new Rows(file));
      } finally {
        file.close();
      }
    });
    return contentOf(FS, name);
  } finally {
    FS.unlink(name);
  }
}

/** Bytes of all numbers of a group, about, and of what stands around them. */
function bytesOf({ members }: Hdf5Group): number {
  return Object.values(members).reduce((sum, member) => {
    if ("members" in member) return sum + bytesOf(member);
    const { value } = member;
    return sum + (ArrayBuffer.isView(value) ? value.byteLength : 0);
  }, 2 ** 16);
}

/**
 * An HDF5 file on disk, of which datasets are written row by row before the rest is
 * known. Of what was written nothing stays in memory.
 */
export class Hdf5Pieces {
  readonly #disk: OnDisk;
  readonly #target: OpenFile;
  readonly #rows: Rows;
  readonly #unlink: () => void;
  #file: File | undefined;

  private constructor(
    parts: {
      file: File;
      disk: OnDisk;
      target: OpenFile;
      unlink: () => void;
    },
  ) {
    this.#file = parts.file;
    this.#disk = parts.disk;
    this.#target = parts.target;
    this.#unlink = parts.unlink;
    this.#rows = new Rows(parts.file);
  }

  /** @param target that is open for reading and writing, and empty */
  static async open(target: OpenFile): Promise<Hdf5Pieces> {
    const { File, FS } = await library();
    const name = newName();
    const disk = onDisk(FS, name, target, 0);
    const unlink = () => FS.unlink(name);
    const file = atNoTime(() => new File(name, "w"));
    return new Hdf5Pieces({ file, disk, target, unlink });
  }

  /** Whether the disk failed. */
  get broken(): boolean {
    return this.#disk.trouble !== undefined;
  }

  /**
   * Writes further rows of a dataset; the first ones make it.
   *
   * @param path from the root, as in `/acquisition/output/data`
   * @param rows the numbers of some rows, row-major
   * @param shape of the whole dataset, rows first
   * @throws {TypeError} for more rows than the dataset has, or parts of rows
   * @throws what the disk says, if it fails
   */
  append(path: string, rows: Hdf5Numbers, shape: readonly number[]): void {
    this.#doing(() => this.#rows.append(path, rows, shape));
  }

  /**
   * Writes what is left, and ends the file.
   *
   * @param root everything that is in it: datasets that were written row by row have
   *   no value there
   * @throws {TypeError} as `encodeHdf5` does, and if a dataset lacks rows
   * @throws what the disk says, if it fails
   */
  async end(root: Hdf5Group): Promise<void> {
    this.#doing(() => writeTree(this.#file!, root, this.#rows));
    this.close();
    await this.#target.truncate(this.#disk.size);
  }

  /** Lets go of the file, ended or not. */
  close(): void {
    const file = this.#file;
    if (!file) return;
    this.#file = undefined;
    try {
      this.#doing(() => file.close());
    } finally {
      this.#unlink();
    }
  }

  #doing(work: () => void): void {
    try {
      atNoTime(work);
    } catch (error) {
      throw this.#disk.trouble ? this.#disk.trouble.error : error;
    }
    if (this.#disk.trouble) throw this.#disk.trouble.error;
  }
}

function writeTree(file: File, root: Hdf5Group, rows: Rows): void {
  writeMembers(root, "", rows);
  rows.check();
  // References need what they lead to.
  writeAttributes(file, root, file);
}

function writeMembers({ members }: Hdf5Group, path: string, rows: Rows) {
  const group = rows.group(path);
  for (const [name, member] of Object.entries(members)) {
    const own = `${path}/${name}`;
    if ("members" in member) {
      writeMembers(member, own, rows);
    } else if (typeof member.value === "function") {
      for (const part of member.value()) rows.append(own, part, member.shape!);
    } else if (!rows.has(own)) {
      writeDataset(group, name, member, own);
    }
  }
}

function writeDataset(
  group: Group,
  name: string,
  { value, shape }: Hdf5Dataset,
  path: string,
) {
  if (value === undefined || typeof value === "function") {
    throw new TypeError(
      `Cannot write ${path} of the HDF5 file: received no numbers`,
    );
  }
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
  file: File,
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
