/** Arrays of numbers in MATLAB level 5 files: full and sparse ones. */
import { type Elements, unreadable, unsupported } from "./elements.ts";
import {
  arrayFlag,
  classOfNumber,
  elementCount,
  numericArrays,
} from "./layout.ts";
import type { MatNumeric, MatSparse, MatValue } from "./types.ts";

/** Numbers or truth values, real or complex. */
export function decodeNumeric(
  parts: Elements,
  classNumber: number,
  dims: number[],
  flags: number,
  shown: string,
): MatValue {
  const numericClass = classOfNumber.get(classNumber);
  if (numericClass === undefined) {
    throw unsupported(`received ${shown} of an unknown class ${classNumber}`);
  }
  const count = elementCount(dims);
  if (flags & arrayFlag.logical) {
    // Octave gives sparse truth values the class of full ones.
    if (parts.goesOn) return decodeSparse(parts, dims, flags, shown);
    const stored = parts.numbers(shown, count);
    parts.budget.charge(count);
    const data = new Uint8Array(count);
    for (let i = 0; i < count; i++) data[i] = Number(stored[i]) === 0 ? 0 : 1;
    return { kind: "logical", dims, data };
  }
  const value: MatNumeric = {
    kind: "numeric",
    class: numericClass,
    dims,
    data: parts.numbersOf(numericClass, shown, count),
  };
  if (!(flags & arrayFlag.complex)) return value;
  return {
    ...value,
    imaginary: parts.numbersOf(numericClass, shown, count),
  };
}

/** Rows, columns and values of what is not 0. */
export function decodeSparse(
  parts: Elements,
  dims: number[],
  flags: number,
  shown: string,
): MatSparse {
  if (dims.length !== 2) {
    throw unreadable(
      `received sparse ${shown} of sizes ${
        dims.join("x")
      }, allowed are two sizes`,
    );
  }
  const [rows, columns] = dims;
  const rowIndices = parts.integers(`the rows of ${shown}`);
  const columnStarts = parts.integers(`the columns of ${shown}`, columns + 1);
  const entries = columnStarts[columns];
  const values = (): Float64Array => {
    const numbers = parts.sparseNumbers(shown, entries);
    parts.budget.charge(
      numbers.length * numericArrays.double.BYTES_PER_ELEMENT,
    );
    return Float64Array.from(numbers as Float64Array, Number);
  };
  const data = values();
  const imaginary = flags & arrayFlag.complex ? values() : undefined;
  const sound = columnStarts[0] === 0 &&
    columnStarts.every((start, c) => c === 0 || start >= columnStarts[c - 1]) &&
    rowIndices.length >= entries && data.length >= entries &&
    (imaginary === undefined || imaginary.length >= entries) &&
    rowIndices.subarray(0, entries).every((row) => row >= 0 && row < rows);
  if (!sound) {
    throw unreadable(
      `received sparse ${shown} whose rows and columns contradict each other`,
    );
  }
  return {
    kind: "sparse",
    dims: [rows, columns],
    logical: (flags & arrayFlag.logical) !== 0,
    // Room kept for further entries is not content.
    rowIndices: rowIndices.slice(0, entries),
    columnStarts,
    data: data.slice(0, entries),
    ...(imaginary && { imaginary: imaginary.slice(0, entries) }),
  };
}
