import assert from "node:assert/strict";
import fc from "fast-check";
import {
  char,
  decodeMat,
  encodeMat,
  fromRowMajor,
  logical,
  matrix,
  type MatValue,
  numeric,
  scalar,
} from "../../lib/formats/mat5.ts";
import {
  decodeModel,
  encodeModel,
  readModel,
  writeModel,
} from "../../lib/formats/model_file.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import type { Model } from "../../lib/formats/types.ts";
import { floats, fullModel, network, rectified } from "./samples.ts";

const original = new URL("../data/gonogo_original.mat", import.meta.url);

/** A model as it comes back from a file with some fields changed. */
function edited(
  model: Model,
  edit: (fields: Map<string, MatValue>) => void,
): Model {
  const fields = decodeMat(encodeModel(model));
  edit(fields);
  return decodeModel(encodeMat(fields));
}

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
  // Python's ints become doubles; losses lose the room that was never used.
  const changed = new Set(["N", "som_N", "tr", "losses"]);
  for (const [name, value] of before) {
    if (!changed.has(name)) assert.deepEqual(after.get(name), value, name);
  }
  assert.deepEqual(after.get("N"), numeric(200));
  assert.deepEqual(after.get("tr"), numeric(1501));
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

Deno.test("docs/model-file.md has every field that encodeModel() writes", () => {
  const docs = Deno.readTextFileSync(
    new URL("../../docs/model-file.md", import.meta.url),
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

Deno.test("decodeModel() keeps an incomplete trial as it is", () => {
  const model = edited(fullModel([3]), (fields) => fields.delete("x"));
  assert.equal(model.trial, undefined);
  assert.ok(model.extra?.has("u"));
});

Deno.test("decodeModel() follows weights that were edited in the file", () => {
  const before: Model = { network: network([3]) };
  const edit = Float64Array.of(9, 0, 0, 0, 8, 0, 0, 0, 7);
  const after = edited(
    before,
    (fields) => fields.set("w", fromRowMajor(edit, 3, 3)),
  );
  const { weights } = after.network.layers[0];
  assert.deepEqual(rectified(weights), Array.from(edit));
});

Deno.test("decodeModel() follows a search that another program appended", () => {
  const model = fullModel([3]);
  const again = edited(model, (fields) => {
    fields.set("opt_scaling_factor", numeric(30));
    fields.set("all_perfs", numeric(Float64Array.of(0.5, 0.6, 1), [3, 1]));
  });
  assert.equal(again.search?.chosen, 30);
  assert.equal(again.search?.select, "paper");
  assert.deepEqual(again.search?.scores.map(({ paper }) => paper.value), [
    0.5,
    0.6,
    1,
  ]);
  assert.ok(Number.isNaN(again.search?.scores[0].strict.value));
});

Deno.test("decodeModel() takes performances of single trials, either way round", () => {
  const trials = Float64Array.of(1, 0, 1, 1, 1, 1);
  for (
    const value of [
      fromRowMajor(Float64Array.of(1, 1, 1, 0, 1, 1), 2, 3),
      fromRowMajor(trials, 3, 2),
    ]
  ) {
    const again = edited({ network: network([3]) }, (fields) => {
      fields.set("opt_scaling_factor", numeric(25));
      fields.set("scaling_factors", numeric(Float64Array.of(20, 25, 30)));
      fields.set("all_perfs", value);
    });
    assert.deepEqual(
      again.search?.scores.map(({ paper }) => paper.value),
      [0.5, 1, 1],
    );
  }
});

Deno.test("a search over the factors of layers comes back as it was", () => {
  const model = fullModel([3, 4]);
  const { scores, chosen } = model.search!;
  const layers = {
    factors: [40, 55],
    single: chosen,
    tried: [
      { factors: [chosen, chosen], score: scores[0] },
      { factors: [40, 55], score: scores[1] },
    ],
    score: scores[1],
    singleScore: scores[0],
    kept: true,
    settings: { seed: 1, trials: 100, validation: 100 },
  };
  for (const kept of [true, false]) {
    const search = { ...model.search!, layers: { ...layers, kept } };
    const bytes = encodeModel({ ...model, search });
    assert.deepEqual(decodeModel(bytes).search, search);
    const fields = decodeMat(bytes);
    assert.equal(fields.has("spikernn_layer_factors"), kept);
    // The original's scripts go on with the one factor.
    assert.deepEqual(
      fields.get("opt_scaling_factor"),
      decodeMat(encodeModel(model)).get("opt_scaling_factor"),
    );
  }
  const wrong = { ...model.search!, layers: { ...layers, factors: [40, 0] } };
  assert.throws(
    () => decodeModel(encodeModel({ ...model, search: wrong })),
    /received 0 at \.layers\.factors\[1\], expected a scaling factor above 0/,
  );
});

Deno.test("decodeModel() takes a scaling factor of NaN as not searched", () => {
  const model = edited(
    fullModel([3]),
    (fields) => fields.set("opt_scaling_factor", numeric(NaN)),
  );
  assert.equal(model.search, undefined);
  assert.equal(edited({ network: network([3]) }, () => {}).search, undefined);
});

Deno.test("decodeModel() takes the network's type from its weights where nothing says it", () => {
  const without = (dale: boolean) =>
    edited({ network: network([3], { dale }) }, (fields) => {
      for (const field of [...fields.keys()]) {
        if (field.startsWith("spikernn_")) fields.delete(field);
      }
    }).network;
  assert.equal(without(true).dale, true);
  assert.equal(without(false).dale, false);
  assert.deepEqual(
    without(false).layers[0].weights,
    network([3], { dale: false }).layers[0].weights,
  );
});

Deno.test("decodeModel() takes unit types from m where inh is missing", () => {
  const model: Model = { network: network([5]) };
  const again = edited(model, (fields) => fields.delete("inh"));
  assert.deepEqual(
    again.network.layers[0].inhibitory,
    model.network.layers[0].inhibitory,
  );
});

for (
  const field of [
    "w",
    "w_in",
    "w_out",
    "b_out",
    "taus",
    "taus_gaus",
    "activation",
  ]
) {
  Deno.test(`decodeModel() names the missing field ${field}`, () => {
    assert.throws(
      () => edited({ network: network([3]) }, (fields) => fields.delete(field)),
      {
        name: "ModelFileError",
        message: new RegExp(`field "${field}": received no such field`),
      },
    );
  });
}

const wrongFields: [string, MatValue, RegExp][] = [
  ["w", numeric(new Float64Array(6), [2, 3]), /"w": received 2x3.*square/],
  ["w", char("abc"), /"w": received 1x3 char, expected nxn weights/],
  ["w", numeric(new Float64Array(9).fill(-1), [3, 3]), /negative weight/],
  ["w", numeric(new Float64Array(9).fill(NaN), [3, 3]), /NaN.*finite/],
  [
    "w_in",
    numeric(new Float64Array(4), [2, 2]),
    /received 2x2 double, expected 3xn/,
  ],
  [
    "w_out",
    numeric(new Float64Array(4)),
    /received 1x4 double, expected 3 readout/,
  ],
  ["b_out", numeric(new Float64Array(2)), /received 1x2 double, expected 1 /],
  ["b_out", numeric(Infinity), /Infinity.*finite/],
  [
    "inh",
    numeric(Float64Array.of(0, 0, 2), [3, 1]),
    /received 2, expected only 0 and 1/,
  ],
  ["inh", logical([1, 0, 0], [3, 1]), /the opposite of inh/],
  [
    "inh",
    logical([0, 1], [2, 1]),
    /received 2x1 logical, expected 3 unit types/,
  ],
  ["m", numeric(new Float64Array(9).fill(1), [3, 3]), /"m".*diagonal/],
  [
    "m",
    numeric(Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), [3, 3]),
    /"m": received 1 for unit 2/,
  ],
  ["som_m", numeric(new Float64Array(9).fill(0.5), [3, 3]), /received 0.5/],
  ["som_N", numeric(2), /"som_N": received 2, expected at most 1/],
  ["som_N", numeric(0.5), /"som_N": received 0.5/],
  ["N", numeric(4), /"N": received 4, expected 3/],
  ["taus", numeric(Float64Array.of(20, 4)), /"taus": received 20, 4/],
  ["taus", numeric(0), /"taus": received 0/],
  ["taus", numeric(Float64Array.of(1, 2, 3)), /"taus": received 1, 2, 3/],
  [
    "taus_gaus",
    numeric(new Float64Array(2), [2, 1]),
    /expected 3 decay parameters/,
  ],
  [
    "activation",
    char("relu"),
    /"relu".*one of sigmoid, clipped_relu, softplus/,
  ],
  ["activation", numeric(1), /"activation": received 1x1 double/],
  [
    "x",
    numeric(new Float64Array(12), [4, 3]),
    /"x": received 4x3 double, expected 6x3/,
  ],
  ["u", numeric(new Float64Array(6)), /"u": received 1x6 double, expected 2xn/],
  ["o", numeric(new Float64Array(6)), /expected 5 outputs/],
  [
    "eval_os",
    numeric(new Float64Array(6)),
    /"eval_os": received 1x6 double, expected 3xn/,
  ],
  ["tr", numeric(0.5), /"tr": received 0.5/],
  ["opt_scaling_factor", numeric(-1), /received -1, expected a number above 0/],
  ["scaling_factors", numeric(Float64Array.of(0, 1, 2)), /received 0/],
  ["all_perfs", numeric(new Float64Array(4)), /"all_perfs": received 1x4/],
  ["n_layers", numeric(1e9), /"n_layers": received 1000000000/],
  ["spikernn_task", char("{"), /"spikernn_task".*expected JSON/],
  ["spikernn_task", char("[1]"), /expected an object/],
  [
    "spikernn_task",
    char('{"name":1,"timing":{}}'),
    /received 1 at .name, expected text/,
  ],
  ["spikernn_task", char("[".repeat(5000)), /nested too deep/],
  ["spikernn_search", char('{"factors":[20]}'), /nothing at .scores/],
  ["spikernn_provenance", char("null"), /received null, expected an object/],
];
for (const [field, value, message] of wrongFields) {
  Deno.test(`decodeModel() refuses ${field}: ${message.source}`, () => {
    assert.throws(
      () => edited(fullModel([3]), (fields) => fields.set(field, value)),
      { name: "ModelFileError", message },
    );
  });
}

Deno.test("decodeModel() refuses inhibitory units with negative weights where nothing says whether Dale's principle holds", () => {
  assert.throws(
    () =>
      edited({ network: network([3]) }, (fields) => {
        fields.delete("spikernn_dale");
        fields.set("w", numeric(new Float64Array(9).fill(-1), [3, 3]));
      }),
    { name: "ModelFileError", message: /negative weight/ },
  );
});

Deno.test("encodeModel() refuses networks that are not finite or do not fit together", () => {
  const base = network([3]);
  const [layer] = base.layers;
  const withLayer = (part: Partial<typeof layer>): Model => ({
    network: { ...base, layers: [{ ...layer, ...part }] },
  });
  assert.throws(
    () => encodeModel(withLayer({ weights: new Float32Array(9).fill(NaN) })),
    RangeError,
  );
  assert.throws(
    () => encodeModel(withLayer({ weights: new Float32Array(8) })),
    TypeError,
  );
  assert.throws(
    () =>
      encodeModel({
        network: { ...base, readout: { ...base.readout, bias: NaN } },
      }),
    RangeError,
  );
  assert.throws(
    () => encodeModel({ network: { ...base, inputs: [] } }),
    TypeError,
  );
  const other = fullModel([3]);
  assert.throws(
    () => encodeModel({ ...other, initial: network([4]) }),
    TypeError,
  );
  assert.throws(
    () =>
      encodeModel({
        ...other,
        trial: { ...other.trial!, target: new Float64Array(9) },
      }),
    TypeError,
  );
});

Deno.test("writeModel() makes folders, and readModel() finds task and type in the path", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const model: Model = { network: network([3], { dale: false }) };
    const name =
      "Task_my-task_N_3_Taus_4.0_20.0_Act_sigmoid_2026_01_02_030405.mat";
    const path = `${folder}/models/xor/NoDale/P_rec_0.2/${name}`;
    await writeModel(path, model);
    const again = await readModel(path);
    assert.deepEqual(again, {
      ...model,
      task: { name: "my-task", timing: {} },
    });
    const own: Model = {
      ...model,
      task: { name: "xor", timing: { delay: 75 } },
    };
    await writeModel(path, own);
    assert.deepEqual(await readModel(path), own);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("readModel() tells the original's xor by its 300 steps", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const model = fullModel([3]);
    const steps = 300;
    const trial = {
      inputs: new Float64Array(2 * steps),
      target: new Float64Array(steps),
      outputs: new Float32Array(steps - 1),
      states: new Float32Array(3 * steps),
      rates: new Float32Array(3 * steps),
      initialStates: new Float32Array(3 * steps),
      initialRates: new Float32Array(3 * steps),
    };
    const path = `${folder}/Task_xor_N_3_Taus_4.0_20.0_Act_sigmoid_2019.mat`;
    await writeModel(path, { ...model, task: undefined, trial });
    assert.equal((await readModel(path)).task?.name, "xor-original");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("readModel() says which file cannot be read, and why", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const missing = `${folder}/none.mat`;
    await assert.rejects(readModel(missing), {
      name: "ModelFileError",
      message: /none\.mat": it does not exist/,
    });
    await assert.rejects(readModel(folder), {
      name: "ModelFileError",
      message: /it is a folder/,
    });
    await Deno.writeTextFile(missing, "not a model");
    await assert.rejects(readModel(missing), {
      name: "ModelFileError",
      message: /11 bytes.*none\.mat/,
    });
    if (Deno.build.os !== "windows") {
      await assert.rejects(readModel("/dev/zero"), {
        name: "ModelFileError",
        message: /not a file/,
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("writeModel() says when a file is in the way of a folder", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/models`, "");
    await assert.rejects(
      writeModel(`${folder}/models/xor/a.mat`, { network: network([2]) }),
      { name: "ModelFileError", message: /Cannot make the folder/ },
    );
    await assert.rejects(
      writeModel(`${folder}/models/a.mat`, { network: network([2]) }),
      { name: "ModelFileError", message: /a file of that name is in the way/ },
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
