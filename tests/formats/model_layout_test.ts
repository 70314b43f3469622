/** Models in the layouts of other programs: inside one structure, layers stacked, squeezed. */
import assert from "node:assert/strict";
import {
  decodeMat,
  encodeMat,
  logical,
  type MatValue,
  numeric,
  struct,
} from "../../lib/mat5/mod.ts";
import { decodeModel, encodeModel } from "../../lib/formats/model_file.ts";
import {
  effectiveProjection,
  effectiveWeights,
} from "../../lib/network/effective.ts";
import { floats, fullModel, search } from "./samples.ts";

Deno.test("decodeModel() reads a model inside one structure, and writes it back there", () => {
  const full = fullModel([4]);
  const inner = decodeMat(encodeModel({ ...full, search: undefined }));
  const file = new Map<string, MatValue>([
    ["u", numeric(Float64Array.of(1, 2, 3))],
    ["model", struct(Object.fromEntries(inner))],
    ["other", struct({ a: numeric(1) })],
  ]);
  const model = decodeModel(encodeMat(file));
  assert.deepEqual(model.remarks, ['all fields are in the structure "model"']);
  assert.deepEqual(model.network, full.network);
  assert.deepEqual(model.trial, full.trial);
  assert.deepEqual(decodeMat(encodeModel(model)), file);
  const after = decodeMat(encodeModel({ ...model, search: search() }));
  assert.deepEqual([...after.keys()], [...file.keys()]);
  assert.deepEqual(after.get("u"), file.get("u"));
  const again = decodeModel(encodeMat(after));
  assert.deepEqual(again.search, search());
  assert.deepEqual(again.task, full.task);
});

Deno.test("decodeModel() does not choose among structures that hold networks", () => {
  const inner = struct(
    Object.fromEntries(decodeMat(encodeModel(fullModel([3])))),
  );
  assert.throws(() => decodeModel(encodeMat({ a: inner, b: inner })), {
    name: "ModelFileError",
    message: /structures that hold networks: a, b, expected one network a file/,
  });
  // Beside variables of a network they are something else.
  const file = decodeMat(encodeModel(fullModel([3]))).set("a", inner);
  const model = decodeModel(encodeMat(file));
  assert.equal(model.remarks, undefined);
  assert.deepEqual([...model.extra!.keys()], ["a"]);
});

Deno.test("decodeModel() reads input weights and stimulus of one channel in either direction", () => {
  const full = fullModel([5]);
  const { trial } = full;
  const one = {
    ...full,
    network: {
      ...full.network,
      inputs: [{ ...full.network.inputs[0], weights: floats(5, 3) }],
    },
    initial: {
      ...full.initial!,
      inputs: [{ ...full.initial!.inputs[0], weights: floats(5, 4) }],
    },
    trial: { ...trial!, inputs: Float64Array.from(floats(6, 5)) },
  };
  const file = decodeMat(encodeModel(one));
  for (const field of ["w_in", "w_in0", "u"]) {
    const value = file.get(field)!;
    assert.ok(value.kind === "numeric");
    file.set(field, numeric(value.data, value.dims.toReversed()));
  }
  const { form, ...model } = decodeModel(encodeMat(file));
  assert.deepEqual(model, one);
  assert.deepEqual(decodeMat(encodeModel({ ...model, form })), file);
});

/** Layers of three units as the fork stacks them, column-major by layer first. */
function stackOf(...layers: readonly (readonly number[])[]): Float32Array {
  const count = layers.length;
  const stacked = new Float32Array(count * layers[0].length);
  layers.forEach((layer, l) =>
    layer.forEach((number, i) => stacked[i * count + l] = number)
  );
  return stacked;
}

/** A 3×3 matrix from its rows, column by column. */
function columns(...rows: readonly number[][]): number[] {
  return [0, 1, 2].flatMap((column) => rows.map((row) => row[column]));
}

/** Rows of a 3×3 matrix product. */
function product(a: readonly number[], b: readonly number[]): number[] {
  return a.map((_, at) => {
    const row = Math.floor(at / 3);
    return [0, 1, 2]
      .reduce((sum, k) => sum + a[3 * row + k] * b[3 * k + at % 3], 0);
  });
}

