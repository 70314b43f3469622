/** Writing MATLAB's level 5 format, and reading it back. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  cell,
  char,
  decodeMat,
  encodeMat,
  logical,
  type MatValue,
  numeric,
  type NumericArray,
  struct,
} from "../../lib/mat5/mod.ts";
import { get } from "./mat_files.ts";

const arrays: fc.Arbitrary<NumericArray> = fc.oneof(
  fc.float64Array({ maxLength: 40 }),
  fc.float32Array({ maxLength: 40 }),
  fc.int8Array({ maxLength: 40 }),
  fc.uint8Array({ maxLength: 40 }),
  fc.int16Array({ maxLength: 40 }),
  fc.uint16Array({ maxLength: 40 }),
  fc.int32Array({ maxLength: 40 }),
  fc.uint32Array({ maxLength: 40 }),
  fc.bigInt64Array({ maxLength: 40 }),
  fc.bigUint64Array({ maxLength: 40 }),
);

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,40}$/);

const { value: anyValue } = fc.letrec<{ value: MatValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    arrays.map((array) => numeric(array)),
    arrays.map((array) => ({
      ...numeric(array, [array.length, 1]),
      imaginary: array,
    })),
    fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 9 })
      .map((flags) => logical(flags)),
    fc.string({ unit: "grapheme" }).map((line) => char(line)),
    fc.array(tie("value"), { maxLength: 4 }).map((cells) => cell(cells)),
    fc.dictionary(name, tie("value"), { maxKeys: 4, noNullPrototype: true })
      .map((fields) => struct(fields)),
  ),
}));

for (const compress of [true, false]) {
  Deno.test(`encodeMat() and decodeMat() are inverse, compress ${compress}`, () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, anyValue), { maxLength: 5 }),
        (entries) => {
          const variables = new Map(entries);
          const bytes = encodeMat(variables, { compress });
          assert.deepEqual(decodeMat(bytes), variables);
        },
      ),
      { numRuns: 200, seed: 1 },
    );
  });
}

Deno.test("encodeMat() gives the same bytes for the same variables", () => {
  const variables = { a: numeric(1), b: char("text") };
  assert.deepEqual(encodeMat(variables), encodeMat(variables));
});

Deno.test("encodeMat() gives every NaN the same bits", () => {
  const signed = Float64Array.of(1, NaN);
  new Uint32Array(signed.buffer).set([1, 0xfff80000], 2);
  const file = (data: Float64Array) =>
    encodeMat({ x: { kind: "numeric", class: "double", dims: [1, 2], data } });
  assert.deepEqual(file(signed), file(Float64Array.of(1, NaN)));
});

Deno.test("encodeMat() writes nothing that decodeMat() takes for a bomb", () => {
  const ones = numeric(new Float32Array(2 ** 21).fill(1));
  const names = Array.from({ length: 12 }, (_, i) => `ones${i}`);
  const variables = new Map(names.map((name) => [name, ones]));
  const bytes = encodeMat(variables);
  assert.ok(bytes.length < 6 * ones.data.byteLength);
  assert.deepEqual([...decodeMat(bytes).keys()], names);
});

Deno.test("encodeMat() keeps sparse matrices and text of several rows", () => {
  const variables = new Map<string, MatValue>([
    ["sp", {
      kind: "sparse",
      dims: [3, 2],
      logical: false,
      rowIndices: Int32Array.of(0, 2, 1),
      columnStarts: Int32Array.of(0, 2, 3),
      data: Float64Array.of(1, 2, 3),
    }],
    ["flags", {
      kind: "sparse",
      dims: [2, 2],
      logical: true,
      rowIndices: Int32Array.of(1),
      columnStarts: Int32Array.of(0, 0, 1),
      data: Float64Array.of(1),
    }],
    ["rows", { kind: "char", dims: [2, 3], rows: ["abc", "de "] }],
  ]);
  assert.deepEqual(decodeMat(encodeMat(variables)), variables);
});

Deno.test("encodeMat() carries objects along as they are", () => {
  const plain = encodeMat({ f: numeric(1) }, { compress: false });
  // A function handle: another class number in the array flags.
  plain[128 + 8 + 8] = 16;
  const variables = decodeMat(plain);
  assert.equal(get(variables, "f").kind, "opaque");
  assert.deepEqual(encodeMat(variables, { compress: false }), plain);
});

Deno.test("encodeMat() refuses names that no file can hold", () => {
  assert.throws(() => encodeMat({ "": numeric(1) }), RangeError);
  assert.throws(() => encodeMat({ ["a".repeat(64)]: numeric(1) }), RangeError);
  assert.throws(() => encodeMat({ "a\0b": numeric(1) }), RangeError);
});

Deno.test("encodeMat() refuses values that contradict themselves", () => {
  const wrong: MatValue[] = [
    {
      kind: "numeric",
      class: "double",
      dims: [2, 2],
      data: Float64Array.of(1),
    },
    {
      kind: "numeric",
      class: "single",
      dims: [1, 1],
      data: Float64Array.of(1),
    },
    { kind: "logical", dims: [1, 2], data: Uint8Array.of(1) },
    { kind: "cell", dims: [1, 2], cells: [] },
    { kind: "struct", dims: [1, 2], fields: new Map([["a", [numeric(1)]]]) },
  ];
  for (const value of wrong) {
    assert.throws(() => encodeMat({ value }), TypeError);
  }
});
