import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { ModelFileError } from "../../lib/errors.ts";
import {
  cell,
  char,
  decodeMat,
  encodeMat,
  fromRowMajor,
  logical,
  logicalVector,
  matrix,
  type MatValue,
  numeric,
  type NumericArray,
  scalar,
  struct,
  text,
  vector,
} from "../../lib/formats/mat5.ts";

const data = new URL("../data/mat/", import.meta.url);

function read(name: string): Map<string, MatValue> {
  return decodeMat(Deno.readFileSync(new URL(name, data)));
}

function get(variables: Map<string, MatValue>, name: string): MatValue {
  const value = variables.get(name);
  assert.ok(value, `no variable ${name}`);
  return value;
}

function part(value: MatValue, name: string): unknown {
  return (value as unknown as Record<string, unknown>)[name];
}

function numbersOf(value: MatValue): NumericArray {
  assert.equal(value.kind, "numeric");
  return (value as { data: NumericArray }).data;
}

for (
  const file of [
    "octave_v6.mat",
    "octave_v7.mat",
    "scipy.mat",
    "scipy_compressed.mat",
  ]
) {
  Deno.test(`decodeMat() reads every class in ${file}`, () => {
    const variables = read(file);
    const numbers = (name: string) => numbersOf(get(variables, name));
    assert.deepEqual(matrix(get(variables, "d")), {
      rows: 3,
      columns: 2,
      data: Float64Array.of(1, 2.5, -3, Infinity, 0, 5),
    });
    assert.deepEqual(numbers("f"), Float32Array.of(0.1, 3, -2, 4));
    assert.deepEqual(numbers("i8"), Int8Array.of(-128, 127));
    assert.deepEqual(numbers("u8"), Uint8Array.of(0, 255));
    assert.deepEqual(numbers("i16"), Int16Array.of(-32768, 32767));
    assert.deepEqual(get(variables, "i16"), {
      kind: "numeric",
      class: "int16",
      dims: [2, 1],
      data: Int16Array.of(-32768, 32767),
    });
    assert.deepEqual(numbers("u16"), Uint16Array.of(65535));
    assert.deepEqual(numbers("i32"), Int32Array.of(-(2 ** 31)));
    assert.deepEqual(numbers("u32"), Uint32Array.of(2 ** 32 - 1));
    // Octave reads its own script's number as a double first.
    const exact = file.startsWith("scipy") ? 1n : 0n;
    assert.deepEqual(
      numbers("i64"),
      BigInt64Array.of(-(2n ** 53n) - exact, 7n),
    );
    assert.deepEqual(numbers("u64"), BigUint64Array.of(2n ** 64n - 1n));
    assert.deepEqual(get(variables, "l"), {
      kind: "logical",
      dims: [2, 3],
      data: Uint8Array.of(1, 0, 0, 0, 1, 1),
    });
    assert.deepEqual(get(variables, "z"), {
      kind: "numeric",
      class: "double",
      dims: [1, 2],
      data: Float64Array.of(1, 3),
      imaginary: Float64Array.of(2, -4),
    });
    assert.equal(text(get(variables, "s")), "sigmoid");
    assert.equal(text(get(variables, "empty")), "");
    assert.match(text(get(variables, "accents")), /^naïve Ω/);
    assert.deepEqual(matrix(get(variables, "nothing")).data.length, 0);
    const cube = get(variables, "cube");
    assert.deepEqual(
      vector(cube),
      Float64Array.from({ length: 24 }, (_, i) => i + 1),
    );
    assert.deepEqual(part(cube, "dims"), [2, 3, 4]);
    assert.deepEqual(
      matrix(get(variables, "sp")).data,
      Float64Array.of(10, 0, 0, 0, 0, 0, 0, 24.5, 30, 0, 0, 0),
    );
    const cells = get(variables, "c");
    assert.ok(cells.kind === "cell");
    assert.deepEqual(cells.dims, [2, 2]);
    assert.equal(scalar(cells.cells[0]), 1);
    assert.deepEqual(vector(cells.cells[1]), Float64Array.of(3, 4));
    assert.equal(text(cells.cells[2]), "two");
    const structure = get(variables, "st");
    assert.ok(structure.kind === "struct");
    assert.deepEqual([...structure.fields.keys()], ["name", "value", "inner"]);
    assert.equal(text(structure.fields.get("name")![0]), "x");
    const inner = structure.fields.get("inner")![0];
    assert.ok(inner.kind === "struct");
    assert.deepEqual(
      logicalVector(inner.fields.get("deep")![0]),
      Uint8Array.of(1),
    );
    assert.equal(text(get(variables, "last")), "end");
  });
}

Deno.test("decodeMat() reads text of several rows and structure arrays by Octave", () => {
  const variables = read("octave_v7.mat");
  assert.deepEqual(get(variables, "rows"), {
    kind: "char",
    dims: [2, 3],
    rows: ["abc", "def"],
  });
  const structures = get(variables, "sts");
  assert.ok(structures.kind === "struct");
  const values = structures.fields.get("a")!;
  assert.equal(values.length, 3);
  assert.equal(text(values[1]), "b");
});

