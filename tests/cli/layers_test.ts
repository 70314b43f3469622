/** A network of several layers, from training to the report, end to end. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { decodeMat, vector } from "../../lib/mat5/mod.ts";
import { readModel, writeModel } from "../../lib/formats/model_file.ts";
import { decodeNpz } from "../../lib/formats/npz.ts";
import { parseLine } from "../../lib/records/log_lines.ts";
import { mappedNetwork } from "../../lib/spiking/mapped.ts";
import { inFolder } from "../folder.ts";
import { run } from "./in_process.ts";

/** Trains two layers of unequal sizes with feedback, for a moment. */
async function withModel(
  work: (model: string, folder: string) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const { out } = await run([
      ...["train", "--task=go-nogo", "--layer_sizes", "24", "14"],
      ...["--feedback=0.3", "--readout=all", "--n_trials=12", "--seed=1"],
      ...["--plots=False", "--output_dir", folder, "--quiet"],
    ]);
    const model = join(folder, "model.mat");
    await Deno.copyFile(/^saved (.*)$/m.exec(out)![1], model);
    await work(model, folder);
  });
}

const search = ["--factors", "30", "50", "--trials=4", "--seed=3"];

Deno.test("map --factor_per_layer tries one factor for each layer, and says which is better", async () => {
  await withModel(async (path) => {
    const { out } = await run(["map", path, "--factor_per_layer", ...search]);
    match(
      out,
      /^factors of the layers: .*(is better, and used|stays|is better than \d+ for all)$/m,
    );
    const model = await readModel(path);
    const { chosen, layers } = model.search!;
    equal(layers!.single, chosen);
    equal(layers!.tried[0].factors, [chosen, chosen]);
    ok(layers!.tried.every(({ factors }) => factors.length === 2));
    match((await run(["info", path])).out, /^factors of layers /m);
    match(
      (await run(["map", path, "--factor_per_layer"])).out,
      /searched already/,
    );

    // Whichever won, the winner is what every command maps with.
    for (const kept of [true, false]) {
      const record = { ...layers!, factors: [30, 50], kept };
      await writeModel(path, {
        ...model,
        search: { ...model.search!, layers: record },
      });
      const used = kept ? [30, 50] : chosen;
      equal(mappedNetwork(await readModel(path)).factor, used);
      const evaluated = async (...flags: string[]) => {
        const { out } = await run([
          ...["eval", path, "--spiking", "--trials=2", "--seed=1", "--json"],
          ...flags,
        ]);
        return out.trim().split("\n").map((line) => JSON.parse(line))
          .find(({ network }) => network === "spiking").factor;
      };
      equal(await evaluated(), used);
      equal(await evaluated("--single_factor"), chosen);
      equal(await evaluated("--factor=44"), 44);
      const npz = path.replace(".mat", `_${kept}.npz`);
      await run(["simulate", path, "--output", npz, "--seed=1"]);
      const arrays = decodeNpz(await Deno.readFile(npz));
      equal(Array.from(arrays.get("scaling_factor")!.data), [used].flat());
    }
    const fields = decodeMat(await Deno.readFile(path));
    equal(vector(fields.get("opt_scaling_factor")!), Float64Array.of(chosen));
  });
});

Deno.test("map --factor_per_layer goes on from an earlier search, and leaves one layer alone", async () => {
  await withModel(async (path, folder) => {
    await run(["map", path, ...search]);
    const before = (await readModel(path)).search!;
    equal(before.layers, undefined);
    await run([
      ...["map", path, "--factor_per_layer", ...search],
      ...["--log_dir", join(folder, "logs")],
    ]);
    const { layers, runs, ...after } = (await readModel(path)).search!;
    // How far the twin resembles its rate network is another matter with factors
    // of its layers.
    const { correspondence, ...kept } = before;
    const { correspondence: again, ...rest } = { ...after, runs: [runs![0]] };
    equal(rest, kept, "the search itself stays");
    equal(Object.keys(again!), Object.keys(correspondence!));
    equal(runs!.map((run) => run.factor_per_layer), [false, true]);
    const log = join(folder, "logs/calibrate_model/run.jsonl");
    const logged = (await Deno.readTextFile(log)).trimEnd().split("\n")
      .map((line) => parseLine(line)!)
      .filter((line) => line.kind === "layerFactors");
    equal(
      logged.map(({ factors }) => factors),
      layers!.tried.map(({ factors }) => factors),
    );
    equal(logged.at(-1)!.best, layers!.factors);
    const one = await run([
      ...["train", "--task=go-nogo", "--N=10", "--n_trials=2", "--seed=1"],
      ...["--plots=False", "--output_dir", folder, "--quiet"],
    ]);
    const single = /^saved (.*)$/m.exec(one.out)![1];
    const { err } = await run(["map", single, "--factor_per_layer", ...search]);
    match(err, /has one layer, and so one scaling factor/);
    equal((await readModel(single)).search!.layers, undefined);
  });
});

Deno.test("plot and report show every layer", async () => {
  await withModel(async (path, folder) => {
    await run(["map", path, "--factor_per_layer", ...search]);
    const { out } = await run([
      ...["plot", path, "--trials=1", "--out", join(folder, "figures")],
    ]);
    equal(out.match(/\.svg$/gm)?.length, 9, out);
    for (const figure of ["raster", "rates", "weights", "taus"]) {
      const svg = await Deno.readTextFile(
        join(folder, "figures", `model_${figure}.svg`),
      );
      match(svg, /[Ll]ayer 1/);
      match(svg, /[Ll]ayer 2/);
    }
    const page = join(folder, "report.html");
    await run(["report", path, "--trials=2", "--analyse=none", "--out", page]);
    const html = await Deno.readTextFile(page);
    match(html, /One factor for each layer/);
    match(html, /--factor_per_layer True/);
    match(html, /layer 2/);
  });
});
