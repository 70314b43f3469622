/**
 * One NumPy array (.npy).
 *
 * Source: numpy.lib.format, versions 1.0 to 3.0.
 */
import { ModelFileError } from "../../errors.ts";

/**
 * Numbers of an array; flags (`bool`) are 0 and 1. Types that are not among
 * these are read as one that holds all their numbers.
 */
export type NpyData =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint32Array
  | Uint8Array;

/** Types of elements that are written, by their names in NumPy. */
type WrittenType = "float32" | "float64" | "int32" | "uint32" | "bool";

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

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

interface DataConstructor {
  new (buffer: ArrayBuffer): NpyData;
  readonly BYTES_PER_ELEMENT: number;
}

const types: Readonly<
  Record<WrittenType, { code: string; array: DataConstructor }>
> = {
  float32: { code: "f4", array: Float32Array },
  float64: { code: "f8", array: Float64Array },
  int32: { code: "i4", array: Int32Array },
  uint32: { code: "u4", array: Uint32Array },
  bool: { code: "b1", array: Uint8Array },
};

/** How the elements of a type are read: their size, and what makes numbers of them. */
interface Reading {
  /** Type of its elements, by its name in NumPy. */
  readonly type: NpyType;
  readonly size: number;
  read(buffer: ArrayBuffer): NpyData;
}

const readings: Readonly<Record<string, Reading>> = {
  ...Object.fromEntries(
    Object.entries(types).map(([type, { code, array }]) => [code, {
      type: type as WrittenType,
      size: array.BYTES_PER_ELEMENT,
      read: (buffer: ArrayBuffer) => new array(buffer),
    }]),
  ),
  f2: {
    type: "float16",
    size: 2,
    read: (buffer) => Float32Array.from(new Uint16Array(buffer), ofHalf),
  },
  i1: {
    type: "int8",
    size: 1,
    read: (buffer) => Int32Array.from(new Int8Array(buffer)),
  },
  u1: {
    type: "uint8",
    size: 1,
    read: (buffer) => Uint32Array.from(new Uint8Array(buffer)),
  },
  i2: {
    type: "int16",
    size: 2,
    read: (buffer) => Int32Array.from(new Int16Array(buffer)),
  },
  u2: {
    type: "uint16",
    size: 2,
    read: (buffer) => Uint32Array.from(new Uint16Array(buffer)),
  },
  i8: {
    type: "int64",
    size: 8,
    read: (buffer) => exactDoubles(new BigInt64Array(buffer)),
  },
  u8: {
    type: "uint64",
    size: 8,
    read: (buffer) => exactDoubles(new BigUint64Array(buffer)),
  },
};

/** Names of the types that are read, for messages. */
const readTypes = Object.values(readings).map(({ type }) => type).join(", ");

/** Long integers as doubles, if doubles hold them exactly. */
function exactDoubles(integers: BigInt64Array | BigUint64Array): Float64Array {
  const doubles = new Float64Array(integers.length);
  integers.forEach((integer, i) => {
    doubles[i] = Number(integer);
    if (BigInt(doubles[i]) !== integer) {
      throw unreadable(
        `received the integer ${integer}, which no double holds exactly; ` +
          "save the array as float64 to have it rounded",
      );
    }
  });
  return doubles;
}

function unreadable(reason: string, cause?: unknown): ModelFileError {
  return new ModelFileError(`Cannot read the NumPy array: ${reason}`, {
    cause,
  });
}

