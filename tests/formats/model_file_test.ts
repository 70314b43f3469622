/** Model files: what is written comes back, in the original's fields. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  char,
  decodeMat,
  encodeMat,
  matrix,
  type MatValue,
  numeric,
  scalar,
} from "../../lib/mat5/mod.ts";
import { decodeModel, encodeModel } from "../../lib/formats/model_file.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import type { Model } from "../../lib/network/records.ts";
import { floats, fullModel, network, rectified } from "./samples.ts";

const original = new URL("../data/gonogo_original.mat", import.meta.url);

/** The numbers are known as printed, to seven or eight decimals. */
function near(received: number | undefined, printed: number): void {
  assert.ok(
    Math.abs(received! - printed) <= 6e-8,
    `${received} is not ${printed}`,
  );
}

Deno.test("decodeModel() reads a file by the original", () => {
  const model = decodeModel(Deno.readFileSync(original));
  const [layer] = model.network.layers;
  assert.equal(layer.size, 200);
  assert.equal(model.network.activation, "sigmoid");
  assert.equal(model.network.dale, true);
  assert.deepEqual(model.network.taus, [4, 20]);
  assert.ok(layer.weights instanceof Float32Array);
  // As scipy shows them: w[0, 2], w_out[0, 1], inh[2], taus_gaus[0].
  near(layer.weights[2], 0.91446877);
  near(model.network.readout.weights[0][1], -0.05799669);
  assert.equal(layer.inhibitory[2], 1);
  near(layer.tausGaus[0], -3.0541503);
  assert.equal(model.network.inputs[0].weights.length, 200);
  near(model.network.readout.bias, 0.03874835);
  assert.equal(model.training?.lastUpdate, 1501);
  assert.equal(model.training?.losses.length, 1502);
  assert.deepEqual(model.training?.evaluations, [{
    update: 1502,
    performance: 1,
    strict: NaN,
    loss: 1.0019275748729706,
  }]);
  assert.equal(model.training?.evalOutputs.length, 100 * 199);
  // Row-major units×steps: state of unit 1 at step 0.
  near(model.trial?.states[200], 0.00470865);
  assert.equal(model.trial?.outputs.length, 199);
  assert.ok(Number.isNaN(model.initial?.readout.bias));
  near(model.initial?.layers[0].weights[0], 0.19003141);
  assert.equal(model.task, undefined);
  assert.equal(model.search, undefined);
  assert.equal(model.extra, undefined);
});

Deno.test("encodeModel() keeps a file by the original as it is", () => {
  const bytes = Deno.readFileSync(original);
  const before = decodeMat(bytes);
  const model = decodeModel(bytes);
  const again = encodeModel(model);
  assert.deepEqual(decodeModel(again), model);
  const after = decodeMat(again);
  // Python's whole numbers and the room for further losses are kept.
  for (const [name, value] of before) {
    assert.deepEqual(after.get(name), value, name);
  }
});

for (const sizes of [[5], [1], [4, 6, 3]]) {
  for (const dale of [true, false]) {
    Deno.test(`encodeModel() and decodeModel() are inverse for layers of ${sizes} units, Dale ${dale}`, () => {
      const model = fullModel(sizes, dale);
      assert.deepEqual(decodeModel(encodeModel(model)), model);
    });
  }
}

Deno.test("encodeModel() and decodeModel() are inverse for any network alone", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      fc.boolean(),
      fc.integer({ min: 1, max: 1000 }),
      (sizes, dale, fixed, seed) => {
        const model = {
          network: network(sizes, { dale, seed, taus: fixed ? [20] : [4, 20] }),
        };
        assert.deepEqual(decodeModel(encodeModel(model)), model);
      },
    ),
    { numRuns: 60, seed: 1 },
  );
});

Deno.test("encodeModel() keeps networks as they are created, with every kind of projection", () => {
  for (const dale of [true, false]) {
    for (const readout of ["last", "all"] as const) {
      for (const inputTo of ["first", "all"] as const) {
        const created = createNetwork({
          channels: 2,
          units: [6, 5, 4],
          dale,
          readout,
          inputTo,
          feedback: 0.5,
        }, randomStream(3));
        const model: Model = { network: created, initial: created };
        assert.deepEqual(decodeModel(encodeModel(model)), model);
      }
    }
  }
});

Deno.test("docs/reference/model-file.md has every field that encodeModel() writes", () => {
  const docs = Deno.readTextFileSync(
    new URL("../../docs/reference/model-file.md", import.meta.url),
  );
  for (const sizes of [[4], [4, 4]]) {
    for (const field of decodeMat(encodeModel(fullModel(sizes))).keys()) {
      const general = field.replace(/_0_1$/, "_<a>_<b>").replace(/_1$/, "_0");
      assert.ok(docs.includes(`\`${general}\``), `no field ${general}`);
    }
  }
});

Deno.test("encodeModel() keeps double precision, signed zeros and a bias of any precision", () => {
  const base = network([3]);
  const [layer] = base.layers;
  const weights = Float64Array.of(0.1, -0, 0, -1e-300, 1, 2, 3, 4, 5);
  const model: Model = {
    network: {
      ...base,
      layers: [{ ...layer, weights }],
      readout: { ...base.readout, bias: 0.1 },
    },
  };
  assert.deepEqual(decodeModel(encodeModel(model)), model);
});

