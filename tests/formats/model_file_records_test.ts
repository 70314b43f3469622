/** Fields that only record how training or a search went: whatever they hold, a model is read. */
import assert from "node:assert/strict";
import {
  cell,
  char,
  decodeMat,
  encodeMat,
  logical,
  type MatValue,
  numeric,
} from "../../lib/mat5/mod.ts";
import { decodeModel, encodeModel } from "../../lib/formats/model_file.ts";
import { isSpikingField } from "../../lib/formats/model/spiking.ts";
import type { Model } from "../../lib/network/records.ts";
import { fullModel } from "./samples.ts";

const records = [
  ["u", "o", "target", "x", "r", "x0", "r0"],
  ["w0", "w_in0", "taus_gaus0", "spikernn_w_out0", "spikernn_b_out0"],
  ["losses", "tr", "eval_perf_mean", "eval_loss_mean"],
  ["eval_os", "eval_labels", "spikernn_evaluations"],
  ["opt_scaling_factor", "scaling_factors", "all_perfs"],
  ["spikernn_strict_perfs", "spikernn_rates", "spikernn_search"],
  ["spikernn_task", "spikernn_provenance", "spikernn_outcome"],
  ["spikernn_unrectified_w"],
].flat();

/** A file of these fields. To compress them takes longer than all else here. */
function plainFile(fields: ReadonlyMap<string, MatValue>): Uint8Array {
  return encodeMat(fields, { compress: false });
}

/** A value turned around. */
function turned(value: MatValue): MatValue {
  if (value.kind !== "numeric") return value;
  const [rows, columns] = value.dims;
  const data = Float64Array.from(value.data as Float64Array, Number);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      data[row * columns + column] = Number(value.data[column * rows + row]);
    }
  }
  return numeric(data, [columns, rows]);
}

/** What people and programs do to a field, by what it is. */
const edits: Readonly<Record<string, (value: MatValue) => MatValue>> = {
  turned,
  emptied: () => numeric(new Float64Array(), [0, 0]),
  "another shape": () => numeric(new Float64Array(12).fill(2), [3, 4]),
  "three dimensions": () => numeric(new Float64Array(8), [2, 2, 2]),
  "one number": () => numeric(-0.5),
  NaN: () => numeric(NaN),
  "whole numbers": () => numeric(BigInt64Array.of(1n, 2n)),
  complex: () => ({
    ...numeric(Float64Array.of(1)),
    imaginary: Float64Array.of(1),
  }),
  text: () => char("none"),
  words: () => ({ kind: "char", dims: [3, 4], rows: ["same", "diff", "same"] }),
  "cells of text": () => cell([char("a"), char("bc")]),
  cells: () => cell([numeric(1), numeric(2)], [2, 1]),
  "no cells": () => cell([], [0, 0]),
  logical: () => logical([1, 0, 1]),
  struct: () => ({
    kind: "struct",
    dims: [1, 1],
    fields: new Map([["a", [numeric(1)]]]),
  }),
  sparse: () => ({
    kind: "sparse",
    dims: [2, 2],
    logical: false,
    rowIndices: Int32Array.of(1),
    columnStarts: Int32Array.of(0, 1, 1),
    data: Float64Array.of(3),
  }),
  opaque: () => ({
    kind: "opaque",
    class: 17,
    content: new Uint8Array(48).fill(1),
  }),
};

/**
 * Values compare by what they hold; text and empty text have several forms. The
 * spiking network's plain fields follow from the rest and are written anew.
 */
function assertKept(
  after: ReadonlyMap<string, MatValue>,
  before: ReadonlyMap<string, MatValue>,
): void {
  for (const [field, value] of before) {
    if (isSpikingField(field)) continue;
    assert.deepEqual(after.get(field), value, field);
  }
}

/** An opaque value gets its name from its own bytes. */
function opaque(name: string): MatValue {
  const file = encodeMat({ [name]: numeric(1) }, { compress: false });
  file[128 + 8 + 8] = 16;
  return decodeMat(file).get(name)!;
}

