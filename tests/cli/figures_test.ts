/** `plot` and `report`, end to end. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { run } from "./in_process.ts";
import { original, withModel, withSmallModel } from "./with_model.ts";

const shared = ["--task=go-nogo", "--trials=2"];

function files(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("plot draws all that the file has data for, and names what is left out", async () => {
  await withModel(async (model, folder) => {
    const out = join(folder, "figures");
    const written = await run(["plot", model, ...shared, "--out", out]);
    equal(
      files(out),
      ["output", "spectrum", "task", "taus", "training", "weights"]
        .map((name) => `model_${name}.svg`),
    );
    match(
      written.err,
      /leaving out search: no scaling factor has been searched/,
    );
    match(written.err, /leaving out raster: no scaling factor is known/);
    equal(written.out.match(/^saved /gm)?.length, 6);
  }, original);
});

Deno.test("plot draws named figures in the format and the width asked for, the same every time", async () => {
  await withSmallModel(async (model, folder) => {
    const args = ["plot", model, "raster", ...shared, "--factor=50"];
    const target = join(folder, "a.png");
    await run([...args, "--format=png", "--out", target, "--width=single"]);
    const png = new DataView((await Deno.readFile(target)).buffer);
    equal(png.getUint32(16), Math.round(85 / 25.4 * 300));
    await run([...args, "--width", "120"]);
    const first = await Deno.readTextFile(join(folder, "model_raster.svg"));
    match(first, / width="120mm"/);
    await run([...args, "--width", "120"]);
    equal(await Deno.readTextFile(join(folder, "model_raster.svg")), first);
    await run([...args, "--format=html"]);
    const page = await Deno.readTextFile(join(folder, "model_raster.html"));
    match(page, /^<!doctype html>[\s\S]*<figure id="figure-raster">/);
  });
});

Deno.test("plot shows the conditions asked for", async () => {
  await withSmallModel(async (model, folder) => {
    await run(["plot", model, "output", ...shared, "--trial=nogo"]);
    const svg = await Deno.readTextFile(join(folder, "model_output.svg"));
    match(svg, />NoGo</);
    ok(!svg.includes(">Go<"));
  });
});

Deno.test("plot says what it cannot draw, before it writes anything", async () => {
  await withModel(async (model, folder) => {
    for (
      const [args, code, says] of [
        [["plot", model, "raster"], 1, /Cannot draw raster: no scaling factor/],
        [["plot", model, "search"], 1, /Cannot draw search: .*run map first/],
        [
          ["plot", model, "sketch"],
          2,
          /Cannot draw "sketch": the figures are /,
        ],
        [["plot", model, "--width=3"], 2, /width.*40 to 400 mm/],
        [
          ["plot", model, "--out=x.svg"],
          2,
          /Cannot draw 6 figures into x\.svg/,
        ],
        [
          ["plot", model, "taus", "--out=x.png"],
          2,
          /Cannot write svg into x\.png: choose the ending \.svg/,
        ],
      ] as const
    ) {
      const { err } = await run([...args, "--task=go-nogo"], code);
      match(err, says);
    }
    equal(files(folder), ["model.mat"]);
  }, original);
});

Deno.test("report writes one page beside the model, or where it is told", async () => {
  await withSmallModel(async (model, folder) => {
    const { out } = await run(["report", model, ...shared, "--factor=50"]);
    match(out, /^saved .*model_report\.html\n$/);
    const page = await Deno.readTextFile(join(folder, "model_report.html"));
    match(page, /id="conversion"/);
    // Unasked: what takes little time, and how to get the rest.
    match(page, /id="figure-analysis-trajectories"/);
    match(page, /20 trials of each condition/);
    match(page, /report --analyse with .*fixed-points/);
    match(page, /spikernn report .*model\.mat .*--factor 50 .*--seed 1/);
    const other = join(folder, "new", "page.html");
    const json = await run([
      "report",
      model,
      ...shared,
      "--json",
      "--analyse=none",
      "--out",
      other,
    ]);
    ok(!/id="analyses"/.test(await Deno.readTextFile(other)));
    equal(JSON.parse(json.out.trim().split("\n").at(-1)!), {
      kind: "saved",
      path: other,
    });
    ok(Deno.statSync(other).isFile);
    const weights = join(folder, "weights.html");
    await run([
      ...["report", model, ...shared, "--analyse", "Weights", "psychometric"],
      ...["--out", weights],
    ]);
    const asked = await Deno.readTextFile(weights);
    match(asked, /id="figure-analysis-weights"/);
    match(asked, /Not made: psychometric \(/);
    ok(!asked.includes("figure-analysis-trajectories"));
    match(asked, /--analyse Weights psychometric/);
    const { err } = await run(["report", model, "--analyse", "spectra"], 2);
    match(err, /Cannot use --analyse "spectra": allowed are trajectories/);
  });
});
