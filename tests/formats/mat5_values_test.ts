/** What values of MATLAB files are as numbers and text. */
import assert from "node:assert/strict";
import {
  cell,
  char,
  fromRowMajor,
  logicalVector,
  matrix,
  numeric,
  scalar,
  text,
  vector,
} from "../../lib/mat5/mod.ts";
import { get, read } from "./mat_files.ts";

Deno.test("matrix() and fromRowMajor() are inverse", () => {
  const rowMajor = Float64Array.of(1, 2, 3, 4, 5, 6);
  const value = fromRowMajor(rowMajor, 2, 3);
  assert.deepEqual(value.data, Float64Array.of(1, 4, 2, 5, 3, 6));
  assert.deepEqual(matrix(value), { rows: 2, columns: 3, data: rowMajor });
});

Deno.test("vector() gives a sparse matrix in the file's order", () => {
  const sparse = get(read("octave_v6.mat"), "sp");
  assert.deepEqual(
    vector(sparse),
    Float64Array.of(10, 0, 30, 0, 0, 0, 0, 0, 0, 0, 24.5, 0),
  );
});

Deno.test("scalar(), text() and logicalVector() say what they received", () => {
  assert.throws(
    () => scalar(numeric(Float64Array.of(1, 2))),
    /received 1x2 double, allowed is 1x1/,
  );
  assert.throws(() => scalar(char("a")), /received 1x1 char/);
  assert.throws(() => text(numeric(1)), /received 1x1 double/);
  assert.equal(text(cell([char("inside")])), "inside");
  assert.throws(
    () => logicalVector(numeric(Float64Array.of(0, 2))),
    /received 2 at position 1/,
  );
  assert.throws(
    () => numeric(Float64Array.of(1, 2), [3, 1]),
    /received 2 values for sizes 3x1/,
  );
});

Deno.test("matrix() refuses to make a huge sparse matrix dense", () => {
  assert.throws(
    () =>
      matrix({
        kind: "sparse",
        dims: [2 ** 30, 2 ** 20],
        logical: false,
        rowIndices: new Int32Array(),
        columnStarts: new Int32Array(2 ** 20 + 1),
        data: new Float64Array(),
      }),
    RangeError,
  );
});
