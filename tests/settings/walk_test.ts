/**
 * Every setting of a training and what it reaches: given on the command line, it
 * is on record in the model and the model becomes another one.
 */
import assert from "node:assert/strict";
import { trainFlags } from "../../lib/runs/train_flags.ts";
import { readModel } from "../../lib/formats/model_file.ts";
import { run } from "../cli/in_process.ts";
import { inFolder } from "../folder.ts";
import type { Model } from "../../lib/network/records.ts";
import type { Flags } from "../../lib/settings/kinds.ts";

const flags: Flags = trainFlags;

/** A small training that every setting below changes. */
const base: Readonly<Record<string, string>> = {
  task: "xor",
  N: "12",
  T: "60",
  stim_on: "5",
  stim_dur: "10",
  delay: "8",
  n_trials: "6",
  eval_freq: "3",
  eval_trials: "4",
  seed: "5",
  preset: "paper",
};

/** Another value of each setting, and what else makes it matter. */
const others: Readonly<
  Record<string, readonly [value: string, also?: Record<string, string>]>
> = {
  task: ["dms"],
  T: ["70"],
  stim_on: ["6"],
  stim_dur: ["11"],
  delay: ["9"],
  timing: ["delay=7", { delay: "", T: "130" }],
  N: ["13"],
  P_inh: ["0.5"],
  P_rec: ["0.6"],
  som_N: ["1", { P_inh: "0.5" }],
  apply_dale: ["False"],
  gain: ["0.7"],
  inhibitory_scale: ["2", { P_inh: "0.5" }],
  w_dist: ["gamma"],
  act: ["softplus"],
  decay_taus: ["5 30"],
  n_layers: ["2"],
  layer_sizes: ["9 7"],
  P_inter: ["0.4", { n_layers: "2" }],
  inter: ["all", { n_layers: "2", P_inh: "0.5" }],
  inter_gain: ["1", { n_layers: "2" }],
  feedback: ["0.5", { n_layers: "2" }],
  readout: ["all", { n_layers: "2" }],
  input_to: ["all", { n_layers: "2" }],
  preset: ["fast"],
  n_trials: ["7"],
  batch: ["2"],
  loss_fn: ["l1"],
  answer_share: ["0.6"],
  curriculum: ["4"],
  learning_rate: ["0.03"],
  warm_up: ["4"],
  clip_norm: ["0.01"],
  noise_levels: ["2"],
  loss_threshold: ["1000", { task: "xor", eval_freq: "1" }],
  criterion: ["strict"],
  eval_freq: ["2"],
  eval_trials: ["5"],
  seed: ["6"],
  backend: ["reference"],
};

/** Whose only trace is what is on record: nothing in so short a training. */
const onRecordAlone = new Set(["criterion", "loss_threshold", "curriculum"]);

/** Trains by settings that belong to each other. */
async function trained(values: Record<string, string>): Promise<Model> {
  const args = Object.entries(values).filter(([, value]) => value !== "")
    .flatMap(([name, value]) => [`--${name}`, ...value.split(" ")]);
  return await inFolder(async (folder) => {
    const { out } = await run([
      ...["train", ...args, "--plots", "False", "--quiet"],
      ...["--output_dir", folder],
    ]);
    return await readModel(/^saved (.*)$/m.exec(out)![1]);
  });
}

/** Models before one setting is changed, by what else was: most begin alike. */
const starts = new Map<string, Promise<Model>>();

function start(also: Record<string, string>): Promise<Model> {
  const key = JSON.stringify(also);
  const made = starts.get(key) ?? trained({ ...base, ...also });
  starts.set(key, made);
  return made;
}

Deno.test("every setting that shapes a training is in this test", () => {
  const shaping = Object.keys(flags)
    .filter((name) => flags[name].scope === undefined);
  assert.deepEqual(Object.keys(others).sort(), shaping.sort());
});

for (const [name, [value, also = {}]] of Object.entries(others)) {
  Deno.test(`--${name} reaches the model and its record`, async () => {
    const before = await start(also);
    const after = await trained({ ...base, ...also, [name]: value });
    const recorded = after.provenance!.settings[name];
    assert.notDeepEqual(
      recorded,
      before.provenance!.settings[name],
      `${name} is not on record`,
    );
    if (onRecordAlone.has(name)) return;
    const traces = [before, after].map((
      { network, training, task, provenance },
    ) => JSON.stringify({ network, training, task, at: provenance!.backend }));
    assert.notEqual(traces[0], traces[1], `${name} changes nothing`);
  });
}
