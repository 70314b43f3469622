import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import {
  decodeSafeTensors,
  encodeSafeTensors,
  type Tensor,
} from "../../lib/formats/safetensors.ts";
import { inFolder } from "../folder.ts";
import { testWith } from "../require.ts";
import { damaged, numbersFrom } from "./mutate.ts";

const tensors = new Map<string, Tensor>([
  ["flags", { shape: [3], data: Uint8Array.of(1, 0, 1) }],
  ["weights", { shape: [2, 2], data: Float32Array.of(1, 2, 3, NaN) }],
  ["loss", { shape: [], data: Float64Array.of(0.1) }],
  ["count", { shape: [1], data: BigInt64Array.of(-(2n ** 60n)) }],
  ["none", { shape: [0, 7], data: new Float32Array() }],
  ["__proto__", { shape: [2], data: Int16Array.of(-1, 2) }],
]);
const metadata = new Map([["format", "spikernn"], ["ümlaut", "ja\n"]]);

/** A file with a header and a number of zero bytes. */
function file(header: unknown, length = 0): Uint8Array {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const json = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + json.length + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

Deno.test("encodeSafeTensors() gives every NaN the same bits", () => {
  const bits = (negative: Float32Array | Float64Array) =>
    new Map([["x", { shape: [3], data: negative }]]);
  const wide = Float64Array.of(1, NaN, -Infinity);
  const narrow = Float32Array.of(1, NaN, -Infinity);
  const [wideSigned, narrowSigned] = [wide.slice(), narrow.slice()];
  new Uint32Array(wideSigned.buffer).set([1, 0xfff80000], 2);
  new Uint32Array(narrowSigned.buffer)[1] = 0xffc00001;
  for (const [plain, signed] of [[wide, wideSigned], [narrow, narrowSigned]]) {
    const before = signed.slice();
    assert.deepEqual(
      encodeSafeTensors(bits(signed)),
      encodeSafeTensors(bits(plain)),
    );
    assert.deepEqual(
      new Uint8Array(signed.buffer),
      new Uint8Array(before.buffer),
      "what was given stays as it is",
    );
  }
});

Deno.test("decodeSafeTensors() reads half precision as single, and truth values as 0 and 1", () => {
  const bytes = file({
    half: { dtype: "F16", shape: [4], data_offsets: [0, 8] },
    brain: { dtype: "BF16", shape: [2, 2], data_offsets: [8, 16] },
    flags: { dtype: "BOOL", shape: [3], data_offsets: [16, 19] },
  }, 19);
  // 1, -2, the smallest above 0, infinity; 1, -2, 2^-133, infinity.
  const bits = Uint16Array.of(
    ...[0x3c00, 0xc000, 0x0001, 0x7c00],
    ...[0x3f80, 0xc000, 0x0001, 0x7f80],
  );
  bytes.set(new Uint8Array(bits.buffer), bytes.length - 19);
  bytes.set([1, 0, 1], bytes.length - 3);
  const { tensors } = decodeSafeTensors(bytes);
  assert.deepEqual(tensors.get("half"), {
    shape: [4],
    data: Float32Array.of(1, -2, 2 ** -24, Infinity),
  });
  assert.deepEqual(tensors.get("brain"), {
    shape: [2, 2],
    data: Float32Array.of(1, -2, 2 ** -133, Infinity),
  });
  assert.deepEqual(tensors.get("flags"), {
    shape: [3],
    data: Uint8Array.of(1, 0, 1),
  });
});

Deno.test("encodeSafeTensors() and decodeSafeTensors() are inverse", () => {
  const read = decodeSafeTensors(encodeSafeTensors(tensors, metadata));
  assert.deepEqual(new Map(read.tensors), tensors);
  assert.deepEqual(read.metadata, metadata);
  const empty = decodeSafeTensors(encodeSafeTensors(new Map()));
  assert.equal(empty.tensors.size + empty.metadata.size, 0);
});

Deno.test("encodeSafeTensors() lays out the file as published", () => {
  const bytes = encodeSafeTensors(
    new Map([["a", { shape: [2], data: Float32Array.of(1, -2) }]]),
    new Map([["k", "v"]]),
  );
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  assert.equal(length % 8, 0);
  const header = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  assert.deepEqual(JSON.parse(header), {
    __metadata__: { k: "v" },
    a: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
  });
  assert.deepEqual(
    bytes.slice(8 + length),
    Uint8Array.of(0, 0, 128, 63, 0, 0, 0, 192),
  );
});

Deno.test("encodeSafeTensors() and decodeSafeTensors() are inverse for any tensors", () => {
  const data = fc.oneof(
    fc.float32Array(),
    fc.float64Array(),
    fc.int8Array(),
    fc.uint8Array(),
    fc.int16Array(),
    fc.uint16Array(),
    fc.int32Array(),
    fc.uint32Array(),
    fc.bigInt64Array(),
    fc.bigUint64Array(),
  ).map((data): Tensor => ({ shape: [data.length], data }));
  const name = fc.string({ unit: "grapheme" })
    .filter((name) => name !== "__metadata__");
  fc.assert(
    fc.property(
      fc.array(fc.tuple(name, data), { maxLength: 6 }),
      (entries) => {
        const given = new Map(entries);
        const read = decodeSafeTensors(encodeSafeTensors(given));
        assert.deepEqual(new Map(read.tensors), given);
      },
    ),
    { numRuns: 300, seed: 1 },
  );
});

const entry = (from: number, to: number, shape = [(to - from) / 4]) => ({
  dtype: "F32",
  shape,
  data_offsets: [from, to],
});
const refused: [string, Uint8Array, RegExp][] = [
  ["nothing", new Uint8Array(), /0 bytes/],
  ["a huge header", new Uint8Array(16).fill(0xff), /header of/],
  ["no JSON", file("{"), /not (a )?JSON/],
  [
    "no UTF-8",
    Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x22, 0xff),
    /not (a )?JSON/,
  ],
  ["a list", file([]), /not a JSON object/],
  ["a deep header", file("[".repeat(200_000)), /not (a )?JSON/],
  [
    "an unknown type",
    file({ a: { ...entry(0, 4), dtype: "F7" } }, 4),
    /"F7", allowed/,
  ],
  [
    "a type without end",
    file({ a: { ...entry(0, 4), dtype: "F".repeat(5000) } }, 4),
    /^.{0,250}$/,
  ],
  [
    "a nested type",
    file(`{"a":{"dtype":${"[".repeat(5000)}${"]".repeat(5000)}}}`),
    /not (a )?JSON/,
  ],
  [
    "a type of the prototype",
    file({ a: { ...entry(0, 4), dtype: "toString" } }, 4),
    /allowed are F32/,
  ],
  [
    "no offsets",
    file({ a: { dtype: "F32", shape: [1] } }, 4),
    /sizes and offsets/,
  ],
  ["fractions", file({ a: entry(0, 4, [0.5, 2]) }, 4), /sizes and offsets/],
  [
    "negative sizes",
    file({ a: entry(0, 4, [-1, -1]) }, 4),
    /sizes and offsets/,
  ],
  [
    "a wrong size",
    file({ a: entry(0, 4, [2]) }, 4),
    /received 4 bytes for tensor "a"/,
  ],
  [
    "an absurd size",
    file({ a: entry(0, 4, [2 ** 40, 2 ** 40]) }, 4),
    /for tensor "a"/,
  ],
  ["backwards", file({ a: entry(4, 0, [1]) }, 4), /for tensor "a"/],
  ["overlap", file({ a: entry(0, 8), b: entry(4, 12) }, 12), /overlap/],
  ["a gap", file({ a: entry(0, 4), b: entry(8, 12) }, 12), /gap/],
  ["too few bytes", file({ a: entry(0, 8) }, 4), /received 4 bytes/],
  ["too many bytes", file({ a: entry(0, 8) }, 12), /received 12 bytes/],
  ["metadata that is no text", file({ __metadata__: { k: 1 } }), /not text/],
];
for (const [what, bytes, message] of refused) {
  Deno.test(`decodeSafeTensors() refuses ${what}`, () => {
    assert.throws(() => decodeSafeTensors(bytes), {
      name: "ModelFileError",
      message,
    });
  });
}

