/** Numbers and names that the format fixes: element types, array classes, flags. */
import type { NumericArray, NumericClass } from "./types.ts";

/** Element types ("mi…"). */
export const elementType = {
  int8: 1,
  uint8: 2,
  int16: 3,
  uint16: 4,
  int32: 5,
  uint32: 6,
  single: 7,
  double: 9,
  int64: 12,
  uint64: 13,
  matrix: 14,
  compressed: 15,
  utf8: 16,
  utf16: 17,
  utf32: 18,
} as const;

/** Array classes ("mx…_CLASS"). */
export const arrayClass = {
  cell: 1,
  struct: 2,
  object: 3,
  char: 4,
  sparse: 5,
  double: 6,
  single: 7,
  int8: 8,
  uint8: 9,
  int16: 10,
  uint16: 11,
  int32: 12,
  uint32: 13,
  int64: 14,
  uint64: 15,
  functionHandle: 16,
  opaque: 17,
} as const;

/** Bits of the array flags' second byte. */
export const arrayFlag = { logical: 2, global: 4, complex: 8 } as const;

/** Length of the file header, in bytes. */
export const headerLength = 128;

/** Longest name of a variable or of a field. */
export const maxNameLength = 63;

interface NumericArrayConstructor {
  new (length: number): NumericArray;
  new (buffer: ArrayBuffer): NumericArray;
  readonly BYTES_PER_ELEMENT: number;
}

/** Array type of each numeric class. */
export const numericArrays: Readonly<
  Record<NumericClass, NumericArrayConstructor>
> = {
  double: Float64Array,
  single: Float32Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
};

/** The numeric classes. */
const numericClasses = Object.keys(numericArrays) as NumericClass[];

/** Numeric class of an array class's number. */
export const classOfNumber: ReadonlyMap<number, NumericClass> = new Map(
  numericClasses.map((name) => [arrayClass[name], name]),
);

/** Numeric class in which an element type stores its numbers. */
export const storageOfType: ReadonlyMap<number, NumericClass> = new Map(
  numericClasses.map((name) => [elementType[name], name]),
);

/** Numeric class of an array. */
export function numericClassOf(data: NumericArray): NumericClass {
  for (const name of numericClasses) {
    if (data instanceof numericArrays[name]) return name;
  }
  throw new TypeError(
    "Cannot tell the numeric class: received something that is not an array of numbers",
  );
}

/** Number of elements of an array with these sizes. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}

/** Rounds up to a multiple of 8, the alignment of elements. */
export function align8(length: number): number {
  return Math.ceil(length / 8) * 8;
}

/**
 * Memory that the content of a file of some length may need by default
 * otherwise, in bytes: enough for any model, too little for a small file that
 * unpacks to gigabytes.
 */
export function defaultBudget(fileLength: number): number {
  return 64 * 2 ** 20 + 16 * fileLength;
}
