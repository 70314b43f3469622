/** Arrays in the order of other programs. */

/** Any of JavaScript's typed arrays of numbers. */
interface Numbers {
  readonly length: number;
  [index: number]: number | bigint;
  slice(): Numbers;
}

/**
 * Column-major values, as MATLAB and Fortran have them, row by row.
 *
 * @param data column-major, as many as the sizes say
 * @param shape sizes, any number of them
 */
export function rowMajor<Data extends Numbers>(
  data: Data,
  shape: readonly number[],
): Data {
  const result = data.slice() as Data;
  const index = new Array<number>(shape.length).fill(0);
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
