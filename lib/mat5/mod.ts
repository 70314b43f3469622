/**
 * MATLAB level 5 files: `decodeMat()` and `encodeMat()`, and what takes numbers
 * and text out of values or makes values of them.
 */
export type {
  MatCell,
  MatChar,
  MatLogical,
  MatNumeric,
  MatOpaque,
  MatSparse,
  MatStruct,
  MatValue,
  MatVariables,
  NumericArray,
  NumericClass,
} from "./types.ts";
export { decodeMat, type DecodeOptions } from "./reader.ts";
export { encodeMat, type EncodeOptions } from "./writer.ts";
export {
  cell,
  char,
  describe,
  fromRowMajor,
  logical,
  logicalVector,
  type Matrix,
  matrix,
  numeric,
  scalar,
  struct,
  text,
  vector,
} from "./values.ts";
