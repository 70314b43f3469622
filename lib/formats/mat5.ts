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
} from "./mat5/types.ts";
export { decodeMat, type DecodeOptions } from "./mat5/reader.ts";
export { encodeMat, type EncodeOptions } from "./mat5/writer.ts";
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
} from "./mat5/values.ts";
