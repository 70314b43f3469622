/** `analyse`, end to end. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { decodeMat } from "../../lib/mat5/mod.ts";
import { decodeNpz, encodeNpz } from "../../lib/formats/npz.ts";
import { writeModel } from "../../lib/formats/model_file.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { inFolder } from "../folder.ts";
import { run } from "./in_process.ts";

/** Analyses of activity, which need no other trials. */
const named = ["trajectories", "timescales", "tuning", "decoding"];
const mapped = ["--factor=50", "--task=go-nogo"];
const few = [...mapped, "--trials=5", "--seed=1"];

async function withModel(
  work: (model: string, folder: string) => Promise<void>,
  units: number | readonly number[] = 14,
): Promise<void> {
  await inFolder(async (folder) => {
    const path = join(folder, "model.mat");
    const network = createNetwork(
      { channels: 1, units },
      randomStream(1),
    );
    await writeModel(path, { network });
    await work(path, folder);
  });
}

/** The rows of a table, by the names of its columns; its texts hold no commas. */
async function table(path: string): Promise<Record<string, string>[]> {
  const [head, ...lines] = (await Deno.readTextFile(path)).trimEnd()
    .split("\n").map((line) => line.split(","));
  return lines.map((line) =>
    Object.fromEntries(head.map((name, k) => [name, line[k]]))
  );
}

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("analyse writes tables, arrays, figures and what each field holds", async () => {
  await withModel(async (model, folder) => {
    const out = join(folder, "found");
    const { out: said } = await run([
      ...["analyse", model, ...named, ...few, "--output", out],
    ]);
    match(said, /^trajectories\n {2}rate network: participation ratio [\d.]+/m);
    match(said, /^ {2}spiking network, condition: at most [\d.]+ % \[/m);
    match(
      said,
      /^ {2}rate network, condition, at most by population: E \d+ %, I \d+ %$/m,
    );
    equal(
      names(out).filter((name) => !name.endsWith(".svg")),
      [
        ...["decoding.mat", "decoding.npz", "decoding_accuracy.csv"],
        ...["fields.csv", "scalars.csv"],
        ...["timescales.mat", "timescales.npz", "timescales_units.csv"],
        ...["trajectories.mat", "trajectories.npz"],
        ...["trajectories_variance.csv", "tuning.mat", "tuning.npz"],
        ...["tuning_units.csv", "tuning_variance.csv"],
      ],
    );
    for (const figure of ["decoding", "trajectories", "tuning"]) {
      match(await Deno.readTextFile(join(out, `${figure}.svg`)), /^<svg/);
    }
    const variance = await table(join(out, "trajectories_variance.csv"));
    equal(variance.length, 2 * 14);
    equal(Number(variance[13].cumulative).toFixed(9), "1.000000000");
    const units = await table(join(out, "tuning_units.csv"));
    // Stimulus and response of both networks.
    equal(units.length, 2 * 2 * 14);

    // Arrays are the same in both files, and each is described.
    const npz = decodeNpz(await Deno.readFile(join(out, "trajectories.npz")));
    const mat = decodeMat(await Deno.readFile(join(out, "trajectories.mat")));
    equal([...npz.keys()].sort(), [...mat.keys()].sort());
    equal(npz.get("rate_loadings")!.shape, [14, 14]);
    const fields = await Deno.readTextFile(join(out, "fields.csv"));
    for (const name of npz.keys()) ok(fields.includes(`,${name},`), name);
  });
});

Deno.test("analyse gives the same bytes for any number of workers, and other ones for another seed", async () => {
  await withModel(async (model, folder) => {
    const written = async (
      name: string,
      analyses: readonly string[],
      ...flags: string[]
    ) => {
      const out = join(folder, name);
      await run([
        ...["analyse", model, ...analyses],
        ...[...mapped, "--trials=5", "--output", out, ...flags],
      ]);
      const files: Record<string, string> = {};
      for (const name of names(out)) {
        const bytes = await Deno.readFile(join(out, name));
        const digest = await crypto.subtle.digest("SHA-256", bytes);
        files[name] = new Uint8Array(digest).toHex();
      }
      return files;
    };
    const some = ["trajectories", "timescales", "decoding"];
    const one = await written("a", some, "--seed=1", "--workers=1");
    equal(await written("b", some, "--seed=1", "--workers=2"), one);
    const other = await written("c", ["trajectories"], "--seed=2");
    ok(other["trajectories.npz"] !== one["trajectories.npz"]);
  }, 8);
});

Deno.test("analyse of a network without a factor leaves out what needs its twin", async () => {
  await withModel(async (model) => {
    const args = ["--task=go-nogo", "--trials=5", "--seed=1"];
    const { out, err } = await run([
      ...["analyse", model, "trajectories", "--json", ...args],
    ]);
    const events = out.trimEnd().split("\n").map((line) => JSON.parse(line));
    const { scalars } = events.find(({ kind }) => kind === "analysis");
    ok(
      scalars.every(({ network }: { network?: string }) => network === "rate"),
    );
    equal(err, "");
    const failed = await run(["analyse", model, "timescales", ...args], 2);
    match(
      failed.err,
      /^spikernn: Cannot analyse timescales: no scaling factor has been searched yet \(run map first\)$/m,
    );
  });
});

Deno.test("analyse makes those of several analyses that can be made, and exits with 1", async () => {
  await withModel(async (model, folder) => {
    const some = ["psychometric", "silent", "decoding"];
    const { out, err } = await run(
      ["analyse", model, ...some, ...mapped, "--trials=1", "--seed=1"],
      1,
    );
    match(out, /^silent\n/m);
    match(err, /^leaving out psychometric: task go-nogo has no stimulus/m);
    match(
      err,
      /^leaving out decoding: Cannot divide 1 trial of condition "go" into 5 folds/m,
    );
    match(
      err,
      /^spikernn: Cannot analyse psychometric, decoding: the other analyses were made$/m,
    );
    ok(names(join(folder, "model_analysis")).includes("silent_units.csv"));
    const data = await run(
      ["analyse", model, ...some, "--json", ...mapped, "--trials=1"],
      1,
    );
    const left = data.out.trimEnd().split("\n").map((line) => JSON.parse(line))
      .filter(({ kind }) => kind === "leftOut");
    equal(left.map(({ analysis }) => analysis), ["psychometric", "decoding"]);
    const last = JSON.parse(data.out.trimEnd().split("\n").at(-1)!);
    equal([last.kind, last.made], ["analysed", ["silent"]]);
    equal(Object.keys(last.leftOut), ["psychometric", "decoding"]);
    // Nothing at all: the usage is wrong, and no folder is left behind.
    const none = join(folder, "none");
    const { err: all } = await run(
      ["analyse", model, "psychometric", "decoding", ...mapped]
        .concat("--trials=1", "--output", none),
      2,
    );
    match(all, /no analysis can be made \(psychometric: .*; decoding: cannot/);
    equal(names(folder).includes("none"), false);
  });
});

Deno.test("analyse says what is wrong with a figure, and leaves the files of what is done", async () => {
  await withModel(async (model, folder) => {
    // In the place of a figure.
    await Deno.mkdir(join(folder, "model_analysis", "silent.svg"), {
      recursive: true,
    });
    const { err } = await run(["analyse", model, "silent", ...few], 2);
    match(err, /Cannot write .*silent\.svg: it is a folder, name a file in it/);
    ok(names(join(folder, "model_analysis")).includes("scalars.csv"));
  });
});

Deno.test("analyse by layer has numbers of every layer", async () => {
  await withModel(async (model, folder) => {
    await run([
      ...["analyse", model, "trajectories", "tuning", "decoding", ...few],
    ]);
    const scalars = await table(
      join(folder, "model_analysis", "scalars.csv"),
    );
    const of = new Set(scalars.map(({ of }) => of));
    const decoded = await table(
      join(folder, "model_analysis", "decoding_accuracy.csv"),
    );
    equal(
      [...new Set(decoded.map(({ units }) => units))],
      [
        ...["all", "layer 1", "layer 2"],
        ...["layer 1 E", "layer 1 I", "layer 2 E", "layer 2 I"],
      ],
    );
    const arrays = await Deno.readTextFile(
      join(folder, "model_analysis", "fields.csv"),
    );
    ok(/^"decoding.*,rate_\w+_layer2,/m.test(arrays));
    ok(/^"decoding.*,spiking_\w+_layer2E,/m.test(arrays));
    ok(["all", "layer 1", "layer 2"].every((name) => of.has(name)));
    const units = await table(
      join(folder, "model_analysis", "tuning_units.csv"),
    );
    const populations = new Set(units.map(({ population }) => population));
    ok(populations.has("layer 1 E") && populations.has("layer 2 I"));
  }, [10, 8]);
});

Deno.test("analyse says what is wrong in one line, and writes nothing", async () => {
  await withModel(async (model, folder) => {
    const fails = async (args: string[], code: number, says: RegExp) => {
      const { err } = await run(["analyse", ...args], code);
      match(err, says);
      equal(names(folder), ["model.mat"]);
    };
    await fails([model, "decodin"], 2, /did you mean decoding\?/);
    await fails([model, model], 2, /one model at a time is analysed/);
    await fails(
      [model, "decoding", ...mapped, "--trials=3"],
      2,
      /Cannot divide 3 trials of condition "go" into 5 folds/,
    );
    await fails(
      [model, "decoding", ...few, "--bin=5000"],
      2,
      /Cannot use bins of 5000 ms: a trial lasts 1000 ms/,
    );
    await fails([model, ...few, "--output", model], 2, /it is a file/);
    await fails([join(folder, "none.mat")], 1, /none\.mat/);
  });
});

Deno.test("analyse --spikes reads every format of simulate, layers and populations too", async () => {
  await withModel(async (model, folder) => {
    const found: string[] = [];
    for (const format of ["npz", "mat", "nwb"]) {
      const file = join(folder, `spikes_${format}.${format}`);
      await run([
        ...["simulate", model, ...mapped, "--trials=12", "--seed=1"],
        ...["--output", file],
      ]);
      const out = join(folder, format);
      await run(["analyse", "--spikes", file, "tuning", "--output", out]);
      found.push(await Deno.readTextFile(join(out, "tuning_units.csv")));
    }
    equal(found[1], found[0]);
    equal(found[2], found[0]);
    const rows = await table(join(folder, "mat", "tuning_units.csv"));
    const populations = new Set(rows.map(({ population }) => population));
    equal([...populations].sort(), [
      ...["layer 1 E", "layer 1 I", "layer 2 E", "layer 2 I"],
    ]);
  }, [10, 8]);
});

Deno.test("analyse --spikes analyses trials of a file, of this program and of others", async () => {
  await withModel(async (model, folder) => {
    const file = join(folder, "spikes.nwb");
    await run([
      ...["simulate", model, ...mapped, "--trials=20", "--seed=1"],
      ...["--output", file],
    ]);
    const { out, err } = await run(["analyse", "--spikes", file]);
    match(out, /^ {2}spiking network, condition: at most/m);
    match(err, /leaving out weights: it needs a network/);
    const units = await table(
      join(folder, "spikes_analysis", "tuning_units.csv"),
    );
    equal(units.length, 14);
    ok(units.some(({ population }) => population === "E"));

    // Spikes of one condition are those without a stimulus.
    const random = randomStream(1);
    const own = join(folder, "own.npz");
    const spikes = Array.from({ length: 6000 }, (_, k) => ({
      unit: k % 4,
      time: 30 * random.uniform(k),
    })).sort((a, b) => a.time - b.time);
    await Deno.writeFile(
      own,
      encodeNpz({
        spike_times: { data: Float64Array.from(spikes, ({ time }) => time) },
        spike_units: { data: Int32Array.from(spikes, ({ unit }) => unit) },
        trials_start: { data: Float64Array.from({ length: 30 }, (_, k) => k) },
        trials_stop: {
          data: Float64Array.from({ length: 30 }, (_, k) => k + 1),
        },
        trials_condition: { texts: new Array<string>(30).fill("rest") },
      }),
    );
    const rest = await run(["analyse", "--spikes", own, "timescales"]);
    match(rest.out, /of 4 units have a timescale/);
    const refused = await run(["analyse", "--spikes", own, "decoding"], 2);
    match(refused.err, /all trials are of one condition/);
    const missing = await run(
      ["analyse", "--spikes", own, "--condition", "side"],
      1,
    );
    match(missing.err, /Cannot read spikes from .*side/);
  });
});
