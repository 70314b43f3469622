import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import {
  decodeNpy,
  decodeNpz,
  encodeNpy,
  encodeNpz,
  type NpyData,
} from "../../lib/formats/npz.ts";
import { encodeNpyTexts } from "../../lib/formats/npz/npy.ts";
import { encodeZip } from "../../lib/formats/npz/zip.ts";
import { inFolder } from "../folder.ts";
import { testWith } from "../require.ts";
import { damaged, numbersFrom } from "./mutate.ts";
import { npyOf } from "./npy.ts";

const arrays = {
  single: { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] },
  double: { data: Float64Array.of(0.1, NaN, -Infinity) },
  signed: { data: Int32Array.of(-1, 2 ** 31 - 1), shape: [2, 1] },
  unsigned: { data: Uint32Array.of(0, 2 ** 32 - 1), shape: [1, 2, 1] },
  flags: { data: Uint8Array.of(1, 0, 1) },
  number: { data: Float64Array.of(7), shape: [] },
  empty: { data: new Float32Array(), shape: [0, 4] },
};

for (const compress of [true, false]) {
  Deno.test(`encodeNpz() and decodeNpz() are inverse, compress ${compress}`, () => {
    const read = decodeNpz(encodeNpz(arrays, { compress }));
    assert.deepEqual([...read.keys()], Object.keys(arrays));
    for (const [name, entry] of Object.entries(arrays)) {
      const { data, shape } = read.get(name)!;
      assert.deepEqual(data, entry.data);
      assert.deepEqual(shape, "shape" in entry ? entry.shape : [data.length]);
    }
  });
}

Deno.test("encodeNpy() and decodeNpy() are inverse", () => {
  fc.assert(
    fc.property(
      fc.oneof<fc.Arbitrary<NpyData>[]>(
        fc.float32Array(),
        fc.float64Array(),
        fc.int32Array(),
        fc.uint32Array(),
        fc.uint8Array({ max: 1 }),
      ),
      (data) => {
        assert.deepEqual(decodeNpy(encodeNpy(data)).data, data);
        // The data are aligned, as NumPy wants it.
        assert.equal((encodeNpy(data).length - data.byteLength) % 64, 0);
      },
    ),
    { seed: 1 },
  );
});

Deno.test("encodeNpy() refuses what does not fit", () => {
  assert.throws(() => encodeNpy(Float32Array.of(1, 2), [3]), TypeError);
  assert.throws(() => encodeNpy(Uint8Array.of(2)), RangeError);
});

Deno.test("decodeNpy() reads every type of integers, and half precision", () => {
  const cases = [
    ["|i1", Int8Array.of(-128, 127), "int8", Int32Array],
    ["|u1", Uint8Array.of(0, 255), "uint8", Uint32Array],
    ["<i2", Int16Array.of(-32768, 32767), "int16", Int32Array],
    ["<u2", Uint16Array.of(0, 65535), "uint16", Uint32Array],
    ["<i8", BigInt64Array.of(-(2n ** 53n), 2n ** 60n), "int64", Float64Array],
    ["<u8", BigUint64Array.of(0n, 2n ** 63n), "uint64", Float64Array],
    ["<f2", Float16Array.of(0.5, -65504), "float16", Float32Array],
  ] as const;
  for (const [code, data, type, array] of cases) {
    const numbers = Array.from<number | bigint, number>(data, Number);
    assert.deepEqual(
      decodeNpy(npyOf(code, data)),
      { type, shape: [2], data: array.from(numbers) },
    );
  }
  const swapped = new DataView(new ArrayBuffer(8));
  swapped.setBigInt64(0, -3n);
  assert.deepEqual(
    decodeNpy(npyOf(">i8", { buffer: swapped.buffer, length: 1 })).data,
    Float64Array.of(-3),
  );
});

Deno.test("decodeNpy() refuses an integer that no double holds, and says which", () => {
  for (
    const [code, data] of [
      ["<i8", BigInt64Array.of(1n, -(2n ** 53n) - 1n)],
      ["<u8", BigUint64Array.of(2n ** 64n - 1n)],
    ] as const
  ) {
    assert.throws(() => decodeNpy(npyOf(code, data)), {
      name: "ModelFileError",
      message: new RegExp(
        `the integer ${data.at(-1)}, which no double holds.*save .* as float64`,
      ),
    });
  }
});

Deno.test("decodeNpz() leaves texts out, and arrays that are not asked for", () => {
  const bytes = encodeZip([
    ["u.npy", npyOf("<i8", BigInt64Array.of(1n))],
    ["names.npy", encodeNpyTexts(["go", "nogo"])],
    ["ids.npy", npyOf("<u8", BigUint64Array.of(2n ** 64n - 1n))],
    ["other.npy", npyOf("|O", new Uint8Array(8))],
  ], false);
  assert.deepEqual([...decodeNpz(bytes, { names: ["u"] }).keys()], ["u"]);
  assert.throws(() => decodeNpz(bytes), { message: /ids\.npy/ });
  assert.deepEqual(
    [...decodeNpz(encodeNpz({ names: { texts: ["go"] }, ...arrays })).keys()],
    Object.keys(arrays),
  );
});

