/** Writes MATLAB level 5 files, little-endian; compressed as `save -v7` does, or not (`-v6`). */
import { canDeflate, deflate } from "../platform/zlib.ts";
import { canonicalNaN } from "./nan.ts";
import { header } from "./header.ts";
import {
  align8,
  arrayClass,
  arrayFlag,
  defaultBudget,
  elementCount,
  elementType,
  maxNameLength,
  numericArrays,
} from "./layout.ts";
import type {
  MatChar,
  MatSparse,
  MatStruct,
  MatValue,
  MatVariables,
} from "./types.ts";

/** How a file is written. */
export interface EncodeOptions {
  /**
   * Whether to compress the variables (`-v7`). Defaults to true, except in
   * browsers, which cannot compress. A large variable that would shrink very
   * much stays uncompressed, because `decodeMat()` would refuse it.
   */
  readonly compress?: boolean;
}

/** Largest element: its length has 32 bits. */
const maxElementLength = 2 ** 32 - 9;

/**
 * Writes variables as a MATLAB file, in their order. The same variables give
 * the same bytes.
 *
 * Source: MATLAB "MAT-File Format", level 5.
 *
 * @throws {RangeError} if a name is empty, too long or has control characters,
 * or a variable is larger than 4 GiB
 * @throws {TypeError} if a value contradicts itself (data and sizes)
 */
export function encodeMat(
  variables: MatVariables | Readonly<Record<string, MatValue>>,
  options: EncodeOptions = {},
): Uint8Array<ArrayBuffer> {
  const entries = variables instanceof Map
    ? variables
    : new Map(Object.entries(variables));
  return joined([...matPieces(entries as MatVariables, options)]);
}

/**
 * The bytes of a MATLAB file, a few pieces for each variable: each is asked for
 * when those before it are packed, so that not all have to be in memory.
 *
 * @param variables by name, each name once
 * @throws as `encodeMat`
 */
export function* matPieces(
  variables: Iterable<readonly [string, MatValue]>,
  options: EncodeOptions = {},
): Generator<Uint8Array<ArrayBuffer>> {
  yield header();
  yield* matVariables(variables, options);
}

/**
 * What follows the header of a MATLAB file, piece by piece.
 *
 * @param variables by name, each name once
 * @throws as `encodeMat`
 */
