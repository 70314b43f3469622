/** All analyses of networks of every kind: what is made, and of which units. */
import assert from "node:assert/strict";
import { openBackend } from "../../lib/backend/open.ts";
import { readModel } from "../../lib/formats/model_file.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { finished } from "../../lib/records/finished.ts";
import {
  analyse,
  type AnalysedNetwork,
} from "../../lib/runs/analyse/analyse.ts";
import { analysisNames } from "../../lib/runs/analyse/registry.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { defineTask } from "../../lib/tasks/define.ts";
import { getTask } from "../../lib/tasks/registry.ts";

/** Makes all analyses and checks what holds of any. */
async function allOf(source: AnalysedNetwork) {
  // Workers would each have their own warming up.
  const backend = await openBackend({ workers: 1 });
  const { results, leftOut } = await finished(
    analyse({ trials: 5, backend, ...source }, { seed: 1, intervals: false }),
  ).finally(() => backend.close());
  assert.deepEqual(
    [...Object.keys(results), ...Object.keys(leftOut)].sort(),
    analysisNames.toSorted(),
  );
  for (
    const [name, { scalars, tables, arrays, summary }] of Object.entries(
      results,
    )
  ) {
    assert.ok(summary.length > 0, name);
    for (const { name: of, value, reason } of scalars) {
      assert.equal(Number.isNaN(value), reason !== undefined, `${name} ${of}`);
    }
    for (const { columns, rows } of tables) {
      for (const row of rows) {
        assert.deepEqual(Object.keys(row).sort(), Object.keys(columns).sort());
      }
    }
    for (const [field, { data, shape, axes }] of Object.entries(arrays)) {
      assert.match(field, /^[a-z]\w*$/i);
      assert.equal(data.length, shape.reduce((a, b) => a * b, 1));
      assert.equal(axes.length, shape.length);
    }
  }
  return { results, leftOut };
}

/** What the numbers of an analysis are of. */
function named(
  results: Awaited<ReturnType<typeof allOf>>["results"],
  analysis: string,
): string {
  return results[analysis].scalars.map(({ of }) => of).join("; ");
}

const noPsychometric = {
  psychometric: "task go-nogo has no stimulus whose strength can be graded",
};

Deno.test("analyse makes every analysis of a tuned network, and only its spiking numbers change", async () => {
  const units = 14;
  const network = createNetwork(
    { channels: 1, units, gain: 2, sst: 1, inhibitory: 0.3 },
    randomStream(6),
  );
  const random = randomStream(7);
  const numbers = (count: number, mean: number) =>
    Float32Array.from(
      { length: count },
      (_, k) => mean + 0.2 * random.normal(k),
    );
  const source = { model: { network }, task: getTask("go-nogo") };
  const plain = await allOf({
    ...source,
    twin: convert(network, { scalingFactor: 20 }),
  });
  const tuned = await allOf({
    ...source,
    twin: convert(network, {
      scalingFactor: 20,
      calibration: {
        readout: {
          ...{ gainExcitatory: 1.1, gainInhibitory: 0.8, offset: 0.1 },
          units: numbers(units, 1),
        },
        units: { bias: numbers(units, 0.3), gain: numbers(units, 1.2) },
        synapses: {
          recurrent: [numbers(units * units, 1).map(Math.abs)],
          between: [],
        },
      },
    }),
  });
  assert.deepEqual(tuned.leftOut, noPsychometric);
  for (const [name, { scalars }] of Object.entries(tuned.results)) {
    const before = plain.results[name].scalars;
    const of = (which: typeof scalars, network: string) =>
      which.filter((scalar) => scalar.network === network);
    assert.deepEqual(of(scalars, "rate"), of(before, "rate"), name);
    if (!["trajectories", "currents", "spike-trains"].includes(name)) continue;
    assert.notDeepEqual(of(scalars, "spiking"), of(before, "spiking"), name);
  }
  // SST and PV are populations.
  for (const name of ["decoding", "tuning", "currents", "weights"]) {
    assert.match(named(tuned.results, name), /\bPV\b/, name);
    assert.match(named(tuned.results, name), /\bSST\b/, name);
  }
});

