/**
 * One NumPy array (.npy), written; npy_read.ts reads one.
 *
 * Source: numpy.lib.format, versions 1.0 to 3.0.
 */
/**
 * Numbers of an array; flags (`bool`) are 0 and 1. Other types are read as one
 * of these that holds all their numbers.
 */
export type NpyData =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint32Array
  | Uint8Array;

/** Types of elements that are written, by their names in NumPy. */
export type WrittenType = "float32" | "float64" | "int32" | "uint32" | "bool";

/** Types of elements that are read, by their names in NumPy. */
export type NpyType =
  | "float32"
  | "float64"
  | "int32"
  | "uint32"
  | "bool"
  | "float16"
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int64"
  | "uint64";

/** A NumPy array. */
export interface NpyArray {
  /** Type of its elements, by its name in NumPy. */
  readonly type: NpyType;
  /** Sizes; empty for a single number. */
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: NpyData;
}

/** The first bytes of an array. */
export const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Makes an array of bytes. */
interface DataConstructor {
  new (buffer: ArrayBuffer): NpyData;
  readonly BYTES_PER_ELEMENT: number;
}

/** The types that are written: their codes in headers, and the arrays that they are. */
export const types: Readonly<
  Record<WrittenType, { code: string; array: DataConstructor }>
> = {
  float32: { code: "f4", array: Float32Array },
  float64: { code: "f8", array: Float64Array },
  int32: { code: "i4", array: Int32Array },
  uint32: { code: "u4", array: Uint32Array },
  bool: { code: "b1", array: Uint8Array },
};

/** Numbers of an array of some sizes. */
export function product(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1);
}

/** Type of an array's elements; a Uint8Array holds flags. */
function npyType(data: NpyData): WrittenType {
  for (const [name, { array }] of Object.entries(types)) {
    if (data instanceof array) return name as WrittenType;
  }
  throw new TypeError(
    `Cannot write a NumPy array: received something else than ${
      Object.keys(types).join(", ")
    }`,
  );
}

/**
 * Writes an array as .npy, version 1.0, row-major.
 *
 * @throws {TypeError} if data and sizes do not fit
 * @throws {RangeError} if a flag is neither 0 nor 1
 */
export function encodeNpy(
  data: NpyData,
  shape: readonly number[] = [data.length],
): Uint8Array<ArrayBuffer> {
  const type = npyType(data);
  if (
    product(shape) !== data.length ||
    !shape.every((size) => Number.isInteger(size) && size >= 0)
  ) {
    throw new TypeError(
      `Cannot write a NumPy array: received ${data.length} numbers for shape (${
        shape.join(", ")
      })`,
    );
  }
  if (type === "bool") checkFlags(data);
  const { code } = types[type];
  return assembled(
    (code === "b1" ? "|" : "<") + code,
    shape,
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  );
}

/** What stands before the numbers of an array of float32. */
export function npyHeader32(shape: readonly number[]): Uint8Array<ArrayBuffer> {
  return assembled("<f4", shape, new Uint8Array(0));
}

/**
 * Writes texts as NumPy keeps a list of `str`.
 *
 * @throws {TypeError} if texts and sizes do not fit
 */
export function encodeNpyTexts(
  texts: readonly string[],
  shape: readonly number[] = [texts.length],
): Uint8Array<ArrayBuffer> {
  if (product(shape) !== texts.length) {
    throw new TypeError(
      `Cannot write a NumPy array: received ${texts.length} texts for shape (${
        shape.join(", ")
      })`,
    );
  }
  const points = texts.map((text) =>
    Array.from(text, (character) => character.codePointAt(0)!)
  );
  // NumPy has no texts of no characters.
  const length = Math.max(1, ...points.map(({ length }) => length));
  const data = new Uint32Array(texts.length * length);
  points.forEach((text, i) => data.set(text, i * length));
  return assembled(`<U${length}`, shape, new Uint8Array(data.buffer));
}

/** The header, then the content at a multiple of 64 bytes. */
function assembled(
  description: string,
  shape: readonly number[],
  content: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text =
    `{'descr': '${description}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // The header ends with a new line.
  const length = Math.ceil((10 + text.length + 1) / 64) * 64;
  const bytes = new Uint8Array(length + content.length).fill(0x20, 10, length);
  bytes.set(magic);
  bytes.set([1, 0], 6);
  new DataView(bytes.buffer).setUint16(8, length - 10, true);
  bytes.set(new TextEncoder().encode(text), 10);
  bytes[length - 1] = 0x0a;
  bytes.set(content, length);
  return bytes;
}

function checkFlags(data: NpyData): void {
  const wrong = data.findIndex((flag) => flag > 1);
  if (wrong >= 0) {
    throw new RangeError(
      `Cannot write a NumPy array: received ${
        data[wrong]
      } as a flag, allowed are 0 and 1`,
    );
  }
}