export function* matVariables(
  variables: Iterable<readonly [string, MatValue]>,
  options: EncodeOptions = {},
): Generator<Uint8Array<ArrayBuffer>> {
  const compress = options.compress ?? canDeflate;
  let content = 0;
  let written = 0;
  for (const [name, value] of variables) {
    const variable = joined(matrixElement(name, value));
    content += variable.length;
    if (compress) {
      const packed = deflate(variable);
      // What packs too well looks like a bomb: decodeMat() would refuse it.
      if (content <= defaultBudget(written + packed.length) / 2) {
        yield tag(elementType.compressed, packed.length);
        yield packed;
        written += 8 + packed.length;
        continue;
      }
    }
    yield variable;
    written += variable.length;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** What an element begins with. */
export function tag(type: number, length: number): Uint8Array<ArrayBuffer> {
  if (length > maxElementLength) {
    throw new RangeError(
      `Cannot write a MATLAB file: received ${length} bytes in one variable, allowed are ${maxElementLength}`,
    );
  }
  return new Uint8Array(Uint32Array.of(type, length).buffer);
}

function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** One element: tag, data, padding; up to four bytes go into the tag. */
export function element(type: number, array: ArrayBufferView): Uint8Array[] {
  const data = bytesOf(canonicalNaN(array));
  if (data.length >= 1 && data.length <= 4) {
    const small = new Uint8Array(8);
    small.set(bytesOf(Uint32Array.of(type | (data.length << 16))));
    small.set(data, 4);
    return [small];
  }
  const padding = new Uint8Array(align8(data.length) - data.length);
  return [tag(type, data.length), data, padding];
}

/** Bytes of a name. */
export function encodeName(name: string): Uint8Array {
  const bytes = new TextEncoder().encode(name);
  // deno-lint-ignore no-control-regex
  if (bytes.length > maxNameLength || /[\x00-\x1f]/.test(name)) {
    throw new RangeError(
      `Cannot write a MATLAB file: received the name ${
        JSON.stringify(name)
      }, allowed are up to ${maxNameLength} bytes without control characters`,
    );
  }
  return bytes;
}

/** A variable (or, with an empty name, the content of a cell or field). */
function matrixElement(
  name: string,
  value: MatValue,
  nested = false,
): Uint8Array[] {
  if (name === "" && !nested) {
    throw new RangeError("Cannot write a MATLAB file: received an empty name");
  }
  if (value.kind === "opaque") {
    return [
      tag(elementType.matrix, align8(value.content.length)),
      value.content,
      new Uint8Array(align8(value.content.length) - value.content.length),
    ];
  }
  const { classNumber, flags, reserved, dims, body } = describeArray(value);
  const parts = [
    ...element(
      elementType.uint32,
      Uint32Array.of(classNumber | (flags << 8), reserved),
    ),
    ...element(elementType.int32, Int32Array.from(dims)),
    ...element(elementType.int8, encodeName(name)),
    ...body,
  ];
  return [tag(elementType.matrix, lengthOf(parts)), ...parts];
}

/** What the element of an array says, by its kind. */
function describeArray(value: Exclude<MatValue, { kind: "opaque" }>): {
  classNumber: number;
  flags: number;
  reserved: number;
  dims: readonly number[];
  body: Uint8Array[];
} {
  const plain = { flags: 0, reserved: 0, dims: value.dims };
  switch (value.kind) {
    case "numeric": {
      const type = elementType[value.class];
      checkNumeric(value.class, value.data, value.dims);
      const body = element(type, value.data);
      if (value.imaginary) {
        checkNumeric(value.class, value.imaginary, value.dims);
        body.push(...element(type, value.imaginary));
      }
      const flags = value.imaginary ? arrayFlag.complex : 0;
      return { ...plain, classNumber: arrayClass[value.class], flags, body };
    }
    case "logical":
      checkNumeric("uint8", value.data, value.dims);
      return {
        ...plain,
        classNumber: arrayClass.uint8,
        flags: arrayFlag.logical,
        body: element(elementType.uint8, value.data),
      };
    case "char":
      return { ...plain, classNumber: arrayClass.char, ...encodeChar(value) };
    case "cell":
      checkCount(value.cells.length, value.dims);
      return {
        ...plain,
        classNumber: arrayClass.cell,
        body: value.cells.flatMap((cell) => matrixElement("", cell, true)),
      };
    case "struct":
      return {
        ...plain,
        classNumber: arrayClass.struct,
        body: encodeStruct(value),
      };
    case "sparse":
      return {
        ...plain,
        classNumber: arrayClass.sparse,
        flags: (value.logical ? arrayFlag.logical : 0) |
          (value.imaginary ? arrayFlag.complex : 0),
        // Room for at least one entry, as MATLAB wants it.
        reserved: Math.max(1, value.rowIndices.length),
        body: encodeSparse(value),
      };
  }
}

function checkCount(length: number, dims: readonly number[]): void {
  if (dims.length < 2 || elementCount(dims) !== length) {
    throw new TypeError(
      `Cannot write a MATLAB file: received ${length} values for sizes ${
        dims.join("x")
      }`,
    );
  }
}

function checkNumeric(
  numericClass: keyof typeof numericArrays,
  data: { readonly length: number },
  dims: readonly number[],
): void {
  if (!(data instanceof numericArrays[numericClass])) {
    throw new TypeError(
      `Cannot write a MATLAB file: received data that is not of class ${numericClass}`,
    );
  }
  checkCount(data.length, dims);
}

function encodeChar(
  value: MatChar,
): { dims: readonly number[]; body: Uint8Array[] } {
  const columns = Math.max(0, ...value.rows.map((row) => row.length));
  if (columns === 0) {
    return {
      dims: [0, 0],
      body: element(elementType.utf16, new Uint16Array()),
    };
  }
  const rowCount = value.rows.length;
  const units = new Uint16Array(rowCount * columns).fill(0x20);
  value.rows.forEach((row, r) => {
    for (let column = 0; column < row.length; column++) {
      units[column * rowCount + r] = row.charCodeAt(column);
    }
  });
  return {
    dims: [rowCount, columns],
    body: element(elementType.utf16, units),
  };
}

function encodeStruct(value: MatStruct): Uint8Array[] {
  const names = [...value.fields.keys()].map(encodeName);
  // Octave and MATLAB write names of 32 bytes, or 64 where one is longer.
  const width = names.some((name) => name.length > 31) ? 64 : 32;
  const table = new Uint8Array(width * names.length);
  names.forEach((name, i) => table.set(name, i * width));
  for (const values of value.fields.values()) {
    checkCount(values.length, value.dims);
  }
  const body = [
    ...element(elementType.int32, Int32Array.of(width)),
    ...element(elementType.int8, table),
  ];
  const count = names.length === 0 ? 0 : elementCount(value.dims);
  for (let index = 0; index < count; index++) {
    for (const values of value.fields.values()) {
      body.push(...matrixElement("", values[index], true));
    }
  }
  return body;
}

function encodeSparse(value: MatSparse): Uint8Array[] {
  const entries = value.rowIndices.length;
  const counts = [
    value.data.length,
    value.imaginary?.length ?? entries,
    value.columnStarts[value.dims[1]],
  ];
  if (
    value.columnStarts.length !== value.dims[1] + 1 ||
    counts.some((count) => count !== entries)
  ) {
    throw new TypeError(
      `Cannot write a MATLAB file: received a sparse ${
        value.dims.join("x")
      } matrix whose rows, columns and values contradict each other`,
    );
  }
  const body = [
    ...element(elementType.int32, value.rowIndices),
    ...element(elementType.int32, value.columnStarts),
  ];
  if (value.logical) {
    body.push(...element(elementType.uint8, Uint8Array.from(value.data)));
  } else {
    body.push(...element(elementType.double, value.data));
  }
  if (value.imaginary) {
    body.push(...element(elementType.double, value.imaginary));
  }
  return body;
}
