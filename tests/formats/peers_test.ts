/** Files that other programs write and read: scipy and Octave, both ways. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  cell,
  char,
  decodeMat,
  encodeMat,
  fromRowMajor,
  logical,
  type MatValue,
  numeric,
  struct,
  vector,
} from "../../lib/mat5/mod.ts";
import {
  decodeModel,
  encodeModel,
  writeModel,
} from "../../lib/formats/model_file.ts";
import { inFolder } from "../folder.ts";
import { testWith } from "../require.ts";
import { fullModel } from "./samples.ts";

const variables: Record<string, MatValue> = {
  d: fromRowMajor(Float64Array.of(1, 2.5, -3, Infinity, 0, 5), 3, 2),
  f: numeric(Float32Array.of(0.1, 3)),
  i8: numeric(Int8Array.of(-128, 127)),
  u8: numeric(Uint8Array.of(0, 255)),
  i16: numeric(Int16Array.of(-32768, 1)),
  u16: numeric(Uint16Array.of(65535)),
  i32: numeric(Int32Array.of(-(2 ** 31))),
  u32: numeric(Uint32Array.of(2 ** 32 - 1)),
  i64: numeric(BigInt64Array.of(-(2n ** 53n) - 1n)),
  u64: numeric(BigUint64Array.of(2n ** 64n - 1n)),
  l: logical([1, 0, 0, 1], [2, 2]),
  z: { ...numeric(Float64Array.of(1, 3)), imaginary: Float64Array.of(2, -4) },
  s: char("sigmoid"),
  four: char("abcd"),
  e: char(""),
  accents: char("naïve Ω"),
  rows: { kind: "char", dims: [2, 2], rows: ["ab", "cd"] },
  nothing: numeric(new Float64Array(), [0, 3]),
  cube: numeric(Float64Array.from({ length: 24 }, (_, i) => i), [2, 3, 4]),
  c: cell([numeric(1), char("two"), cell([numeric(3)])]),
  st: struct({ name: char("x"), inner: struct({ deep: logical(true) }) }),
  sp: {
    kind: "sparse",
    dims: [3, 2],
    logical: false,
    rowIndices: Int32Array.of(0, 2, 1),
    columnStarts: Int32Array.of(0, 2, 3),
    data: Float64Array.of(1, 2, 3),
  },
};

function python(folder: string, script: string): string {
  return execFileSync("python3", ["-W", "error", "-c", script], {
    cwd: folder,
    encoding: "utf8",
  });
}

function octave(folder: string, script: string): string {
  return execFileSync("octave-cli", ["--quiet", "--norc", "--eval", script], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

testWith("scipy", "encodeMat() is read by scipy", () =>
  inFolder((folder) => {
    for (const compress of [true, false]) {
      Deno.writeFileSync(`${folder}/a.mat`, encodeMat(variables, { compress }));
      const printed = python(
        folder,
        `
import scipy.io, json
z = scipy.io.loadmat("a.mat")
show = lambda k: [str(z[k].dtype), list(z[k].shape), str(z[k].tolist())]
print(json.dumps({k: show(k) for k in "d f i8 u8 i16 u16 i32 u32 i64 u64 l z s four e accents rows nothing".split()}))
print(z["cube"][1, 2, 3], z["c"][0, 1][0], z["c"][0, 2][0, 0][0, 0], z["st"]["inner"][0, 0]["deep"][0, 0][0, 0], z["sp"].toarray().tolist())
`,
      ).split("\n");
      assert.deepEqual(JSON.parse(printed[0]), {
        d: ["float64", [3, 2], "[[1.0, 2.5], [-3.0, inf], [0.0, 5.0]]"],
        f: ["float32", [1, 2], "[[0.10000000149011612, 3.0]]"],
        i8: ["int8", [1, 2], "[[-128, 127]]"],
        u8: ["uint8", [1, 2], "[[0, 255]]"],
        i16: ["int16", [1, 2], "[[-32768, 1]]"],
        u16: ["uint16", [1, 1], "[[65535]]"],
        i32: ["int32", [1, 1], "[[-2147483648]]"],
        u32: ["uint32", [1, 1], "[[4294967295]]"],
        i64: ["int64", [1, 1], "[[-9007199254740993]]"],
        u64: ["uint64", [1, 1], "[[18446744073709551615]]"],
        l: ["uint8", [2, 2], "[[1, 0], [0, 1]]"],
        z: ["complex128", [1, 2], "[[(1+2j), (3-4j)]]"],
        s: ["<U7", [1], "['sigmoid']"],
        four: ["<U4", [1], "['abcd']"],
        e: ["<U1", [0], "[]"],
        accents: ["<U7", [1], "['naïve Ω']"],
        rows: ["<U2", [2], "['ab', 'cd']"],
        nothing: ["float64", [0, 3], "[]"],
      });
      assert.equal(
        printed[1],
        "23.0 two 3.0 1 [[1.0, 0.0], [0.0, 3.0], [2.0, 0.0]]",
      );
    }
  }));

testWith(
  "octave",
  "encodeMat() is read by Octave, with its classes",
  () =>
    inFolder((folder) => {
      for (const compress of [true, false]) {
        Deno.writeFileSync(
          `${folder}/a.mat`,
          encodeMat(variables, { compress }),
        );
        const printed = octave(
          folder,
          `load a.mat
names = {'d','f','i8','u8','i16','u16','i32','u32','i64','u64','l','z','s','e','rows','nothing','cube','c','st','sp'};
for k = 1:numel(names), v = eval(names{k}); printf('%s %s %s\\n', names{k}, class(v), mat2str(size(v))); end
checks = [isequal(d, [1 2.5; -3 Inf; 0 5]), isequal(f, single([0.1 3])), i64 == int64(-9007199254740992) - 1, ...
  u64 == intmax('uint64'), islogical(l) && isequal(l, [true false; false true]), isequal(z, [1+2i 3-4i]), ...
  strcmp(s, 'sigmoid'), strcmp(four, 'abcd'), strcmp(accents, 'naïve Ω'), isequal(rows, ['ab'; 'cd']), cube(2, 3, 4) == 23, ...
  strcmp(c{2}, 'two'), c{3}{1} == 3, st.inner.deep == true, issparse(sp) && isequal(full(sp), [1 0; 0 3; 2 0])];
disp(checks)`,
        );
        const lines = printed.trim().split("\n");
        assert.deepEqual(lines.slice(0, 20).map((line) => line.trim()), [
          "d double [3 2]",
          "f single [1 2]",
          "i8 int8 [1 2]",
          "u8 uint8 [1 2]",
          "i16 int16 [1 2]",
          "u16 uint16 [1 1]",
          "i32 int32 [1 1]",
          "u32 uint32 [1 1]",
          "i64 int64 [1 1]",
          "u64 uint64 [1 1]",
          "l logical [2 2]",
          "z double [1 2]",
          "s char [1 7]",
          "e char [0 0]",
          "rows char [2 2]",
          "nothing double [0 3]",
          "cube double [2 3 4]",
          "c cell [1 3]",
          "st struct [1 1]",
          "sp double [3 2]",
        ]);
        assert.equal(lines[20].replace(/\s+/g, ""), "1".repeat(15));
      }
    }),
);

testWith(
  "scipy",
  "decodeMat() reads what scipy makes of a file of ours",
  () =>
    inFolder((folder) => {
      Deno.writeFileSync(`${folder}/a.mat`, encodeModel(fullModel([4])));
      python(
        folder,
        `
import scipy.io
z = {k: v for k, v in scipy.io.loadmat("a.mat").items() if k[0] != "_"}
scipy.io.savemat("plain.mat", z)
scipy.io.savemat("packed.mat", z, do_compression=True)
`,
      );
      for (const file of ["plain.mat", "packed.mat"]) {
        const bytes = Deno.readFileSync(`${folder}/${file}`);
        const { form, ...again } = decodeModel(bytes);
        assert.deepEqual(again, fullModel([4]));
        assert.deepEqual(
          decodeMat(encodeModel({ ...again, form })),
          decodeMat(bytes),
        );
      }
    }),
);

testWith(
  "octave",
  "decodeModel() reads a model that Octave loaded and saved",
  () =>
    inFolder((folder) => {
      const model = fullModel([4]);
      Deno.writeFileSync(`${folder}/a.mat`, encodeModel(model));
      octave(folder, "load a.mat; save -v7 v7.mat; save -v6 v6.mat");
      for (const file of ["v6.mat", "v7.mat"]) {
        const bytes = Deno.readFileSync(`${folder}/${file}`);
        const { form, ...again } = decodeModel(bytes);
        assert.deepEqual(again, model);
        assert.deepEqual(
          decodeMat(encodeModel({ ...again, form })),
          decodeMat(bytes),
        );
      }
    }),
);

testWith(
  "octave",
  "encodeModel() gives what a script for the original's files needs",
  () =>
    inFolder(async (folder) => {
      const original = decodeModel(
        Deno.readFileSync(
          new URL("../data/gonogo_original.mat", import.meta.url),
        ),
      );
      await writeModel(`${folder}/ours.mat`, {
        ...original,
        search: fullModel([4]).search,
      });
      Deno.copyFileSync(
        new URL("../data/gonogo_original.mat", import.meta.url),
        `${folder}/theirs.mat`,
      );
      // What the original's spiking code does with a model file.
      const script = (file: string) =>
        `load ${file}
W = w * m .* som_m;
inh_ind = find(inh); exc_ind = find(exc);
tau = (1 ./ (1 + exp(-taus_gaus))) * (taus(2) - taus(1)) + taus(1);
last = squeeze(r(end, :, :));
out = w_out * last(:) + b_out;
printf('%.9g %.9g %d %d %d %.9g %s %.9g\\n', sum(W(:)), sum(tau), numel(inh_ind), sum(exc_ind), N, out, activation, mean(losses(1:tr)));`;
      assert.equal(
        octave(folder, script("ours.mat")),
        octave(folder, script("theirs.mat")),
      );
      const searched = octave(
        folder,
        `load ours.mat; printf('%g ', opt_scaling_factor, all_perfs, scaling_factors)`,
      );
      assert.equal(searched.trim(), "25 0.9 0.9 0.9 20 25 30");
    }),
);

testWith(
  "octave",
  "decodeModel() sees what Octave appends to a model file",
  () =>
    inFolder((folder) => {
      const model = { network: fullModel([4]).network };
      Deno.writeFileSync(`${folder}/a.mat`, encodeModel(model));
      octave(
        folder,
        `opt_scaling_factor = 30; scaling_factors = [20 30]; all_perfs = [0.5; 1];
save('-append', '-v7', 'a.mat', 'opt_scaling_factor', 'scaling_factors', 'all_perfs')`,
      );
      const bytes = Deno.readFileSync(`${folder}/a.mat`);
      assert.deepEqual(
        vector(decodeMat(bytes).get("all_perfs")!),
        Float64Array.of(0.5, 1),
      );
      const again = decodeModel(bytes);
      assert.deepEqual(again.network, model.network);
      assert.equal(again.search?.chosen, 30);
    }),
);
