/** Stimuli of your own, from files of MATLAB, NumPy and safetensors. */
import { deepStrictEqual as equal, match } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  char,
  encodeMat,
  logical,
  numeric,
  type NumericArray,
} from "../../lib/mat5/mod.ts";
import { decodeNpz, encodeNpz } from "../../lib/formats/npz.ts";
import {
  encodeSafeTensors,
  type TensorData,
} from "../../lib/formats/safetensors.ts";
import { encodeZip } from "../../lib/formats/npz/zip.ts";
import { inFolder } from "../folder.ts";
import { npyOf } from "../formats/npy.ts";
import { run, runInProcess } from "./in_process.ts";

const model = fileURLToPath(
  new URL("../data/gonogo_original.mat", import.meta.url),
);

Deno.test("simulate takes a stimulus of any type of numbers that is exact, as a matrix or a vector", async () => {
  await inFolder(async (folder) => {
    const output = join(folder, "out.npz");
    const args = [
      "simulate",
      model,
      "--task=go-nogo",
      "--seed=1",
      "--rate",
      "--output",
      output,
    ];
    const values = Array.from({ length: 200 }, (_, k) => Number(k < 25));
    const big = BigInt64Array.from(values, BigInt);
    const shapes = [[1, 200], [200]];
    const longs = shapes.map((shape) => npyOf("<i8", big, shape));
    const flags = encodeNpz({ u: { data: Uint8Array.from(values) } });
    const mat = (data: NumericArray, dims: number[]) =>
      encodeMat(new Map([["u", numeric(data, dims)]]));
    const safeTensors = (data: TensorData, shape: number[]) =>
      encodeSafeTensors(new Map([["u", { data, shape }]]));
    const files = {
      "matrix.npz": encodeZip([["u.npy", longs[0]]], true),
      "vector.npz": encodeZip([["u.npy", longs[1]]], true),
      "vector.npy": longs[1],
      "flags.npz": flags,
      "row.mat": mat(big, [1, 200]),
      "column.mat": mat(Int8Array.from(values), [200, 1]),
      "long.safetensors": safeTensors(big, [1, 200]),
      "vector.safetensors": safeTensors(Float64Array.from(values), [200]),
      "matrix.dat": longs[0],
      "third.mat": mat(Float32Array.from(values), [1, 200, 1]),
      "logical.mat": encodeMat(new Map([["u", logical(values)]])),
    };
    for (const [name, bytes] of Object.entries(files)) {
      const path = join(folder, name);
      await Deno.writeFile(path, bytes);
      await run([...args, "--stimulus", path]);
      const u = decodeNpz(await Deno.readFile(output)).get("u")!;
      equal([u.shape, [...u.data]], [[1, 1, 200], values], name);
    }
    // 2^24 + 1 is the first whole number that float32 lacks.
    for (const wrong of [2n ** 24n + 1n, 2n ** 60n + 1n]) {
      const data = BigInt64Array.from([0n, wrong]);
      for (
        const [name, bytes] of [
          ["wrong.mat", mat(data, [1, 2])],
          ["wrong.npy", npyOf("<i8", data, [1, 2])],
          ["wrong.safetensors", safeTensors(data, [1, 2])],
        ] as const
      ) {
        const path = join(folder, name);
        await Deno.writeFile(path, bytes);
        const { code, err } = await runInProcess([...args, "--stimulus", path]);
        equal(code, 1);
        match(err, new RegExp(`Cannot read the stimulus .*${wrong}.*float64`));
      }
    }
  });
});

Deno.test("simulate says what a file has in place of a stimulus, and what to do", async () => {
  await inFolder(async (folder) => {
    const ones = new Float64Array(400).fill(1);
    const mat = (dims: number[], name = "u") =>
      encodeMat(new Map([[name, numeric(ones, dims)]]));
    const cases: [string, Uint8Array, RegExp][] = [
      ["a.mat", mat([2, 1, 200]), /its u has 3 dimensions, 2 are needed/],
      ["a.mat", mat([1, 400], "stim"), /holds no array u .*, it holds stim/],
      ["a.mat", mat([200, 2]), /200 channels × 2 columns/],
      ["a.mat", encodeMat({ u: char("on") }), /its u is 1x2 char, real/],
      ["a.npy", npyOf("<f8", ones, [400, 1]), /its u is 400×1.*transpose it/],
      ["a.npz", encodeNpz({ stim: { data: ones } }), /it holds stim/],
      [
        "a.csv",
        new TextEncoder().encode("1,0\n"),
        /it is not a file of MATLAB/,
      ],
    ];
    for (const [name, bytes, expected] of cases) {
      const path = join(folder, name);
      await Deno.writeFile(path, bytes);
      const { code, err } = await runInProcess([
        ...["simulate", model, "--task=go-nogo", "--seed=1", "--rate"],
        ...["--stimulus", path, "--output", join(folder, "out.npz")],
      ]);
      equal(code > 0, true);
      match(err, expected);
    }
  });
});

Deno.test("simulate runs a stimulus as often as it is asked to, with other noise each time", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "u.npz");
    const u = { data: Float64Array.from({ length: 40 }, (_, k) => k / 40) };
    await Deno.writeFile(path, encodeNpz({ u }));
    const output = join(folder, "out.npz");
    const args = ["simulate", model, "--task=go-nogo", "--seed=1", "--rate"];
    const found = async (...more: string[]) => {
      await run([...args, "--stimulus", path, "--output", output, ...more]);
      return decodeNpz(await Deno.readFile(output));
    };
    const three = await found("--trials", "3");
    equal(three.get("u")!.shape, [3, 1, 40]);
    const out = three.get("out")!.data;
    const trials = [0, 1, 2].map((k) => [...out.slice(39 * k, 39 * (k + 1))]);
    equal(new Set(trials.map((trial) => trial.join())).size, 3);
    const one = await found("--force");
    equal([...one.get("out")!.data], trials[0]);
  });
});
