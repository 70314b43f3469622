/** Runs with `--output` that are stopped, and go on. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { readModel, writeModel } from "../../lib/formats/model_file.ts";
import { modelOf } from "../export/models.ts";
import { inFolder } from "../folder.ts";
import { run } from "./in_process.ts";
import { start } from "./spawn.ts";

/** Stops a training with SIGTERM at its first checkpoint; what it said. */
async function stopped(folder: string, args: readonly string[]) {
  const child = start(
    [`--allow-read=${folder}`, `--allow-write=${folder}`],
    [
      ...["train", "--N=12", "--n_trials=4000", "--eval_freq=50", "--seed=7"],
      ...["--preset=paper", "--eval_trials=4", "--plots=False", "--workers=1"],
      ...["--loss_threshold=0.001", "--json", ...args],
    ],
  );
  let [text, sent] = ["", false];
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (!sent && text.includes('"kind":"checkpoint"')) {
      child.kill("SIGTERM");
      sent = true;
    }
  }
  const err = await new Response(child.stderr).text();
  equal((await child.status).code, 130, err);
  return err;
}

Deno.test("a run with --output goes on by the line that it says, over the model of when it was stopped", async () => {
  await inFolder(async (folder) => {
    const model = join(folder, "net.mat");
    const resumed = join(folder, "net.run");
    const err = await stopped(folder, ["--output", model]);
    ok(err.includes(`train --resume ${resumed} --output ${model}`), err);
    equal((await readModel(model)).training?.outcome?.reason, "interrupted");
    // What does not go on says no line by which it would.
    const refused = await run(["train", "--resume", resumed, "--N=13"], 2);
    match(
      refused.err,
      /^spikernn: Cannot resume with --N 13: the run was begun with 12/,
    );
    const { out } = await run([
      ...["train", "--resume", resumed, "--output", model, "--plots=False"],
    ]);
    ok(out.includes(`saved ${model}\n`), out);
    const { training } = await readModel(model);
    equal(training?.outcome?.reason, "limit");
    equal(training?.losses.length, 4000);
    equal([...Deno.readDirSync(folder)].map(({ name }) => name), ["net.mat"]);
  });
});

Deno.test("a run whose model has no folder of its own goes on beside its folder", async () => {
  await inFolder(async (folder) => {
    const model = join(folder, "net.mat");
    await stopped(folder, ["--output", model]);
    await Deno.remove(model);
    const { out } = await run([
      ...["train", "--resume", join(folder, "net.run"), "--plots=False"],
    ]);
    ok(out.includes(`saved ${model}\n`), out);
  });
});

Deno.test("a run that goes on writes over no other model, and over none that was mapped", async () => {
  await inFolder(async (folder) => {
    const model = join(folder, "net.mat");
    await stopped(folder, ["--output", model]);
    const resume = ["train", "--resume", join(folder, "net.run"), "--output"];
    const { search } = modelOf({});
    const own = await readModel(model);
    ok(search);
    const other = join(folder, "other.mat");
    await writeModel(other, modelOf({}));
    const searched = join(folder, "searched.mat");
    await writeModel(searched, { ...own, search });
    const foreign = join(folder, "seed.mat");
    await writeModel(foreign, {
      ...own,
      provenance: { ...own.provenance!, seed: 8 },
    });
    for (const path of [other, searched, foreign]) {
      const before = await Deno.readFile(path);
      const { err } = await run([...resume, path], 2);
      match(err, /it is there already; choose another name, or remove it/);
      equal(await Deno.readFile(path), before);
    }
  });
});