Deno.test("analyse makes every analysis of a network of layers, by layer", async () => {
  const network = createNetwork(
    { channels: 1, units: [9, 7], feedback: 0.5, gain: 2 },
    randomStream(2),
  );
  const { results, leftOut } = await allOf({
    ...{ model: { network }, task: getTask("go-nogo") },
    twin: convert(network, { scalingFactor: [20, 30] }),
  });
  assert.deepEqual(leftOut, noPsychometric);
  for (
    const name of [
      ...["trajectories", "timescales", "tuning", "decoding", "weights"],
      ...["currents", "spike-trains", "discriminability"],
    ]
  ) assert.match(named(results, name), /layer 2/, name);
  assert.equal(results["fixed-points"].arrays.states.shape[1], 16);
  assert.equal(results.silent.tables[0].rows.length, 16);
});

Deno.test("analyse makes every analysis of a file of the original code", async () => {
  const model = await readModel("tests/data/gonogo_original.mat");
  const { network } = model;
  const { results, leftOut } = await allOf({
    ...{ model, task: getTask("go-nogo") },
    twin: convert(network, { scalingFactor: model.search?.chosen ?? 50 }),
  });
  assert.deepEqual(leftOut, noPsychometric);
  const { scalars } = results["fixed-points"];
  const count = (name: string, of: string) =>
    scalars.find((scalar) => scalar.name === name && scalar.of === of)?.value;
  // Withholding and Go, and what divides them; the cue leaves Go alone.
  assert.deepEqual(
    ["stable_points", "saddles"].map((name) => count(name, "none")),
    [2, 1],
  );
  assert.equal(count("fixed_points", "cue = 1"), 1);
  const strict = results.generalisation.tables[0].rows
    .filter(({ varied, value }) => varied === "noise" && value === 1);
  assert.ok(strict.every((row) => Number(row.strict) >= 0.7));
});

Deno.test("analyse makes every analysis of a task of your own, by its names", async () => {
  const task = defineTask({
    name: "sides",
    description: "Answer to the side, whatever the place.",
    timing: { T: 60, stim_on: 10, stim_dur: 20 },
    channels: ["side", "place"],
    conditions: ["left:near", "left:far", "right:near", "right:far"],
    layout: ({ T, stim_on, stim_dur }) => ({
      stimuli: { flash: [stim_on, stim_on + stim_dur] },
      response: [stim_on + stim_dur, T],
    }),
    trial({ condition, timing: { T, stim_on, stim_dur }, channel, target }) {
      const [side, place] = condition.split(":");
      const end = stim_on + stim_dur;
      channel("side").fill(side === "left" ? -1 : 1, stim_on, end);
      channel("place").fill(place === "near" ? 1 : 0.5, stim_on, end);
      target.fill(side === "left" ? -1 : 1, end, T);
    },
  })();
  const network = createNetwork(
    { channels: 2, units: 12, gain: 2 },
    randomStream(4),
  );
  const { results, leftOut } = await allOf({
    ...{ model: { network }, task },
    twin: convert(network, { scalingFactor: 20 }),
  });
  assert.deepEqual(leftOut, {
    psychometric: "task sides has no stimulus whose strength can be graded",
  });
  const rows = results.tuning.tables[0].rows;
  const all = (column: string) => [...new Set(rows.map((row) => row[column]))];
  // The answer divides the conditions as the side does: it is no third variable.
  assert.deepEqual(all("variable"), ["part 1", "part 2"]);
  assert.deepEqual(all("window"), ["flash", "response"]);
  assert.deepEqual(all("first"), ["left", "near"]);
  assert.match(named(results, "tuning"), /part 1 × part 2, flash/);
  const inputs = results["fixed-points"].tables[0].rows.map((row) => row.input);
  assert.ok(inputs.includes("side = −1, place = 0.5"), inputs.join("; "));
  assert.ok(
    results.generalisation.remarks!.some((remark) => /no delays/.test(remark)),
  );
});
