/** Files that were cut, damaged or made to do harm: a typed error or a sound reading, soon. */
import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import {
  cell,
  char,
  decodeMat,
  encodeMat,
  type MatValue,
  numeric,
} from "../../lib/mat5/mod.ts";
import { decodeModel, encodeModel } from "../../lib/formats/model_file.ts";
import { damaged, numbersFrom } from "./mutate.ts";
import { fullModel, network } from "./samples.ts";
import { assertSound } from "./sound.ts";
import type { Model } from "../../lib/network/records.ts";

const folder = new URL("../data/mat/", import.meta.url);
const files = [...Deno.readDirSync(folder)]
  .map(({ name }) => name).filter((name) => name.endsWith(".mat")).sort();

/** Runs a reader; fails on anything that it throws but a ModelFileError. */
function reads(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    assert.equal(
      (error as Error)?.name,
      "ModelFileError",
      (error as Error)?.stack,
    );
  }
}

for (const file of files) {
  const bytes = Deno.readFileSync(new URL(file, folder));

  Deno.test(`decodeMat() reads or refuses ${file} cut at every byte`, () => {
    const whole = decodeMat(bytes).size;
    for (let length = 0; length < bytes.length; length++) {
      const cut = bytes.subarray(0, length);
      // Between two variables a cut cannot be told; then fewer are there.
      reads(() => assert.ok(decodeMat(cut).size <= whole));
    }
  });

  Deno.test(`decodeMat() reads or refuses ${file} with random damage`, () => {
    const next = numbersFrom(bytes.length);
    for (let run = 0; run < 250; run++) {
      reads(() => decodeMat(damaged(bytes, next)));
    }
  });
}

for (const compress of [true, false]) {
  for (const sizes of [[4], [3, 2]]) {
    const encoded = (model: Model) =>
      encodeMat(decodeMat(encodeModel(model)), { compress });

    Deno.test(`decodeModel() gives a sound model of layers ${sizes} or refuses the file cut at every byte, compressed ${compress}`, () => {
      const bytes = encoded({ network: network(sizes) });
      for (let length = 0; length < bytes.length; length++) {
        reads(() => assertSound(decodeModel(bytes.subarray(0, length))));
      }
    });

    Deno.test(`decodeModel() gives a sound model of layers ${sizes} or refuses the damaged file, compressed ${compress}`, () => {
      const bytes = encoded(fullModel(sizes));
      const next = numbersFrom(sizes.length + 17);
      for (let run = 0; run < 600; run++) {
        reads(() => assertSound(decodeModel(damaged(bytes, next))));
      }
    });
  }
}

Deno.test("decodeModel() notices every flipped bit of a compressed network", () => {
  const model: Model = { network: network([2]) };
  const bytes = encodeModel(model);
  for (let at = 128; at < bytes.length; at++) {
    const copy = bytes.slice();
    copy[at] ^= 1 << (at % 8);
    try {
      const read = decodeModel(copy);
      assert.deepEqual(read.network, model.network, `byte ${at}`);
    } catch (error) {
      assert.equal((error as Error).name, "ModelFileError", String(error));
    }
  }
});

/** Little-endian 32-bit words. */
function words(...numbers: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(numbers).buffer);
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const head = encodeMat({});

/** A variable "a" of some class and sizes, with a body. */
function variable(
  mxClass: number,
  dims: number[],
  body: Uint8Array,
): Uint8Array {
  const padding = new Uint8Array(dims.length % 2 === 1 ? 4 : 0);
  const content = joined(
    words(6, 8, mxClass, 0),
    words(5, 4 * dims.length, ...dims),
    padding,
    words(1 | (1 << 16), 0x61),
    body,
  );
  return joined(words(14, content.length), content);
}

function compressed(content: Uint8Array): Uint8Array {
  const packed = deflateSync(content);
  const bytes = new Uint8Array(head.length + 8 + packed.length);
  bytes.set(head);
  bytes.set(words(15, packed.length), head.length);
  bytes.set(packed, head.length + 8);
  return bytes;
}