for (const [what, edit] of Object.entries(edits)) {
  Deno.test(`a record's field that is ${what} stops nothing, and is written back`, () => {
    // A network of one unit has matrices that are rows and columns too.
    const small = ["turned", "emptied", "one number"].includes(what);
    for (const sizes of small ? [[5], [1]] : [[5]]) {
      const file = decodeMat(encodeModel(fullModel(sizes)));
      const { network } = decodeModel(encodeMat(file));
      for (const field of records.filter((field) => file.has(field))) {
        const value = what === "opaque"
          ? opaque(field)
          : edit(file.get(field)!);
        // As it comes out of a file: what is written is what is expected back.
        const bytes = plainFile(new Map(file).set(field, value));
        const before = decodeMat(bytes);
        const model = decodeModel(bytes);
        if (field !== "spikernn_unrectified_w") {
          assert.deepEqual(model.network, network, field);
        }
        const after = encodeModel(model);
        assertKept(decodeMat(after), before);
        assert.deepEqual(decodeModel(after), model, field);
      }
    }
  });
}

const original = decodeMat(Deno.readFileSync(
  new URL("../data/gonogo_original.mat", import.meta.url),
));
const { network: originalNetwork } = decodeModel(plainFile(original));

for (const [what, edit] of Object.entries(edits)) {
  Deno.test(`the original's network is read with all records ${what}`, () => {
    const file = new Map(original);
    const search = ["opt_scaling_factor", "scaling_factors", "all_perfs"];
    for (const field of records) {
      const value = file.get(field);
      if (!value && !search.includes(field)) continue;
      const odd = what === "opaque"
        ? opaque(field)
        : edit(value ?? numeric(30));
      file.set(field, odd);
    }
    const bytes = plainFile(file);
    const before = decodeMat(bytes);
    const model = decodeModel(bytes);
    assert.deepEqual(model.network, originalNetwork);
    assertKept(decodeMat(encodeModel(model)), before);
  });
}

/** A full model with some fields changed, as it is read. */
function changed(
  fields: Readonly<Record<string, MatValue | undefined>>,
): Model {
  const file = decodeMat(encodeModel(fullModel([3])));
  for (const [field, value] of Object.entries(fields)) {
    if (value) file.set(field, value);
    else file.delete(field);
  }
  return decodeModel(encodeMat(file));
}

const empty = numeric(new Float64Array(), [0, 0]);

for (
  const [field, value, message] of [
    ["x", numeric(new Float64Array(12), [4, 3]), "4x3 double, expected 6x3"],
    ["u", numeric(new Float64Array(6)), "1x6 double, expected 2xn"],
    ["o", numeric(new Float64Array(6)), "1x6 double, expected 5 outputs"],
    ["eval_os", numeric(new Float64Array(6)), "1x6 double, expected 3xn"],
    ["eval_labels", empty, "no labels, expected one for each trial"],
    ["eval_labels", cell([char("a")]), '"a", expected numbers, or the words'],
    ["tr", numeric(0.5), "0.5, expected a whole number"],
    ["tr", empty, "0x0 double, expected 1 index of the last update"],
    ["losses", empty, "no numbers, expected 4 losses"],
    ["w0", empty, "0x0 double, expected 3x3 weights"],
    ["opt_scaling_factor", numeric(-1), "-1, expected a number above 0"],
    [
      "opt_scaling_factor",
      numeric(0.02),
      "0.02, expected numbers from 1 to 260 for the activation softplus: " +
      "did you mean 1/lambda = 50?",
    ],
    ["opt_scaling_factor", empty, "0x0 double, expected 1 scaling factor"],
    ["scaling_factors", numeric(Float64Array.of(0, 1, 2)), "0, expected"],
    ["all_perfs", numeric(new Float64Array(4)), "1x4, expected performances"],
    [
      "all_perfs",
      numeric(Float64Array.of(95, 100, 60)),
      "95, expected performances from 0 to 1",
    ],
    ["spikernn_task", char("{"), '"{", expected JSON'],
    ["spikernn_task", char("[1]"), "[1], expected an object"],
    [
      "spikernn_task",
      char('{"name":1,"timing":{}}'),
      "1 at .name, expected text",
    ],
    ["spikernn_task", char("[".repeat(5000)), "JSON nested too deep"],
    ["spikernn_search", char('{"factors":[20]}'), "nothing at .scores"],
    ["spikernn_provenance", char("null"), "null, expected an object"],
    [
      "spikernn_evaluations",
      numeric(new Float64Array(6), [2, 3]),
      "2x3 numbers, expected n rows of 4 to 6 numbers",
    ],
  ] as [string, MatValue, string][]
) {
  Deno.test(`decodeModel() remarks ${field}: ${message}`, () => {
    const { remarks } = changed({ [field]: value });
    assert.equal(remarks?.length, 1);
    assert.ok(
      remarks[0].startsWith(
        `not used, and kept as it is: "${field}" (${message}`,
      ),
      remarks[0],
    );
  });
}