Deno.test("encodeModel() keeps feedback projections and a readout of several layers", () => {
  const base = network([3, 2]);
  const model: Model = {
    network: {
      ...base,
      inputs: [
        ...base.inputs,
        { from: "input", to: 1, weights: floats(4, 5) },
      ],
      between: [
        ...base.between,
        { from: 1, to: 0, weights: floats(6, 6) },
      ],
      readout: { from: [0, 1], weights: [floats(3, 1), floats(2, 2)], bias: 0 },
    },
  };
  assert.deepEqual(decodeModel(encodeModel(model)), model);
});

Deno.test("encodeModel() writes the original's fields for one layer", () => {
  const model = fullModel([4]);
  const fields = decodeMat(encodeModel(model));
  const shape = (name: string) => {
    const value = fields.get(name);
    assert.ok(value && value.kind !== "opaque", `no field ${name}`);
    const type = value.kind === "numeric" ? value.class : value.kind;
    return `${value.dims.join("x")} ${type}`;
  };
  const expected = {
    x0: "6x4x1 single",
    r0: "6x4x1 single",
    w0: "4x4 single",
    taus_gaus0: "4x1 single",
    w_in0: "4x2 single",
    u: "2x6 double",
    o: "5x1x1 single",
    w: "4x4 single",
    x: "6x4x1 single",
    target: "1x6 double",
    w_out: "1x4 single",
    r: "6x4x1 single",
    m: "4x4 single",
    som_m: "4x4 single",
    N: "1x1 double",
    exc: "4x1 logical",
    inh: "4x1 logical",
    w_in: "4x2 single",
    b_out: "1x1 double",
    som_N: "1x1 double",
    losses: "1x4 double",
    taus: "1x2 double",
    eval_perf_mean: "1x1 double",
    eval_loss_mean: "1x1 double",
    eval_os: "3x5 single",
    eval_labels: "1x3 double",
    taus_gaus: "4x1 single",
    tr: "1x1 double",
    activation: "1x8 char",
    opt_scaling_factor: "1x1 double",
    all_perfs: "1x3 double",
    scaling_factors: "1x3 double",
  };
  const received = Object.fromEntries(
    Object.keys(expected).map((name) => [name, shape(name)]),
  );
  assert.deepEqual(received, expected);
  const others = [...fields.keys()].filter((name) => !(name in expected));
  assert.ok(
    others.every((name) => name.startsWith("spikernn_")),
    others.join(", "),
  );
  const [layer] = model.network.layers;
  assert.deepEqual(
    Array.from(matrix(fields.get("w")!).data),
    rectified(layer.weights),
  );
  assert.deepEqual(
    Array.from(matrix(fields.get("m")!).data),
    [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1],
  );
  assert.equal(scalar(fields.get("eval_perf_mean")!), 1);
});

Deno.test("decodeModel() reads evaluations that do not tell their stage, and names a wrong width", () => {
  const variables = decodeMat(encodeModel(fullModel([5])));
  // Two rows, column-major.
  const numbers = [2, 7, 0.5, 1, 0, 1, 9, 3, 1, 2, 1, 0, 0, 0];
  const evaluations = (columns: number) => {
    const data = Float64Array.from(numbers.slice(0, 2 * columns));
    const field = numeric(data, [2, columns]);
    const changed = new Map(variables).set("spikernn_evaluations", field);
    return decodeModel(encodeMat(changed)).training!.evaluations;
  };
  const first = { update: 2, performance: 0.5, strict: 0, loss: 9 };
  const second = { update: 7, performance: 1, strict: 1, loss: 3 };
  assert.deepEqual(evaluations(4), [first, second]);
  assert.deepEqual(evaluations(6), [
    { ...first, noiseLevel: 1, lesson: 1 },
    { ...second, noiseLevel: 2 },
  ]);
  for (const columns of [3, 7]) {
    assert.equal(evaluations(columns).length, 1, "the last one alone");
  }
});

Deno.test("encodeModel() names the fields of several layers by their number", () => {
  const fields = decodeMat(encodeModel(fullModel([4, 6, 3])));
  const dims = (name: string) =>
    (fields.get(name) as { dims?: number[] } | undefined)?.dims;
  assert.deepEqual(dims("w_1"), [6, 6]);
  assert.deepEqual(dims("inh_0"), [4, 1]);
  assert.deepEqual(dims("w_inter_0_1"), [6, 4]);
  assert.deepEqual(dims("w_inter_1_2"), [3, 6]);
  assert.deepEqual(dims("mask_inter_1_2"), [3, 6]);
  assert.deepEqual(dims("w_in_0"), [4, 2]);
  assert.deepEqual(dims("w_out"), [1, 3]);
  assert.deepEqual(dims("x_2"), [6, 3, 1]);
  assert.deepEqual(dims("N"), [1, 3]);
  assert.equal(fields.has("w"), false);
  assert.equal(scalar(fields.get("n_layers")!), 3);
});

Deno.test("encodeModel() writes back fields that it does not know", () => {
  const extra = new Map<string, MatValue>([
    ["notes", char("mine")],
    ["table", numeric(Float64Array.of(1, 2), [2, 1])],
  ]);
  const model: Model = { network: network([3]), extra };
  const again = decodeModel(encodeModel(model));
  assert.deepEqual(again.extra, extra);
  const searched = { ...again, search: fullModel([3]).search };
  assert.deepEqual(decodeModel(encodeModel(searched)).extra, extra);
});