function product(shape: readonly number[]): number {
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

interface NpyHeader {
  readonly code: string;
  readonly bigEndian: boolean;
  readonly fortran: boolean;
  readonly shape: number[];
}

function parseHeader(text: string): NpyHeader {
  const pattern =
    /^\{'descr': '([<>|=])([a-zA-Z]\d+)', 'fortran_order': (True|False), 'shape': \(([\d, ]*)\),? ?\}\s*$/;
  const match = pattern.exec(text);
  if (match === null) {
    throw unreadable(
      `received the header ${
        JSON.stringify(text.trim().slice(0, 100))
      }, allowed are plain arrays of ${readTypes}`,
    );
  }
  const shape = match[4].split(",").map((size) => size.trim())
    .filter((size) => size !== "").map(Number);
  return {
    bigEndian: match[1] === ">",
    code: match[2],
    fortran: match[3] === "True",
    shape,
  };
}

/** The header and, copied to a place that suits any type, the content. */
function parts(
  bytes: Uint8Array,
): { header: NpyHeader; content: Uint8Array<ArrayBuffer> } {
  if (bytes.length < 12 || magic.some((byte, i) => bytes[i] !== byte)) {
    throw unreadable("received bytes that are no .npy file");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6];
  if (version < 1 || version > 3) {
    throw unreadable(`received version ${version}, allowed are 1 to 3`);
  }
  const start = version === 1 ? 10 : 12;
  const length = version === 1
    ? view.getUint16(8, true)
    : view.getUint32(8, true);
  if (start + length > bytes.length || length > 2 ** 16) {
    throw unreadable("received a header that is cut off");
  }
  const header = parseHeader(
    new TextDecoder().decode(bytes.subarray(start, start + length)),
  );
  return { header, content: new Uint8Array(bytes.subarray(start + length)) };
}

/**
 * Reads one .npy array; column-major ones are turned.
 *
 * @throws {ModelFileError} if the bytes are damaged, or of a type that is not supported
 */
export function decodeNpy(bytes: Uint8Array): NpyArray {
  const { header: { code, bigEndian, fortran, shape }, content } = parts(bytes);
  if (!Object.hasOwn(readings, code)) {
    throw unreadable(
      `received elements of type ${code}, allowed are ${readTypes}`,
    );
  }
  const { type, size, read } = readings[code];
  if (shape.length > 32 || product(shape) * size !== content.length) {
    throw unreadable(
      `received ${content.length} bytes for shape (${
        shape.slice(0, 8).join(", ")
      }) of ${type}`,
    );
  }
  if (bigEndian && size > 1) {
    for (let at = 0; at < content.length; at += size) {
      content.subarray(at, at + size).reverse();
    }
  }
  const data = read(content.buffer);
  return {
    type,
    shape,
    data: fortran && shape.length > 1 ? rowMajor(data, shape) : data,
  };
}

/** Whether bytes are an array of texts. */
export function isNpyTexts(bytes: Uint8Array): boolean {
  const header = new TextDecoder().decode(bytes.subarray(0, 100));
  return /^[^{]*\{'descr': '[<>|=][US]\d+'/.test(header);
}

/**
 * Reads an array of texts, row by row: `str` or `bytes` of one length.
 *
 * @throws {ModelFileError} if the bytes are damaged, or hold something else
 */
export function decodeNpyTexts(bytes: Uint8Array): string[] {
  const { header: { code, bigEndian, fortran, shape }, content } = parts(bytes);
  const [, kind, digits] = /^([US])(\d+)$/.exec(code) ?? [];
  if (kind === undefined) {
    throw unreadable(`received elements of type ${code}, texts are needed`);
  }
  const length = Number(digits);
  const size = kind === "U" ? 4 * length : length;
  const count = product(shape);
  const sound = size > 0 && count * size === content.length;
  if (!sound || fortran && shape.length > 1) {
    throw unreadable(
      `received ${content.length} bytes for shape (${
        shape.slice(0, 8).join(", ")
      }) of texts of ${length}`,
    );
  }
  const view = new DataView(content.buffer);
  return Array.from({ length: count }, (_, k) => {
    if (kind === "S") {
      const text = new TextDecoder("latin1")
        .decode(content.subarray(k * size, (k + 1) * size));
      return text.replace(/\0+$/, "");
    }
    let text = "";
    for (let i = 0; i < length; i++) {
      const point = view.getUint32(k * size + 4 * i, !bigEndian);
      if (point === 0) break;
      text += String.fromCodePoint(Math.min(point, 0x10ffff));
    }
    return text;
  });
}

/** Column-major to row-major, for any number of dimensions. */
function rowMajor(data: NpyData, shape: readonly number[]): NpyData {
  const result = data.slice() as NpyData;
  const index = new Array(shape.length).fill(0);
  for (let to = 0; to < data.length; to++) {
    let from = 0;
    for (let d = shape.length - 1; d >= 0; d--) {
      from = from * shape[d] + index[d];
    }
    result[to] = data[from];
    for (let d = shape.length - 1; d >= 0 && ++index[d] === shape[d]; d--) {
      index[d] = 0;
    }
  }
  return result;
}

/** The number of the bits of half precision; Node 22 has no `Float16Array`. */
function ofHalf(bits: number): number {
  const exponent = bits >> 10 & 31;
  const fraction = bits & 1023;
  const size = exponent === 31
    ? fraction ? NaN : Infinity
    : exponent === 0
    ? fraction * 2 ** -24
    : (1024 + fraction) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -size : size;
}