Deno.test("decodeModel() names all fields that it does not use in one remark", () => {
  const { remarks, training, trial, search } = changed({
    x: empty,
    tr: empty,
    eval_os: empty,
    opt_scaling_factor: empty,
  });
  assert.equal(remarks?.length, 1);
  for (const field of ["x", "tr", "eval_os", "opt_scaling_factor"]) {
    assert.ok(remarks[0].includes(`"${field}" (0x0 double`), field);
  }
  assert.equal(trial, undefined);
  assert.equal(search, undefined);
  // What is right of the training record is there.
  assert.deepEqual(training?.losses, Float64Array.of(4, 3, 2, 1));
  assert.equal(training?.evaluations.length, 3);
  assert.equal(training?.evalOutputs.length, 0);
  assert.equal(decodeModel(encodeModel(fullModel([3]))).remarks, undefined);
});

Deno.test("decodeModel() takes the original's labels of xor trials, rows of text or cells", () => {
  const rows = ["same", "diff", "same"];
  for (
    const value of [
      { kind: "char", dims: [3, 4], rows } as const,
      cell(rows.map(char), [3, 1]),
    ]
  ) {
    const model = changed({ eval_labels: value });
    assert.deepEqual(model.training?.evalLabels, Float64Array.of(1, -1, 1));
    assert.equal(model.training?.evalOutputs.length, 3 * 5);
    assert.equal(model.remarks, undefined);
    assert.deepEqual(decodeMat(encodeModel(model)).get("eval_labels"), value);
  }
});

Deno.test("decodeModel() counts updates by the losses if tr does not", () => {
  const losses = numeric(Float64Array.of(4, 3, 2, 0, 0));
  const { training } = changed({ losses, tr: undefined });
  assert.equal(training?.lastUpdate, 2);
  assert.deepEqual(training?.losses, Float64Array.of(4, 3, 2));
});

Deno.test("a new search replaces one whose fields were odd, and all of it", () => {
  const odd = changed({
    spikernn_search: char("{"),
    spikernn_layer_factors: numeric(Float64Array.of(1, 2)),
    all_perfs: empty,
  });
  assert.equal(odd.search?.chosen, 25);
  const search = { ...fullModel([3]).search!, chosen: 30 };
  const bytes = encodeModel({ ...odd, search });
  assert.deepEqual(decodeModel(bytes).search, search);
  assert.equal(decodeModel(bytes).remarks, undefined);
  assert.equal(decodeMat(bytes).has("spikernn_layer_factors"), false);
});

Deno.test("encodeModel() writes what was changed, in the form of the rest", () => {
  const whole = numeric(BigInt64Array.of(3n));
  const model = changed({ tr: whole, N: whole });
  const { training } = model;
  const more = { ...training!, lastUpdate: 4 };
  const fields = decodeMat(encodeModel({ ...model, training: more }));
  assert.deepEqual(fields.get("tr"), numeric(4));
  assert.deepEqual(fields.get("N"), whole);
  // Changed in place, too.
  const losses = numeric(Float64Array.of(4, 3, 2, 1), [4, 1]);
  const column = changed({ losses });
  assert.deepEqual(decodeMat(encodeModel(column)).get("losses"), losses);
  column.training!.losses[0] = 9;
  assert.deepEqual(
    decodeMat(encodeModel(column)).get("losses"),
    numeric(Float64Array.of(9, 3, 2, 1)),
  );
});

