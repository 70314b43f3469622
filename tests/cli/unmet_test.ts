/** Models that were saved before training had met its criteria. */
import {
  deepStrictEqual as equal,
  doesNotMatch,
  match,
} from "node:assert/strict";
import { join } from "node:path";
import { readModel, writeModel } from "../../lib/formats/model_file.ts";
import { createNetwork } from "../../lib/network/create.ts";
import type { Model, TrainingOutcome } from "../../lib/network/records.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import type { TrainOptions } from "../../lib/train/options.ts";
import { train } from "../../lib/train/train.ts";
import { inFolder } from "../folder.ts";
import { run } from "./in_process.ts";

const task = getTask("go-nogo");

async function trained(options: Partial<TrainOptions>): Promise<Model> {
  const network = createNetwork({ channels: 1, units: 10 }, randomStream(1));
  const all = { seed: 1, updates: 6, evalTrials: 2, ...options };
  for await (const event of train(network, task, all)) {
    if (event.kind === "stopped") return event.model;
  }
  throw new Error("training gave no model");
}

/** Criteria that any network meets. */
const easy = { stopping: { loss: Infinity, performance: -1, trials: 0 } };

const outcomes: readonly [string, Partial<TrainOptions>, TrainingOutcome][] = [
  ["met", { ...easy, noiseLevels: [1] }, { reason: "criterion", met: true }],
  ["limit", {}, { reason: "limit", met: false }],
  [
    "stopped",
    { signal: AbortSignal.abort() },
    { reason: "interrupted", met: false },
  ],
];

Deno.test("a model says how its training ended, in its file and to who looks at it", () =>
  inFolder(async (folder) => {
    for (const [name, options, outcome] of outcomes) {
      const model = await trained({ evalEvery: 2, ...options });
      equal(model.training!.outcome, outcome);
      const path = join(folder, `${name}.mat`);
      await writeModel(path, model);
      const again = await readModel(path);
      equal(again.training!.outcome, outcome);
      // As after map: what was read is written.
      await writeModel(path, again);
      equal((await readModel(path)).training!.outcome, outcome);
    }
    const info = async (name: string, ...more: string[]) =>
      (await run(["info", join(folder, `${name}.mat`), ...more])).out;
    match(await info("met"), /^ *criteria +met$/m);
    match(
      await info("limit"),
      /^ *criteria +training used up its 6 updates, the criteria were not met$/m,
    );
    match(
      await info("stopped"),
      /^ *criteria +training was interrupted after 0 updates, the criteria/m,
    );
    equal(
      JSON.parse(await info("stopped", "--json")).training.outcome,
      { reason: "interrupted", met: false },
    );

    const { out, err } = await run(
      ["eval", folder, "--trials=2", "--seed=1"],
    );
    match(err, /limit\.mat: training used up its 6 updates, the criteria/);
    match(err, /stopped\.mat: training was interrupted after 0 updates, the/);
    doesNotMatch(err, /\bmet\.mat/);
    match(out, /limit\.mat: .*; criteria of training not met$/m);
    match(out, /^2 of 3 had not met the criteria of training$/m);

    const mapped = await run(
      ["map", folder, "--trials=2", "--seed=1", "--factors", "40", "50"],
    );
    match(mapped.err, /limit\.mat: training used up its 6 updates, the crit/);
    equal((await readModel(join(folder, "limit.mat"))).training!.outcome, {
      reason: "limit",
      met: false,
    });
  }));

Deno.test("a network that diverged says so in the file of its last good state", () =>
  inFolder(async (folder) => {
    const { err } = await run(
      [
        ...["train", "--task=go-nogo", "--N=20", "--n_trials=50"],
        ...["--learning_rate=1e38", "--seed=1"],
        ...["--plots=False", `--output_dir=${folder}`],
      ],
      1,
    );
    const path = /the last good state is (\S+\.mat)/.exec(err)![1];
    equal((await readModel(path)).training!.outcome, {
      reason: "diverged",
      met: false,
    });
  }));
