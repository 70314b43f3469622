/** Reading MATLAB's level 5 format: files of other programs, and what is none. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { deflateSync, gzipSync } from "node:zlib";
import { ModelFileError } from "../../lib/errors.ts";
import { npyOf } from "../../lib/formats/npz.ts";
import {
  decodeMat,
  encodeMat,
  logicalVector,
  matrix,
  numeric,
  scalar,
  text,
  vector,
} from "../../lib/mat5/mod.ts";
import { get, numbersOf, part, read } from "./mat_files.ts";

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

const encoder = new TextEncoder();

function fileWith(start: string, length = 600): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set(encoder.encode(start));
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
        ...encoder.encode("HDF\r\n\x1a\n"),
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
    ["a NumPy array", npyOf({ data: new Float64Array(9) }), /\.npy/],
    ["a gzip file", gzipSync(encodeMat({})), /gzip.*gunzip/],
    [
      "what Git LFS keeps",
      fileWith("version https://git-lfs.github.com/spec/v1"),
      /git lfs pull/,
    ],
    ["a web page", fileWith("\n<!DOCTYPE html><html>"), /web page.*download/],
    ["a table", encoder.encode("1, 2\r\n".repeat(40)), /received text/],
    ["other bytes", fileWith("hello, world"), /not a MATLAB level 5 file/],
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

/** Unsigned words as bytes, of either byte order. */
function words(littleEndian: boolean, ...numbers: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((number, i) => view.setUint32(4 * i, number, littleEndian));
  return new Uint8Array(view.buffer);
}

/** A file of one variable "v" of some class, 1×1, and of one number "n" behind it. */
function fileOf(
  classNumber: number,
  body: Uint8Array,
  littleEndian = true,
): Uint8Array {
  const w = (...numbers: number[]) => words(littleEndian, ...numbers);
  const array = (class_: number, name: number, rest: Uint8Array) => {
    const content = Uint8Array.of(
      ...w(6, 8, class_, 0, 5, 8, 1, 1, 1, 1),
      ...Uint8Array.of(name, 0, 0, 0, 0, 0, 0, 0),
      ...rest,
    );
    return Uint8Array.of(...w(14, content.length), ...content);
  };
  const header = encodeMat({}).slice();
  if (!littleEndian) header.set([1, 0, 0x4d, 0x49], 124);
  return Uint8Array.of(
    ...header,
    ...array(classNumber, 0x76, body),
    ...array(12, 0x6e, w(5, 4, 7, 0)),
  );
}

/** Body of a structure with two fields "b". */
function doubled(littleEndian = true): Uint8Array {
  const w = (...numbers: number[]) => words(littleEndian, ...numbers);
  const names = Uint8Array.of(0x62, ...new Array(7).fill(0));
  return Uint8Array.of(...w(5, 4, 8, 0), ...w(1, 16), ...names, ...names);
}

for (
  const [what, file, reason] of [
    [
      "a structure with a doubled field",
      fileOf(2, doubled()),
      'field "b" twice in "v"',
    ],
    ["a class of its own", fileOf(99, words(true, 9, 0)), "unknown class 99"],
  ] as const
) {
  Deno.test(`decodeMat() keeps ${what} as it is, with a remark`, () => {
    const remarks: string[] = [];
    const variables = decodeMat(file, {
      onRemark: (remark) => remarks.push(remark),
    });
    assert.equal(get(variables, "v").kind, "opaque");
    assert.equal(scalar(get(variables, "n")), 7);
    assert.equal(remarks.length, 1);
    assert.match(remarks[0], /^variable "v" is kept as it is, and not read/);
    assert.ok(remarks[0].includes(reason), remarks[0]);
    const again = decodeMat(encodeMat(variables));
    assert.deepEqual(again, variables);
  });
}

for (
  const [what, classNumber, body] of [
    ["an object", 3, words(false, 1, 0)],
    ["a function handle", 16, words(false, 1, 0)],
    ["a structure with a doubled field", 2, doubled(false)],
  ] as const
) {
  Deno.test(`decodeMat() leaves out ${what} in a big-endian file, with a remark`, () => {
    const remarks: string[] = [];
    const variables = decodeMat(fileOf(classNumber, body, false), {
      onRemark: (remark) => remarks.push(remark),
    });
    assert.deepEqual([...variables.keys()], ["n"]);
    assert.equal(scalar(get(variables, "n")), 7);
    assert.match(remarks[0], /^variable "v" is left out/);
  });
}

for (const flags of [0x0200, 0]) {
  for (const type of [9, 2]) {
    Deno.test(`decodeMat() reads sparse entries of one byte each, flags ${flags}, type ${type}`, () => {
      const body = Uint8Array.of(
        ...words(true, 5, 4, 0, 0), // row of the entry
        ...words(true, 5, 8, 0, 1), // where columns begin
        ...words(true, type, 1, 1, 0), // one entry of one byte
      );
      const value = get(decodeMat(fileOf(5 | flags, body)), "v");
      assert.equal(part(value, "kind"), "sparse");
      assert.equal(part(value, "logical"), flags !== 0);
      assert.deepEqual(vector(value), Float64Array.of(1));
      assert.deepEqual(get(decodeMat(encodeMat({ v: value })), "v"), value);
    });
  }
}

Deno.test("decodeMat() reads sparse truth values as Octave writes them, of class uint8", () => {
  const body = Uint8Array.of(
    ...words(true, 5, 4, 0, 0),
    ...words(true, 5, 8, 0, 1),
    ...words(true, 9, 8, 0, 0x3ff00000), // 1 as a double
  );
  const value = get(decodeMat(fileOf(9 | 0x0200, body)), "v");
  assert.equal(part(value, "kind"), "sparse");
  assert.equal(part(value, "logical"), true);
  assert.deepEqual(vector(value), Float64Array.of(1));
});