Deno.test("decodeModel() lets w count if a private field has more units", () => {
  const big = decodeMat(encodeModel(fullModel([5])));
  const small = decodeMat(encodeModel(fullModel([3])));
  for (const field of big.keys()) {
    const isPrivate = field.startsWith("spikernn_");
    if (isPrivate || records.includes(field)) small.set(field, big.get(field)!);
  }
  const model = decodeModel(encodeMat(small));
  assert.equal(model.network.layers[0].size, 3);
  assert.match(model.remarks![0], /"spikernn_unrectified_w" \(5x5 single/);
  assert.deepEqual(
    decodeMat(encodeModel(model)).get("spikernn_unrectified_w"),
    big.get("spikernn_unrectified_w"),
  );
});

Deno.test("decodeModel() leaves out a calibration of more units than there are", () => {
  const model = fullModel([3]);
  const of = (units: number) =>
    decodeModel(encodeModel({
      ...model,
      search: {
        ...model.search!,
        calibration: {
          factor: 25,
          calibration: {
            units: {
              bias: new Float64Array(units),
              gain: new Float64Array(units).fill(1),
            },
          },
          outcomes: [],
          settings: {},
        },
      },
    }));
  assert.ok(of(3).search?.calibration);
  const { search, remarks } = of(5);
  assert.equal(search?.chosen, 25);
  assert.equal(search?.calibration, undefined);
  assert.match(remarks![0], /a calibration of 5 units, expected one of 3/);
});

Deno.test("decodeModel() reads negative weights under Dale's principle, as absent synapses", () => {
  const weights = Float64Array.of(1, -1, 0, 0, 2, -3, 0.5, 0, 1);
  for (const said of [logical(true), undefined]) {
    const model = changed({
      w: numeric(weights, [3, 3]),
      spikernn_unrectified_w: undefined,
      spikernn_dale: said,
    });
    const { dale, layers } = model.network;
    assert.equal(dale, true);
    assert.deepEqual(
      layers[0].weights,
      Float64Array.of(1, 0, 0.5, -1, 2, 0, 0, -3, 1),
    );
    assert.match(
      model.remarks![0],
      /^"w": 2 of 9 weights are negative under Dale's principle/,
    );
    const again = encodeModel(model);
    assert.deepEqual(decodeMat(again).get("w"), numeric(weights, [3, 3]));
    assert.deepEqual(decodeModel(again).network, model.network);
  }
});

Deno.test("decodeModel() says that weights with the signs of their units are no magnitudes", () => {
  // Unit 2 is inhibitory.
  const signed = Float64Array.of(1, 0, 0.5, 0, 2, 0, -1, -2, 0);
  const remarksOf = (weights: Float64Array) =>
    changed({
      w: numeric(weights, [3, 3]),
      spikernn_unrectified_w: undefined,
    }).remarks ?? [];
  assert.match(remarksOf(signed)[1], /signs are those of the units.*abs\(w\)/);
  assert.deepEqual(remarksOf(signed.map(Math.abs)), []);
  const mixed = signed.map((weight, i) => i === 1 ? -1 : weight);
  assert.equal(remarksOf(mixed).length, 1);
});

Deno.test("decodeModel() remarks on decay time constants that are shorter than a step", () => {
  const { remarks } = changed({ taus: numeric(Float64Array.of(0.02, 0.1)) });
  assert.match(remarks![0], /^"taus": 0.02 is shorter than a step/);
});

Deno.test("decodeModel() takes types of units from exc alone", () => {
  const { network } = changed({ inh: undefined, m: undefined });
  assert.deepEqual([...network.layers[0].inhibitory], [0, 0, 1]);
});
