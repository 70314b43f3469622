/**
 * What a MATLAB file holds. Arrays keep the file's own order, column-major
 * (first index fastest); `matrix()` in `values.ts` gives them row-major.
 *
 * Source: MATLAB "MAT-File Format", level 5.
 */

/** Numeric classes, by MATLAB's names. */
export type NumericClass =
  | "double"
  | "single"
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64";

/** Numbers of a numeric class. */
export type NumericArray =
  | Float64Array
  | Float32Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** Numbers, real or complex. */
export interface MatNumeric {
  /** Kind of array. */
  readonly kind: "numeric";
  /** MATLAB class of the numbers. */
  readonly class: NumericClass;
  /** At least two sizes; rows first. */
  readonly dims: readonly number[];
  /** Column-major. */
  readonly data: NumericArray;
  /** Imaginary parts; absent if the array is real. */
  readonly imaginary?: NumericArray;
}

/** Truth values, 0 or 1. */
export interface MatLogical {
  /** Kind of array. */
  readonly kind: "logical";
  /** Size along each dimension. */
  readonly dims: readonly number[];
  /** Flags, 0 or 1, column-major. */
  readonly data: Uint8Array;
}

/**
 * Text: one string for each row. Arrays of more than two dimensions are
 * flattened to rows×rest.
 */
export interface MatChar {
  /** Kind of array. */
  readonly kind: "char";
  /** Size along each dimension. */
  readonly dims: readonly number[];
  /** Text, row by row. */
  readonly rows: readonly string[];
}

/** A cell array, column-major. */
export interface MatCell {
  /** Kind of array. */
  readonly kind: "cell";
  /** Size along each dimension. */
  readonly dims: readonly number[];
  /** Cells, column-major. */
  readonly cells: readonly MatValue[];
}

/**
 * A structure array: the values of each field, one for each element,
 * column-major.
 */
export interface MatStruct {
  /** Kind of array. */
  readonly kind: "struct";
  /** Size along each dimension. */
  readonly dims: readonly number[];
  /** Values of each field, element by element. */
  readonly fields: ReadonlyMap<string, readonly MatValue[]>;
}

/** A sparse matrix by compressed columns. */
export interface MatSparse {
  /** Kind of array. */
  readonly kind: "sparse";
  /** Size along each dimension. */
  readonly dims: readonly [number, number];
  /** Whether the values are truth values. */
  readonly logical: boolean;
  /** 0-based row of each entry. */
  readonly rowIndices: Int32Array;
  /** Where each column begins among the entries; one more than there are columns. */
  readonly columnStarts: Int32Array;
  /** Values that are stored, column by column. */
  readonly data: Float64Array;
  /** Imaginary parts of complex values. */
  readonly imaginary?: Float64Array;
}

/**
 * A variable that is kept but not understood: objects, function handles and
 * other kinds. It holds the little-endian bytes of the element's content.
 */
export interface MatOpaque {
  /** Kind of array. */
  readonly kind: "opaque";
  /** MATLAB's number for the class. */
  readonly class: number;
  /** Bytes of the element, as they were read. */
  readonly content: Uint8Array;
}

/** Any variable of a MATLAB file. */
export type MatValue =
  | MatNumeric
  | MatLogical
  | MatChar
  | MatCell
  | MatStruct
  | MatSparse
  | MatOpaque;

/** The variables of a file, in its order. */
export type MatVariables = ReadonlyMap<string, MatValue>;
