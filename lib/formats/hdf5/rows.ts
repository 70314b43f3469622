/** Datasets of HDF5 files whose rows come one part after the other. */
import type { Dataset, File, Group } from "h5wasm";
import { typeOf } from "./type_names.ts";
import type { Hdf5Numbers } from "./types.ts";

/** Bytes of a chunk at most: what programs that read the file keep of a dataset. */
const chunkBytes = 2 ** 20;

/** Bytes up to which parts share a chunk, which every one of them writes anew. */
const sharedBytes = 2 ** 18;

/** How hard chunks of double precision are packed, as those of whole datasets are. */
const deflateLevel = 4;

/** A dataset of which rows were written. */
interface Begun {
  readonly dataset: Dataset;
  /** Rows that it is to have. */
  readonly rows: number;
  /** Numbers in a row. */
  readonly width: number;
  /** Rows that it has. */
  next: number;
}

/** Datasets of a file that are written row by row. */
export class Rows {
  readonly #file: File;
  readonly #begun = new Map<string, Begun>();
  readonly #groups = new Map<string, Group>();

  constructor(file: File) {
    this.#file = file;
  }

  /** Whether a dataset was begun. */
  has(path: string): boolean {
    return this.#begun.has(path);
  }

  /** A group, which is made if it is not there. */
  group(path: string): Group {
    if (path === "") return this.#file;
    const known = this.#groups.get(path);
    if (known) return known;
    const at = path.lastIndexOf("/");
    const made = this.group(path.slice(0, at)).create_group(path.slice(at + 1));
    this.#groups.set(path, made);
    return made;
  }

  /**
   * Writes further rows; the first ones make the dataset.
   *
   * @throws {TypeError} for more rows than it has, or parts of rows
   */
  append(path: string, part: Hdf5Numbers, shape: readonly number[]): void {
    const width = shape.slice(1).reduce((product, n) => product * n, 1);
    const rows = part.length / width;
    const from = this.#begun.get(path)?.next ?? 0;
    if (!Number.isInteger(rows) || from + rows > shape[0]) {
      throw new TypeError(
        `Cannot write ${path} of the HDF5 file: received ${part.length} ` +
          `numbers after ${from} rows for shape (${shape.join(", ")})`,
      );
    }
    const begun = this.#begun.get(path);
    if (begun) {
      const slice = [[from, from + rows], ...shape.slice(1).map(() => [])];
      begun.dataset.write_slice(slice as never, part);
      begun.next += rows;
    } else {
      const dataset = this.#make(path, part, shape, rows);
      this.#begun.set(path, { dataset, rows: shape[0], width, next: rows });
    }
  }

  /** @throws {TypeError} if a dataset is not full */
  check(): void {
    for (const [path, { rows, next }] of this.#begun) {
      if (rows === next) continue;
      throw new TypeError(
        `Cannot write ${path} of the HDF5 file: ${rows - next} of ${rows} ` +
          "rows are missing",
      );
    }
  }

  #make(
    path: string,
    part: Hdf5Numbers,
    shape: readonly number[],
    rows: number,
  ): Dataset {
    const at = path.lastIndexOf("/");
    const dataset = this.group(path.slice(0, at)).create_dataset({
      name: path.slice(at + 1),
      data: part as never,
      shape: [rows, ...shape.slice(1)],
      maxshape: [...shape],
      dtype: typeOf(part, path),
      chunks: [
        chunkRows(rows, part.byteLength / rows, shape[0]),
        ...shape.slice(1),
      ],
      ...(!(part instanceof Float32Array) && { compression: deflateLevel }),
    });
    if (rows < shape[0]) dataset.resize([...shape]);
    return dataset;
  }
}

/** Rows of a chunk: those of some parts, or of one part in as many as it takes. */
function chunkRows(part: number, rowBytes: number, rows: number): number {
  const bytes = part * rowBytes;
  const shared = Math.floor(sharedBytes / bytes);
  return shared > 1
    ? Math.min(part * shared, rows)
    : Math.ceil(part / Math.ceil(bytes / chunkBytes));
}