const big = 2 ** 31 - 1;
const hostile: [string, () => Uint8Array, RegExp][] = [
  [
    "absurd sizes",
    () => joined(head, variable(6, [big, big], words(9, 0))),
    /array sizes/,
  ],
  [
    "more values than bytes",
    () => joined(head, variable(6, [1e6, 1e3], words(9, 8, 0, 0))),
    /MiB allowed|expected 1000000000 values/,
  ],
  [
    "negative sizes",
    () => joined(head, variable(6, [0xffffffff, 1], words(9, 0))),
    /received/,
  ],
  [
    "one size",
    () => joined(head, variable(6, [1], words(9, 8, 0, 0))),
    /array sizes 1, allowed/,
  ],
  [
    "40 sizes",
    () => joined(head, variable(6, Array(40).fill(1), words(9, 8, 0, 0))),
    /2 to 32 sizes/,
  ],
  [
    "a billion cells",
    () => joined(head, variable(1, [1e9, 1], words(14, 0))),
    /ends before a cell/,
  ],
  ["a billion structures", () =>
    joined(
      head,
      variable(
        2,
        [1e9, 1],
        joined(words(5 | (4 << 16), 8), words(1, 8, 0x62, 0)),
      ),
    ), /ends before field "b"/],
  [
    "field names of no length",
    () => joined(head, variable(2, [1, 1], words(5 | (4 << 16), 0, 1, 0))),
    /field names/,
  ],
  ["an unknown element", () => joined(head, words(77, 0)), /type 77/],
  [
    "a small element of 6 bytes",
    () => joined(head, variable(6, [1, 1], words(9 | (6 << 16), 0))),
    /small element/,
  ],
  [
    "a length past the end",
    () => joined(head, words(14, 0xfffffff8)),
    /where the file has 0 left/,
  ],
  [
    "compression within compression",
    () => compressed(compressed(words(14, 0)).subarray(128)),
    /type 15/,
  ],
  [
    "sparse rows past the end",
    () =>
      joined(
        head,
        variable(
          5,
          [2, 1],
          joined(words(5 | (4 << 16), 9), words(5, 8, 0, 1), words(9, 8, 0, 0)),
        ),
      ),
    /contradict/,
  ],
  ["sparse columns that go back", () =>
    joined(
      head,
      variable(
        5,
        [2, 2],
        joined(
          words(5 | (4 << 16), 0),
          words(5, 12, 0, 5, 1, 0),
          words(9, 8, 0, 0),
        ),
      ),
    ), /contradict/],
  [
    "a billion sparse columns",
    () =>
      joined(
        head,
        variable(5, [1, 1e9], joined(words(5, 0), words(5, 0), words(9, 0))),
      ),
    /expected 1000000001 values/,
  ],
];
for (const [what, make, message] of hostile) {
  Deno.test(`decodeMat() refuses ${what}`, () => {
    assert.throws(() => decodeMat(make()), { name: "ModelFileError", message });
  });
}

Deno.test("decodeMat() refuses values nested too deep", () => {
  let value: MatValue = numeric(1);
  for (let depth = 0; depth < 60; depth++) value = cell([value]);
  assert.equal(decodeMat(encodeMat({ value })).size, 1);
  for (let depth = 0; depth < 200; depth++) value = cell([value]);
  assert.throws(() => decodeMat(encodeMat({ value })), {
    name: "ModelFileError",
    message: /nested more than 64 deep/,
  });
});

Deno.test("decodeMat() reads names and text that are no UTF-8", () => {
  const bytes = encodeMat({ ab: char("xy") }, { compress: false });
  const at = bytes.indexOf(0x61, 128);
  bytes[at] = 0xff;
  assert.deepEqual([...decodeMat(bytes).keys()], ["ÿb"]);
});

Deno.test("decodeMat() takes names like those of the prototype", () => {
  const names = ["__proto__", "constructor", "toString"];
  const variables = new Map(names.map((name) => [name, numeric(1)]));
  assert.deepEqual([...decodeMat(encodeMat(variables)).keys()], names);
});

/** Content of a variable "a" of empty cells, eight bytes each. */
function manyCells(count: number): Uint8Array {
  const content = new Uint8Array(56 + 8 * count);
  content.set(variable(1, [count, 1], new Uint8Array()));
  content.set(words(14, 48 + 8 * count));
  for (let at = 48; at < content.length; at += 8) content[at] = 14;
  return content;
}

// Each would be more than the 64 MiB that a small file may become.
const bombs: [string, () => Uint8Array][] = [
  ["128 MiB of zeros that say so", () => {
    const content = new Uint8Array(2 ** 27);
    content.set(variable(6, [2 ** 24 - 7, 1], words(9, 2 ** 27 - 56)));
    content.set(words(14, 2 ** 27 - 8));
    return compressed(content);
  }],
  ["128 MiB of zeros that say they are small", () => {
    const content = new Uint8Array(2 ** 27);
    content.set(words(14, 64));
    return compressed(content);
  }],
  ["a million empty cells", () => compressed(manyCells(1e6))],
  ["bytes that become doubles", () => {
    const count = 20e6;
    const content = new Uint8Array(count + 56);
    content.set(variable(6, [count, 1], words(2, count)));
    content.set(words(14, count + 48));
    return compressed(content);
  }],
];
for (const [what, make] of bombs) {
  Deno.test(`decodeMat() refuses ${what} without unpacking it`, () => {
    const bytes = make();
    assert.ok(bytes.length < 2 ** 21, `${bytes.length}`);
    assert.throws(() => decodeMat(bytes), { name: "ModelFileError" });
  });
}

Deno.test("decodeMat() reads more where it is allowed to", () => {
  const bytes = compressed(manyCells(150_000));
  assert.throws(() => decodeMat(bytes), /option maxBytes allows more/);
  const read = decodeMat(bytes, { maxBytes: 2 ** 28 });
  const value = read.get("a");
  assert.ok(value?.kind === "cell");
  assert.equal(value.cells.length, 150_000);
});