Deno.test("decodeSafeTensors() refuses every truncation", () => {
  const bytes = encodeSafeTensors(tensors, metadata);
  for (let length = 0; length < bytes.length; length++) {
    assert.throws(() => decodeSafeTensors(bytes.subarray(0, length)), {
      name: "ModelFileError",
    });
  }
});

Deno.test("decodeSafeTensors() reads damaged files or refuses them with a typed error", () => {
  const bytes = encodeSafeTensors(tensors, metadata);
  const next = numbersFrom(9);
  for (let run = 0; run < 5000; run++) {
    try {
      decodeSafeTensors(damaged(bytes, next));
    } catch (error) {
      assert.equal((error as Error).name, "ModelFileError", String(error));
    }
  }
});

Deno.test("encodeSafeTensors() refuses what does not fit", () => {
  const wrong = { shape: [3], data: Float32Array.of(1) };
  assert.throws(() => encodeSafeTensors(new Map([["a", wrong]])), TypeError);
  const right = { shape: [1], data: Float32Array.of(1) };
  assert.throws(
    () => encodeSafeTensors(new Map([["__metadata__", right]])),
    RangeError,
  );
});

testWith(
  "safetensors",
  "encodeSafeTensors() is read by the safetensors package, and the other way round",
  async () => {
    await inFolder((folder) => {
      const plain = new Map([...tensors].filter(([name]) => name[0] !== "_"));
      Deno.writeFileSync(
        `${folder}/ours.safetensors`,
        encodeSafeTensors(plain, metadata),
      );
      const script = `
import json, numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file
with safe_open("ours.safetensors", "np") as f:
    print(json.dumps([f.metadata(), {k: [str(f.get_tensor(k).dtype), str(f.get_tensor(k).tolist())] for k in sorted(f.keys())}]))
save_file({"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.array([2**40]), "c": np.uint8([1, 2, 3])}, "theirs.safetensors", {"by": "python"})
`;
      const printed = execFileSync("python3", ["-c", script], {
        cwd: folder,
        encoding: "utf8",
      });
      assert.deepEqual(JSON.parse(printed), [
        Object.fromEntries(metadata),
        {
          count: ["int64", "[-1152921504606846976]"],
          flags: ["uint8", "[1, 0, 1]"],
          loss: ["float64", "0.1"],
          none: ["float32", "[]"],
          weights: ["float32", "[[1.0, 2.0], [3.0, nan]]"],
        },
      ]);
      const { tensors: read, metadata: text } = decodeSafeTensors(
        Deno.readFileSync(`${folder}/theirs.safetensors`),
      );
      assert.deepEqual(read.get("a"), {
        shape: [2, 3],
        data: Float32Array.of(0, 1, 2, 3, 4, 5),
      });
      assert.deepEqual(read.get("b")?.data, BigInt64Array.of(2n ** 40n));
      assert.deepEqual(read.get("c")?.data, Uint8Array.of(1, 2, 3));
      assert.equal(text.get("by"), "python");
    });
  },
);
