/** Takes numbers and text out of MATLAB values, and makes values of them. */
import type {
  MatCell,
  MatChar,
  MatLogical,
  MatNumeric,
  MatStruct,
  MatValue,
  NumericArray,
} from "./types.ts";
import { arrayClass, elementCount, numericClassOf } from "./layout.ts";

/** Largest dense matrix made of a sparse one: 2^26 numbers, 512 MiB. */
const maxDense = 2 ** 26;

/** A matrix of numbers, row-major. */
export interface Matrix {
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly columns: number;
  /** rows×columns, row-major. */
  readonly data: Float64Array;
}

/** Describes a value for error messages: `2x3 double`. */
export function describe(value: MatValue): string {
  switch (value.kind) {
    case "numeric": {
      const complex = value.imaginary ? "complex " : "";
      return `${value.dims.join("x")} ${complex}${value.class}`;
    }
    case "opaque":
      return [arrayClass.object, arrayClass.functionHandle, arrayClass.opaque]
          .some((known) => known === value.class)
        ? "object or function handle"
        : "something of a kind that is not read";
    default:
      return `${value.dims.join("x")} ${value.kind}`;
  }
}

/** Numbers of a real numeric or logical value, in the file's order (column-major). */
function realNumbers(value: MatValue): NumericArray {
  if (value.kind === "logical") return value.data;
  if (value.kind === "numeric" && !value.imaginary) return value.data;
  throw new TypeError(
    `Cannot take numbers: received ${
      describe(value)
    }, allowed are real numeric or logical arrays`,
  );
}

/**
 * The numbers of a value as a row-major matrix. Arrays of more than two
 * dimensions become rows×(product of the rest). int64 is rounded to the nearest
 * double.
 *
 * @throws {TypeError} if the value is not real numeric, logical or sparse
 * @throws {RangeError} if a sparse matrix is too large to be made dense
 */
export function matrix(value: MatValue): Matrix {
  const rows = value.kind === "opaque" ? 0 : value.dims[0];
  if (value.kind === "sparse") {
    const columns = value.dims[1];
    if (rows * columns > maxDense) {
      throw new RangeError(
        `Cannot make a sparse matrix dense: received ${rows}x${columns}, allowed are ${maxDense} numbers`,
      );
    }
    const data = new Float64Array(rows * columns);
    for (let column = 0; column < columns; column++) {
      const end = value.columnStarts[column + 1];
      for (let entry = value.columnStarts[column]; entry < end; entry++) {
        data[value.rowIndices[entry] * columns + column] = value.data[entry];
      }
    }
    return { rows, columns, data };
  }
  const numbers = realNumbers(value);
  const columns = rows === 0 ? 0 : numbers.length / rows;
  const data = new Float64Array(numbers.length);
  for (let column = 0, from = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++, from++) {
      data[row * columns + column] = Number(numbers[from]);
    }
  }
  return { rows, columns, data };
}

/**
 * The numbers of a value in the file's order; for a vector, simply its numbers.
 *
 * @throws {TypeError} if the value is not real numeric, logical or sparse
 */
export function vector(value: MatValue): Float64Array {
  if (value.kind === "sparse") {
    const { rows, columns, data } = matrix(value);
    return rows === 1 || columns === 1
      ? data
      : vector(numeric(transposed(data, rows, columns)));
  }
  const numbers = realNumbers(value);
  return numbers instanceof BigInt64Array || numbers instanceof BigUint64Array
    ? Float64Array.from(numbers, Number)
    : Float64Array.from(numbers);
}

/**
 * The one number of a 1×1 value.
 *
 * @throws {TypeError} if the value is not one real number or truth value
 */
export function scalar(value: MatValue): number {
  const numbers = vector(value);
  if (numbers.length !== 1) {
    throw new TypeError(
      `Cannot take a number: received ${describe(value)}, allowed is 1x1`,
    );
  }
  return numbers[0];
}

/**
 * The text of a value: a row of characters, or a cell that holds one, as Python
 * writes strings.
 *
 * @throws {TypeError} if the value is not one row of text
 */
export function text(value: MatValue): string {
  if (value.kind === "cell" && value.cells.length === 1) {
    return text(value.cells[0]);
  }
  if (value.kind === "char") {
    if (value.rows.length === 1) return value.rows[0];
    if (elementCount(value.dims) === 0) return "";
  }
  throw new TypeError(
    `Cannot take text: received ${
      describe(value)
    }, allowed is one row of characters`,
  );
}