const diagonal = [[1, 0, 0], [0, 1, 0], [0, 0, -1]];
const full = [[1, 1, 1], [1, 1, 1], [-1, -1, -1]];
const first = [[0, 2, 1], [3, 0, 0], [1, 1, 0]];
const second = [[1, 0, 2], [0, 0, 4], [0, 5, 0]];
const excitatory = [[1, 2, 0], [0, 1, 0], [3, 0, 0]];
const signed = [[1, -2, 0], [0, 1, 5], [3, 0, 0]];

/** What the fork saves of two layers. */
function forkFile(m: number[][], between: number[][]): Map<string, MatValue> {
  const layers = [2, 3, 3];
  return new Map<string, MatValue>([
    ["w", numeric(stackOf(columns(...first), columns(...second)), layers)],
    ["m", numeric(stackOf(columns(...m), columns(...m)), layers)],
    ["som_m", numeric(new Float32Array(18).fill(1), layers)],
    ["inh", logical(stackOf([0, 0, 1], [0, 0, 1]), [2, 3, 1])],
    ["exc", logical(stackOf([1, 1, 0], [1, 1, 0]), [2, 3, 1])],
    ["W_inter", numeric(Float32Array.from(columns(...between)), [1, 3, 3])],
    ["w_in", numeric(floats(6, 1), [3, 2])],
    ["w_out", numeric(floats(3, 2))],
    ["b_out", numeric(0.5)],
    ["taus_gaus", numeric(floats(3, 3), [3, 1])],
    ["taus", numeric(Float64Array.of(4, 20))],
    ["N", numeric(BigInt64Array.of(3n))],
    ["som_N", numeric(BigInt64Array.of(0n))],
    ["u", numeric(floats(12, 4), [2, 6])],
    ["target", numeric(floats(6, 5))],
    ["o", numeric(floats(5, 6), [5, 1, 1])],
    ["x", numeric(floats(36, 7), [2, 6, 3, 1])],
    ["activation", { kind: "char", dims: [1, 7], rows: ["sigmoid"] }],
  ]);
}

for (
  const [what, m, between, dale] of [
    ["with signs of units", diagonal, excitatory, true],
    ["with full masks", full, excitatory, false],
    ["with signs of their own between layers", diagonal, signed, false],
  ] as const
) {
  Deno.test(`decodeModel() reads layers stacked by the fork, ${what}`, () => {
    const file = forkFile(m, between);
    const model = decodeModel(encodeMat(file));
    const { network, remarks } = model;
    assert.equal(network.layers.length, 2);
    assert.equal(network.dale, dale);
    assert.equal(remarks?.length, dale ? 1 : 2);
    assert.match(remarks[0], /^layers taken from arrays of 2x3x3/);
    // What the fork computes with: relu(w) @ m .* som_m, and W_inter as it is.
    [first, second].forEach((w, l) =>
      assert.deepEqual(
        Array.from(effectiveWeights(network, l)).map((weight) => weight + 0),
        product(w.flat(), m.flat()).map((weight) => weight + 0),
      )
    );
    assert.deepEqual(
      Array.from(effectiveProjection(network, network.between[0])),
      between.flat(),
    );
    assert.deepEqual(network.layers[1].tausGaus, floats(3, 3));
    assert.deepEqual(network.inputs.map(({ to }) => to), [0]);
    // Everything is still there, and reads the same without a remark.
    const written = decodeMat(encodeModel(model));
    for (const [field, value] of file) {
      assert.deepEqual(written.get(field), value, field);
    }
    const again = decodeModel(encodeMat(written));
    assert.deepEqual(again.network, network);
    assert.equal(again.remarks, undefined);
  });
}

Deno.test("decodeModel() reads one layer in an array of layers, and misses weights between several", () => {
  const file = decodeMat(encodeModel(fullModel([3])));
  const { network } = decodeModel(encodeMat(file));
  for (const field of ["w", "m", "som_m"]) {
    const value = file.get(field)!;
    assert.ok(value.kind === "numeric");
    file.set(field, numeric(value.data, [1, 3, 3]));
  }
  const model = decodeModel(encodeMat(file));
  assert.deepEqual(model.network, network);
  assert.deepEqual(decodeMat(encodeModel(model)), file);
  const several = forkFile(diagonal, excitatory);
  several.delete("W_inter");
  assert.throws(() => decodeModel(encodeMat(several)), {
    name: "ModelFileError",
    message: /"w_inter": received no such field, expected 1x3x3 weights/,
  });
});
