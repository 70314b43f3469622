/** Reading one NumPy array (.npy). */
import { ModelFileError } from "../../errors.ts";
import { ofHalf } from "../half.ts";
import { rowMajor } from "../row_major.ts";
import {
  magic,
  type NpyArray,
  type NpyData,
  type NpyType,
  product,
  types,
  type WrittenType,
} from "./npy.ts";

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
  if (/^\{'descr': '\|O'/.test(text)) {
    throw unreadable(
      "received Python objects (dtype object), which can hold programs; save " +
        "texts by .astype(str), numbers by .astype(float)",
    );
  }
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
 * Reads one .npy array. Column-major arrays are converted to row-major ones.
 *
 * @throws {ModelFileError} if the bytes are damaged, or of a type that is not
 * supported
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
