/** What `map` says of networks that do not map, and what it leaves of them. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { readModel, writeModel } from "../../lib/formats/model_file.ts";
import { inFolder } from "../folder.ts";
import { run } from "./in_process.ts";
import { small } from "./with_model.ts";

const shared = ["--task=go-nogo", "--seed=1", "--trials=12"];

/** The small network, whose readout reads nothing. */
async function writeMute(path: string): Promise<void> {
  const model = await readModel(small.pathname);
  const { network } = model;
  const weights = network.readout.weights.map((row) => row.slice().fill(0));
  await writeModel(path, {
    ...model,
    network: { ...network, readout: { ...network.readout, weights, bias: 0 } },
  });
}

Deno.test("map writes no factor if none works, goes on with the others, and writes it if it is told to", async () => {
  await inFolder(async (folder) => {
    const mute = join(folder, "a_mute.mat");
    await writeMute(mute);
    await Deno.copyFile(small, join(folder, "b_good.mat"));
    const before = await Deno.readFile(mute);
    const args = ["map", folder, ...shared, "--factors=40,45,50"];
    const { out, err } = await run(args, 1);
    equal(await Deno.readFile(mute), before);
    match(
      err,
      /^problem: with the factor \d+ the spiking network is right in 50 % of 12 trials \(strict rule\), an output that is always the same in 50 %; advice: /m,
    );
    match(err, /a_mute\.mat: no factor works, nothing was written/);
    match(err, /Cannot map 1 of 2 models/);
    match(out, /^scaling factor 45/m);
    equal((await readModel(join(folder, "b_good.mat"))).search?.chosen, 45);
    // The factors tried are kept: this takes no time.
    const again = await run(
      ["map", mute, ...shared, "--factors=40,45,50", "--write_anyway"],
    );
    match(again.err, /3 factors, 36 trials in all are known/);
    match(again.err, /always the same/);
    const { search } = await readModel(mute);
    ok(search!.factors.includes(search!.chosen));
    equal([...Deno.readDirSync(folder)].length, 2, "no state is left behind");
    // Searched again it says so, and the earlier factor stays.
    const forced = await run([
      ...["map", mute, ...shared, "--factors=30,40", "--force"],
    ], 1);
    match(forced.err, /its earlier factor \d+ stays/);
    equal((await readModel(mute)).search?.factors, [40, 45, 50]);
  });
});

Deno.test("map warns at the edge of the grid, and of few trials; in JSON too", async () => {
  await inFolder(async (folder) => {
    const model = join(folder, "model.mat");
    await Deno.copyFile(small, model);
    const args = ["map", model, ...shared, "--factors=45,60,75"];
    const { err } = await run(args);
    match(
      err,
      /^warning: the scaling factor 45 is the smallest of those searched; advice: search on: --force --factors 9 18 27 36 45$/m,
    );
    match(err, /^warning: .* of 12 trials \(strict rule\): that leaves/m);
    const { out } = await run([...args, "--force", "--json", "--quiet"]);
    const warnings = out.trimEnd().split("\n").map((line) => JSON.parse(line))
      .filter(({ kind }) => kind === "warning");
    equal(warnings.map(({ code }) => code), ["undecided", "factor-at-edge"]);
  });
});