Deno.test("decodeMat() reads what scipy makes of Python's values", () => {
  const variables = read("scipy.mat");
  const count = get(variables, "python_int");
  assert.equal(part(count, "class"), "int64");
  assert.equal(scalar(count), 200);
  assert.equal(scalar(get(variables, "python_float")), 0.25);
  assert.equal(text(get(variables, "accents")), "naïve Ω 𝄞");
  assert.deepEqual(part(get(variables, "strings"), "rows"), [
    "go  ",
    "nogo",
  ]);
  assert.deepEqual(part(get(variables, "trailing"), "dims"), [
    4,
    2,
    1,
  ]);
});

Deno.test("decodeMat() reads big-endian files and small storage classes", () => {
  const variables = read("big_endian.mat");
  assert.deepEqual(
    matrix(get(variables, "d")).data,
    Float64Array.of(1, 2.5, -3, Infinity, 0, 5),
  );
  assert.deepEqual(
    numbersOf(get(variables, "f")),
    Float32Array.of(0.1, 3, -2, 4),
  );
  assert.deepEqual(
    numbersOf(get(variables, "i64")),
    BigInt64Array.of(-(2n ** 53n) - 1n, 7n),
  );
  assert.deepEqual(
    part(get(variables, "l"), "data"),
    Uint8Array.of(1, 0, 0, 0, 1, 1),
  );
  assert.equal(text(get(variables, "s")), "sigmoid");
  assert.deepEqual(numbersOf(get(variables, "n")), Float64Array.of(1, 2, -3));
});

Deno.test("decodeMat() reads past Octave's wrong length of four bytes of text", () => {
  const variables = read("octave_v6_four_bytes.mat");
  assert.deepEqual(part(get(variables, "four"), "rows"), [
    "ab",
    "cd",
  ]);
  assert.equal(scalar(get(variables, "last")), 7);
});

Deno.test("decodeMat() takes the last of variables with the same name", () => {
  assert.equal(
    scalar(get(read("octave_append.mat"), "opt_scaling_factor")),
    50,
  );
});

const shared = new TextEncoder();

function fileWith(start: string, length = 600): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set(shared.encode(start));
  return bytes;
}

for (
  const [what, bytes, message] of [
    ["an empty file", new Uint8Array(), /empty file/],
    [
      "a MATLAB 7.3 file",
      fileWith("MATLAB 7.3 MAT-file, Platform: GLNXA64"),
      /7\.3.*-v7/,
    ],
    [
      "an HDF5 file",
      Uint8Array.of(
        0x89,
        ...shared.encode("HDF\r\n\x1a\n"),
        ...new Uint8Array(200),
      ),
      /HDF5.*-v7/,
    ],
    [
      "a version 4 file",
      // Type 0 (double, full), 1×1, real, a name of 2 bytes.
      Uint8Array.of(
        ...[0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0],
        ...[0x61, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      ),
      /version 4.*-v7/,
    ],
    [
      "Octave's text format",
      fileWith("# Created by Octave 7.3.0"),
      /text format.*-v7/,
    ],
    ["Octave's binary format", fileWith("Octave-1-L"), /binary format.*-v7/],
    ["a zip file", fileWith("PK\x03\x04"), /zip/],
    ["text", fileWith("hello, world"), /no MATLAB level 5 file/],
    ["a few bytes", fileWith("MATLAB 5.0", 100), /100 bytes.*header of 128/],
  ] as const
) {
  Deno.test(`decodeMat() says so when it receives ${what}`, () => {
    assert.throws(() => decodeMat(bytes), { name: "ModelFileError", message });
  });
}

Deno.test("decodeMat() names other versions of the format", () => {
  const bytes = encodeMat({ a: numeric(1) });
  bytes.set([0, 2], 124);
  assert.throws(() => decodeMat(bytes), /7\.3.*-v7/);
  bytes.set([0, 3], 124);
  assert.throws(() => decodeMat(bytes), /0x0300/);
});

Deno.test("decodeMat() takes a Buffer as well", () => {
  const bytes = encodeMat({ a: numeric(Float64Array.of(1, 2)) }, {
    compress: false,
  });
  const value = get(decodeMat(Buffer.from(bytes)), "a");
  assert.deepEqual(vector(value), Float64Array.of(1, 2));
});

Deno.test("decodeMat() copies numbers out of the bytes", () => {
  const bytes = encodeMat({ a: numeric(7) }, { compress: false });
  const value = get(decodeMat(bytes), "a");
  bytes.fill(0);
  assert.equal(scalar(value), 7);
});

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

/** A compressed variable whose unpacked bytes are given. */
function compressed(content: Uint8Array): Uint8Array {
  const packed = deflateSync(content);
  const head = new Uint8Array(Uint32Array.of(15, packed.length).buffer);
  return Uint8Array.of(...encodeMat({}), ...head, ...packed);
}

Deno.test("decodeMat() refuses a variable that unpacks to more than it says or than is allowed", () => {
  const zeros = new Uint8Array(2 ** 20);
  const claims = (length: number) => {
    const content = zeros.slice();
    content.set(new Uint8Array(Uint32Array.of(14, length).buffer));
    return compressed(content);
  };
  assert.throws(() => decodeMat(claims(64)), ModelFileError);
  assert.throws(() => decodeMat(claims(2 ** 32 - 8)), /more than the \d+ MiB/);
  assert.throws(() => decodeMat(claims(2 ** 20)), ModelFileError);
});
