/** Flags that change nothing are told of, and those that cannot be refused. */
import { doesNotMatch, match } from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../folder.ts";
import { run } from "./in_process.ts";
import { shared, withModel, withSmallModel } from "./with_model.ts";

/** What a training of one update says on standard error. */
async function trained(...flags: string[]): Promise<string> {
  return await inFolder(async (folder) => {
    const { err } = await run([
      ...["train", "--n_trials", "1", "--seed", "1", "--plots", "False"],
      ...["--output_dir", folder, ...flags],
    ]);
    return err;
  });
}

Deno.test("train says which settings of layers have no effect", async () => {
  const one = ["--N", "12"];
  doesNotMatch(await trained(...one), /no effect/);
  const err = await trained(...one, "--feedback", "0.1", "--input_to", "all");
  match(err, /^--feedback: no effect, the network has one layer$/m);
  match(err, /^--input_to: no effect, the network has one layer$/m);
  const two = ["--layer_sizes", "8", "9", "--feedback", "0.1"];
  doesNotMatch(await trained(...two), /no effect/);
  match(
    await trained(...one, ...two),
    /^--N: no effect, --layer_sizes says how many units there are$/m,
  );
});

Deno.test("map says which settings of a calibration have no effect", async () => {
  await withModel(async (model) => {
    const map = ["map", model, ...shared, "--trials=2", "--force"];
    const few = [...map, "--factors=50", "--write_anyway"];
    doesNotMatch((await run(few)).err, /no effect/);
    const { err } = await run([
      ...few,
      ...["--calibrate_trials=5", "--tune_rounds=2", "--port=8000"],
    ]);
    match(err, /^--calibrate_trials: no effect without --calibrate$/m);
    match(err, /^--tune_rounds: no effect without --calibrate tune$/m);
    match(err, /^--port: no effect without --dashboard$/m);
  });
});

Deno.test("simulate and perturb say what changes nothing of a rate network", async () => {
  await withSmallModel(async (model, folder) => {
    const few = [model, "--task=go-nogo", "--trials=2", "--seed=1"];
    const mapping = ["--factor=50", "--tm=8"];
    const simulate = ["simulate", ...few, "--rate"];
    match(
      (await run([...simulate, ...mapping])).err,
      /^with --rate the rate network alone is run, and --factor, --tm change nothing$/m,
    );
    doesNotMatch((await run(simulate)).err, /nothing/);
    const perturb = ["perturb", ...few, "--scale=0.5", "--output", folder];
    match(
      (await run([...perturb, "--network=rate", "--factor=50"])).err,
      /^with --network rate .* is perturbed, and --factor changes nothing$/m,
    );
  });
});

Deno.test("perturb names classes in one way, however they were typed", async () => {
  await withSmallModel(async (model, folder) => {
    const few = ["perturb", model, "--task=go-nogo", "--trials=2", "--seed=1"];
    const { out } = await run([
      ...[...few, "--from", "e", "--to", "ALL", "--scale", "0.5"],
      ...["--window", "Stimulus", "--output", folder],
    ]);
    match(out, /^rate +scale E to all × 0\.5 in stimulus /m);
    const table = await Deno.readTextFile(join(folder, "effects.csv"));
    match(table, /,E,all,/);
  });
});

Deno.test("what cannot be drawn, reported or analysed is said before work begins", async () => {
  await withSmallModel(async (model, folder) => {
    const task = "--task=go-nogo";
    match(
      (await run(["plot", model, "rates", task, "--trial", "stop"], 2)).err,
      /Cannot draw condition "stop": task go-nogo has go, nogo/,
    );
    const page = join(folder, "page.svg");
    match(
      (await run(["report", model, task, "--output", page], 2)).err,
      /Cannot write the report to .*page\.svg: its name must end in \.html/,
    );
    match(
      (await run(["analyse", model, "--spikes", "s.mat"], 2)).err,
      /--spikes s\.mat is analysed in place of a network; leave one of them out/,
    );
  });
});

Deno.test("whole numbers that are too large to be exact are told which are not", async () => {
  match(
    (await run(["train", "--seed", "9".repeat(20)], 2)).err,
    /allowed are whole numbers of 0 or more, at most 9007199254740991$/m,
  );
  doesNotMatch((await run(["train", "--seed", "x"], 2)).err, /up to/);
});

Deno.test("the short help ends no text in the middle", async () => {
  const { out } = await run(["map", "--help"]);
  match(out, /steps beyond the factor, all or some \(default none\)/);
  const help = (await run(["export", "--help"])).out.replace(/\s+/g, " ");
  match(
    help,
    /what the network is written as \(default none: it is required\)/,
  );
  match(help, /--output FILE name of the file to write \(default beside/);
});

Deno.test("eval says which settings of training have no effect on a model that is named", async () => {
  await withSmallModel(async (model) => {
    const few = ["eval", model, "--task=go-nogo", "--trials=2", "--seed=1"];
    doesNotMatch((await run(few)).err, /no effect/);
    match(
      (await run([...few, "--N=50"])).err,
      /^--N: no effect, a model is named$/m,
    );
    doesNotMatch((await run([...few, "--eval_trials=3"])).err, /no effect/);
  });
});

Deno.test("a table in a settings file is said to be none of its settings", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "a.toml");
    await Deno.writeTextFile(path, "seed = 1\n[train]\nN = 5\n");
    match(
      (await run(["train", "--config", path], 2)).err,
      /a\.toml, line 2: settings stand by themselves, not in tables such as \[train\]/,
    );
  });
});