/**
 * The truth values of a vector, each 0 or 1; numbers must be 0 or 1.
 *
 * @throws {TypeError} if the value is not real numeric, logical or sparse
 * @throws {RangeError} if a number is neither 0 nor 1
 */
export function logicalVector(value: MatValue): Uint8Array {
  const numbers = vector(value);
  const wrong = numbers.findIndex((number) => number !== 0 && number !== 1);
  if (wrong >= 0) {
    throw new RangeError(
      `Cannot take truth values: received ${
        numbers[wrong]
      } at position ${wrong}, allowed are 0 and 1`,
    );
  }
  return Uint8Array.from(numbers);
}

function checkedDims(
  length: number,
  dims: readonly number[],
): readonly number[] {
  const allowed = dims.length >= 2 &&
    dims.every((size) =>
      Number.isInteger(size) && size >= 0 && size < 2 ** 31
    ) &&
    elementCount(dims) === length;
  if (!allowed) {
    throw new TypeError(
      `Cannot make a MATLAB array: received ${length} values for sizes ${
        dims.join("x")
      }, allowed are at least two sizes whose product is the number of values`,
    );
  }
  return dims;
}

/**
 * A numeric value of the array's own class (Float32Array: single, …).
 *
 * @param data a number, or numbers in column-major order
 * @param dims sizes; a row when left out
 * @throws {TypeError} if the sizes do not fit
 */
export function numeric(
  data: number | NumericArray,
  dims?: readonly number[],
): MatNumeric {
  const numbers = typeof data === "number" ? Float64Array.of(data) : data;
  return {
    kind: "numeric",
    class: numericClassOf(numbers),
    dims: checkedDims(numbers.length, dims ?? [1, numbers.length]),
    data: numbers,
  };
}

/** Row-major rows×columns to column-major, or back with the sizes swapped. */
function transposed<A extends Float64Array | Float32Array | Uint8Array>(
  data: A,
  rows: number,
  columns: number,
): A {
  const result = data.slice() as A;
  if (rows === 1 || columns === 1) return result;
  for (let column = 0, to = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++, to++) {
      result[to] = data[row * columns + column];
    }
  }
  return result;
}

/**
 * A numeric value from a row-major matrix.
 *
 * @throws {TypeError} if the sizes do not fit
 */
export function fromRowMajor(
  data: Float64Array | Float32Array,
  rows: number,
  columns: number,
): MatNumeric {
  checkedDims(data.length, [rows, columns]);
  return numeric(transposed(data, rows, columns), [rows, columns]);
}

/**
 * A logical value; anything but 0 is true.
 *
 * @param data flags in column-major order
 * @param dims sizes; a row when left out
 * @throws {TypeError} if the sizes do not fit
 */
export function logical(
  data: boolean | ArrayLike<number>,
  dims?: readonly number[],
): MatLogical {
  const flags = typeof data === "boolean"
    ? Uint8Array.of(data ? 1 : 0)
    : Uint8Array.from(data, (flag) => flag === 0 ? 0 : 1);
  return {
    kind: "logical",
    dims: checkedDims(flags.length, dims ?? [1, flags.length]),
    data: flags,
  };
}

/** A row of text (0×0 when empty, as MATLAB writes ''). */
export function char(value: string): MatChar {
  return value === ""
    ? { kind: "char", dims: [0, 0], rows: [] }
    : { kind: "char", dims: [1, value.length], rows: [value] };
}

/**
 * A cell array.
 *
 * @param dims sizes; a row when left out
 * @throws {TypeError} if the sizes do not fit
 */
export function cell(
  cells: readonly MatValue[],
  dims?: readonly number[],
): MatCell {
  return {
    kind: "cell",
    dims: checkedDims(cells.length, dims ?? [1, cells.length]),
    cells,
  };
}

/** A 1×1 structure. */
export function struct(
  fields: Readonly<Record<string, MatValue>>,
): MatStruct {
  return {
    kind: "struct",
    dims: [1, 1],
    fields: new Map(
      Object.entries(fields).map(([name, value]) => [name, [value]]),
    ),
  };
}