testWith("scipy", "encodeNpz() writes texts as NumPy's str", async () => {
  await inFolder((folder) => {
    const texts = ["go", "same:++", "ø𝛌", ""];
    const file = `${folder}/texts.npz`;
    Deno.writeFileSync(
      file,
      encodeNpz({ texts: { texts }, none: { texts: [] } }),
    );
    const script = `
import numpy as np, json
with np.load(${JSON.stringify(file)}) as z:
    print(json.dumps([z["texts"].tolist(), str(z["texts"].dtype), z["none"].tolist()]))
`;
    const printed = execFileSync("python3", ["-c", script], {
      encoding: "utf8",
    });
    assert.deepEqual(JSON.parse(printed), [texts, "<U7", []]);
  });
});

testWith(
  "scipy",
  "encodeNpz() is read by NumPy, and decodeNpz() reads NumPy's",
  async () => {
    await inFolder((folder) => {
      Deno.writeFileSync(`${folder}/ours.npz`, encodeNpz(arrays));
      Deno.writeFileSync(
        `${folder}/packed.npz`,
        encodeNpz(arrays, { compress: true }),
      );
      const script = `
import numpy as np, json
result = []
for file in ["ours.npz", "packed.npz"]:
    with np.load(file) as z:
        result.append({k: [str(v.dtype), list(v.shape), str(v.ravel().tolist())] for k, v in z.items()})
print(json.dumps(result))
values = dict(a=np.arange(6, dtype=np.float32).reshape(2, 3), f=np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)),
  b=np.array([True, False]), i=np.array([[-5]], np.int32), big=np.array([1.5, 2.5], ">f8"), n=np.float64(3))
np.savez("theirs.npz", **values)
np.savez_compressed("theirs_packed.npz", **values)
np.savez("other.npz", c=np.array([1j]))
`;
      const printed = execFileSync("python3", ["-c", script], {
        cwd: folder,
        encoding: "utf8",
      });
      const expected = {
        single: ["float32", [2, 3], "[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]"],
        double: ["float64", [3], "[0.1, nan, -inf]"],
        signed: ["int32", [2, 1], "[-1, 2147483647]"],
        unsigned: ["uint32", [1, 2, 1], "[0, 4294967295]"],
        flags: ["bool", [3], "[True, False, True]"],
        number: ["float64", [], "[7.0]"],
        empty: ["float32", [0, 4], "[]"],
      };
      assert.deepEqual(JSON.parse(printed), [expected, expected]);
      for (const file of ["theirs.npz", "theirs_packed.npz"]) {
        const read = decodeNpz(Deno.readFileSync(`${folder}/${file}`));
        const count = (length: number) => Array.from({ length }, (_, i) => i);
        assert.deepEqual(read.get("a"), {
          type: "float32",
          shape: [2, 3],
          data: Float32Array.from(count(6)),
        });
        assert.deepEqual(read.get("f"), {
          type: "float64",
          shape: [2, 3, 4],
          data: Float64Array.from(count(24)),
        });
        assert.deepEqual(read.get("b")?.data, Uint8Array.of(1, 0));
        assert.deepEqual(read.get("i")?.data, Int32Array.of(-5));
        assert.deepEqual(read.get("big")?.data, Float64Array.of(1.5, 2.5));
        assert.deepEqual(read.get("n")?.shape, []);
      }
      assert.throws(
        () => decodeNpz(Deno.readFileSync(`${folder}/other.npz`)),
        { name: "ModelFileError", message: /type c16.*"c\.npy"/ },
      );
    });
  },
);

Deno.test("decodeNpz() refuses every truncation", () => {
  const bytes = encodeNpz(arrays, { compress: true });
  for (let length = 0; length < bytes.length; length++) {
    assert.throws(() => decodeNpz(bytes.subarray(0, length)), {
      name: "ModelFileError",
    });
  }
});

Deno.test("decodeNpz() reads damaged files or refuses them with a typed error", () => {
  const next = numbersFrom(5);
  for (const compress of [true, false]) {
    const bytes = encodeNpz(arrays, { compress });
    for (let run = 0; run < 2000; run++) {
      try {
        decodeNpz(damaged(bytes, next));
      } catch (error) {
        assert.equal((error as Error).name, "ModelFileError", String(error));
      }
    }
  }
});

Deno.test("decodeNpz() refuses an archive that unpacks to more than is allowed", () => {
  const bytes = encodeNpz({ zeros: { data: new Float64Array(2 ** 20) } }, {
    compress: true,
  });
  assert.ok(bytes.length < 20_000);
  assert.throws(() => decodeNpz(bytes, { maxBytes: 2 ** 20 }), {
    name: "ModelFileError",
    message: /allowed are 1048576/,
  });
});
