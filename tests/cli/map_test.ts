/** `map`: the search, what it writes and keeps. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { Output } from "../../lib/cli/output.ts";
import { keepState } from "../../lib/runs/search_state.ts";
import { readModel } from "../../lib/formats/model_file.ts";
import { goNogo } from "../../lib/tasks/go_nogo.ts";
import { fakeTerminal } from "./fake_terminal.ts";
import { run } from "./in_process.ts";
import { shared, withModel } from "./with_model.ts";

Deno.test("map writes the factor into the file, says why, and skips it the next time", async () => {
  await withModel(async (model, folder) => {
    const args = ["map", model, ...shared, "--factors=40,50", "--trials=8"];
    const { out, err } = await run(args);
    match(err, /seed 1\n/);
    match(out, /^factor +paper's rule +strict rule +output error +E Hz +I Hz/m);
    match(out, /^50 \* +\d+/m);
    match(out, /^scaling factor 50: the smallest output error/m);
    match(out, /^plateau: \d of 2 factors, from/m);
    const { search, task } = await readModel(model);
    equal(
      task,
      { name: "go-nogo", timing: goNogo().timing },
      "the file did not say it",
    );
    equal(search?.chosen, 50, "at 40 the output is too large");
    equal(search?.factors, [40, 50]);
    equal(search?.scores[0].paper.trials, 8);
    match((await run(args)).out, /searched already, factor 50/);
    const again = await run([...args, "--force", "--select=paper"]);
    match(again.out, /best performance by the paper's rule/);
    equal(
      (await readModel(model)).search?.chosen,
      40,
      "right more often by it",
    );
    equal([...Deno.readDirSync(folder)].length, 1, "no state is left behind");
  });
});

Deno.test("map clears away the state of a search that the model holds, and no other", async () => {
  await withModel(async (model, folder) => {
    const args = ["map", model, ...shared, "--factors=30,50", "--trials=6"];
    await run(args);
    const { factors, scores } = (await readModel(model)).search!;
    const tried = factors.map((factor, k) => ({ factor, score: scores[k] }));
    const state = { fingerprint: "of a run", seed: 1, tried };
    const output = new Output(fakeTerminal(), { quiet: true, json: false });
    const left = () => [...Deno.readDirSync(folder)].length - 1;
    // Killed when the model was written, before the state was removed.
    await keepState(model, state, output);
    equal(left(), 1);
    await run(args);
    equal(left(), 0);
    // Killed in a search with --force, which found something else.
    const [first, second] = tried;
    await keepState(model, {
      ...state,
      tried: [first, { ...second, score: first.score }],
    }, output);
    await run(args);
    equal(left(), 1);
    await keepState(
      model,
      { ...state, tried: [{ ...first, factor: 35 }] },
      output,
    );
    await run(args);
    equal(left(), 1);
  });
});

Deno.test("map logs a search with its rasters, and the calibration of a searched model", async () => {
  await withModel(async (model, folder) => {
    const logs = join(folder, "logs");
    const args = ["map", model, ...shared, "--trials=4", "--log_dir", logs];
    const read = async (name: string) =>
      (await Deno.readTextFile(join(logs, name, "run.jsonl"))).trimEnd()
        .split("\n").map((line) => JSON.parse(line));
    const { out } = await run([...args, "--factors=50", "--json"]);
    ok(out.length < 5000, "no arrays that only figures need");
    const [, factor] = await read("map_model");
    equal(factor.kind, "factor");
    equal(
      factor.raster.groups.map(({ type }: { type: string }) => type),
      ["E", "I"],
    );
    ok(Uint8Array.fromBase64(factor.raster.bits).some((byte) => byte > 0));
    await run([...args, "--calibrate=readout", "--calibrate_trials=4"]);
    const lines = await read("calibrate_model");
    equal(lines.map(({ kind }) => kind), ["run", "calibrated", "saved"]);
    equal(lines[1].step, "readout");
    equal(typeof lines[1].before.outputError, "number");
  });
});

Deno.test("map goes on after a model that cannot be mapped, and says so at the end", async () => {
  await withModel(async (model, folder) => {
    await Deno.mkdir(join(folder, "more"));
    const bytes = await Deno.readFile(model);
    await Deno.writeFile(
      join(folder, "bad.mat"),
      bytes.subarray(0, bytes.length / 2),
    );
    await Deno.copyFile(model, join(folder, "more", "other.mat"));
    const { out, err } = await run([
      "map",
      folder,
      ...shared,
      "--factors=50",
      "--trials=2",
    ], 1);
    match(err, /^spikernn: .*bad\.mat: Cannot read/m);
    match(err, /^spikernn: Cannot map 1 of 3 models/m);
    equal(out.match(/^scaling factor 50/gm)?.length, 2);
    for (const path of [model, join(folder, "more", "other.mat")]) {
      equal((await readModel(path)).search?.chosen, 50);
    }
  });
});
