/** Model files that other programs have edited, or that lack what others say. */
import assert from "node:assert/strict";
import { decodeMat, fromRowMajor, numeric } from "../../lib/mat5/mod.ts";
import { decodeModel, encodeModel } from "../../lib/formats/model_file.ts";
import type { Model } from "../../lib/network/records.ts";
import { edited, fullModel, network, rectified } from "./samples.ts";

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
  const odd = decodeModel(encodeModel({ ...model, search: wrong }));
  assert.equal(odd.search?.layers, undefined);
  assert.equal(odd.search?.chosen, chosen);
  assert.match(
    odd.remarks![0],
    /"spikernn_search" \(0 at \.layers\.factors\[1\], expected a scaling factor above 0\)/,
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
