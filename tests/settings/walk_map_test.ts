/**
 * Every setting of a search and what it reaches: given on the command line, it is
 * on record in the model and the search comes out as another one.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { mapFlags } from "../../lib/runs/map_flags.ts";
import { readModel, writeModel } from "../../lib/formats/model_file.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import type { Flags } from "../../lib/settings/kinds.ts";
import { run } from "../cli/in_process.ts";
import { inFolder } from "../folder.ts";

const flags: Flags = mapFlags;

/** A small search that every setting below changes. */
const base: Readonly<Record<string, string>> = {
  factors: "40 50",
  trials: "4",
  seed: "5",
  write_anyway: "true",
  calibrate_anyway: "true",
  T: "60",
  stim_on: "5",
  stim_dur: "10",
};

const tuned = {
  calibrate: "tune",
  tune_rounds: "1",
  tune_updates: "1",
  tune_batch: "1",
};
const fitted = { calibrate: "units", calibrate_trials: "4" };

/** Another value of each setting, and what else makes it matter. */
const others: Readonly<
  Record<string, readonly [value: string, also?: Record<string, string>]>
> = {
  factors: ["30 60"],
  trials: ["5"],
  all_trials: ["true"],
  select: ["paper"],
  refine: ["true"],
  predict: ["true"],
  factor_per_layer: ["true", { layers: "2" }],
  calibrate: ["readout"],
  goal: ["robust", tuned],
  calibrate_trials: ["5", fitted],
  calibrate_iterations: ["1", fitted],
  tune_rounds: ["2", tuned],
  tune_updates: ["2", tuned],
  tune_batch: ["2", tuned],
  tune_rate: ["0.3", tuned],
  tune_guide: ["0", tuned],
  tune_hold: ["1", tuned],
  tune_noise: ["0.5 2", tuned],
  tune_amplitude: ["0.5 0.9", tuned],
  tune_shift: ["4", tuned],
  tune_weights: ["readout", tuned],
  T: ["70"],
  stim_on: ["6"],
  stim_dur: ["11"],
  model: ["qif"],
  synapse: ["single"],
  tr: ["4"],
  tref: ["5"],
  tm: ["20"],
  tau_w: ["200", { model: "alif" }],
  b_w: ["2", { model: "alif" }],
  downsample: ["2"],
  use_initial_weights: ["true"],
  seed: ["6"],
  backend: ["reference"],
};

/** Whose only trace may be what is on record, in so short a search. */
const onRecordAlone = new Set([
  ...[
    "all_trials",
    "select",
    "predict",
    "calibrate_iterations",
    "tune_rounds",
    "backend",
  ],
]);

/** Not here: a model says its task; others have no such timings; needs no search. */
const elsewhere = [
  "task",
  "delay",
  "timing",
  "write_anyway",
  "calibrate_anyway",
];

Deno.test("every setting that shapes a search is in this test", () => {
  const shaping = Object.keys(flags)
    .filter((name) => flags[name].scope === undefined);
  assert.deepEqual(
    [...Object.keys(others), ...elsewhere].sort(),
    shaping.sort(),
  );
});

async function search(values: Record<string, string>) {
  return await inFolder(async (folder) => {
    const { layers = "1", ...rest } = values;
    const path = join(folder, "model.mat");
    const units = new Array<number>(Number(layers)).fill(8);
    const network = createNetwork({ units, channels: 1 }, randomStream(1));
    const initial = {
      ...network,
      layers: network.layers.map((layer) => ({
        ...layer,
        weights: layer.weights.map((weight) => 2 * weight),
      })),
    };
    await writeModel(path, {
      network,
      initial,
      task: getTask("go-nogo"),
    });
    const args = Object.entries(rest)
      .flatMap(([name, value]) => [`--${name}`, ...value.split(" ")]);
    await run(["map", path, ...args, "--quiet", "--workers", "1"]);
    return (await readModel(path)).search!;
  });
}

/** Searches before one setting is changed, by what else was: most begin alike. */
const starts = new Map<string, ReturnType<typeof search>>();

function start(also: Record<string, string>): ReturnType<typeof search> {
  const key = JSON.stringify(also);
  const made = starts.get(key) ?? search({ ...base, ...also });
  starts.set(key, made);
  return made;
}

for (const [name, [value, also = {}]] of Object.entries(others)) {
  Deno.test(`map --${name} reaches the search and its record`, async () => {
    const before = await start(also);
    const after = await search({ ...base, ...also, [name]: value });
    assert.notDeepEqual(
      after.runs![0][name],
      before.runs![0][name],
      `${name} is not on record`,
    );
    if (onRecordAlone.has(name)) return;
    const traces = [before, after].map(({ runs: _, ...rest }) =>
      JSON.stringify(
        rest,
        (_, part) =>
          ArrayBuffer.isView(part)
            ? Array.from(part as unknown as ArrayLike<number>)
            : part,
      )
    );
    assert.notEqual(traces[0], traces[1], `${name} changes nothing`);
  });
}
