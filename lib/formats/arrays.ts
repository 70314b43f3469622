/** Named arrays as MATLAB and NumPy files. */
import {
  cell,
  char,
  encodeMat,
  logical,
  type MatValue,
  numeric,
} from "../mat5/mod.ts";
import { encodeNpz } from "./npz.ts";

/** An array of numbers, row-major. */
export interface NumberArray {
  /** The numbers; a Uint8Array holds flags, 0 or 1. */
  readonly data: Float64Array | Float32Array | Uint32Array | Uint8Array;
  /** Sizes; none for a single number. */
  readonly shape: readonly number[];
  /**
   * Whether the numbers are indices, which MATLAB counts from 1 and NumPy from
   * 0.
   */
  readonly index?: boolean;
}

/** Texts. */
export interface TextArray {
  /** The texts. */
  readonly texts: readonly string[];
  /** `[]` for a single text; one dimension when left out. */
  readonly shape?: readonly [];
}

/** Formats by the ending of the file's name. */
export type ArrayFormat = "mat" | "npz";

/**
 * Writes arrays as a file: for MATLAB column by column, counted from 1, with at
 * least two dimensions; for NumPy row by row, counted from 0.
 *
 * @param format of the file
 * @param arrays by name
 * @returns the bytes of the file
 */
export function encodeArrays(
  format: ArrayFormat,
  arrays: Readonly<Record<string, NumberArray | TextArray>>,
): Uint8Array<ArrayBuffer> {
  if (format === "npz") return encodeNpz(arrays);
  return encodeMat(new Map(matValues(arrays)));
}

/** Arrays as MATLAB's values, each made when it is asked for. */
export function* matValues(
  arrays: Readonly<Record<string, NumberArray | TextArray>>,
): Generator<readonly [string, MatValue]> {
  for (const [name, array] of Object.entries(arrays)) {
    yield [name, "texts" in array ? matTexts(array) : matArray(array)];
  }
}

/** One number: an array of no dimensions. */
export function numberArray(value: number): NumberArray {
  return { data: Float64Array.of(value), shape: [] };
}

/** A row of numbers. */
export function rowArray(values: Iterable<number>): NumberArray {
  const data = Float64Array.from(values);
  return { data, shape: [data.length] };
}

/** A row of flags. */
export function flagArray(flags: readonly boolean[]): NumberArray {
  return { data: Uint8Array.from(flags, Number), shape: [flags.length] };
}

/** A row of numbers of things, which are counted from 0 here. */
export function indexArray(numbers: ArrayLike<number>): NumberArray {
  const data = Uint32Array.from(numbers);
  return { data, shape: [data.length], index: true };
}

function matTexts({ texts, shape }: TextArray): MatValue {
  return shape ? char(texts[0]) : cell(texts.map(char), [texts.length, 1]);
}

function matArray({ data, shape, index }: NumberArray): MatValue {
  const counted = index ? data.map((value) => value + 1) : data;
  // MATLAB's arrays have two dimensions or more.
  const sizes = shape.length < 2 ? [counted.length, 1] : shape;
  const turned = shape.length < 2 ? counted : columnMajor(counted, shape);
  return turned instanceof Uint8Array
    ? logical(turned, sizes)
    : numeric(turned, sizes);
}

/** Row-major numbers of any shape in column-major order. */
function columnMajor(
  data: NumberArray["data"],
  shape: readonly number[],
): NumberArray["data"] {
  const result = data.slice();
  const strides = shape.map((_, axis) =>
    shape.slice(axis + 1).reduce((product, n) => product * n, 1)
  );
  const index = new Array<number>(shape.length).fill(0);
  for (let to = 0; to < data.length; to++) {
    let from = 0;
    for (let axis = 0; axis < shape.length; axis++) {
      from += index[axis] * strides[axis];
    }
    result[to] = data[from];
    for (let axis = 0; axis < shape.length && ++index[axis] === shape[axis];) {
      index[axis++] = 0;
    }
  }
  return result;
}
