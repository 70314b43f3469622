import assert from "node:assert/strict";
import { join } from "node:path";
import { readModel, writeModel } from "../../lib/formats/model_file.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { modify } from "../../lib/network/modify.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import { inFolder } from "../folder.ts";
import { run, runInProcess } from "./in_process.ts";

const task = getTask("go-nogo");
const network = createNetwork(
  { channels: 1, units: 20 },
  randomStream(1),
);
const common = ["--trials", "4", "--seed", "2", "--factor", "50", "--quiet"];

/** A model of a small network, and what is in its folder. */
async function withModel(
  body: (path: string, folder: string) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const path = join(folder, "model.mat");
    const { name, timing } = task;
    await writeModel(path, { network, task: { name, timing } });
    await body(path, folder);
  });
}

async function table(
  folder: string,
  name = "effects.csv",
): Promise<Record<string, string>[]> {
  const text = await Deno.readTextFile(join(folder, name));
  const [head, ...lines] = text.trimEnd().split("\n").map((l) => l.split(","));
  return lines.map((line) =>
    Object.fromEntries(head.map((name, k) => [name, line[k]]))
  );
}

Deno.test("perturb makes a grid of classes, strengths and windows, for any number of workers", async () => {
  await withModel(async (path, folder) => {
    const grid = [
      ...["--from", "E", "I", "--to", "I", "--scale", "0", "1"],
      ...["--window", "whole", "250:500"],
    ];
    const { out, err } = await run(["perturb", path, ...grid, ...common]);
    assert.equal(err, "");
    assert.match(out, /rate network, intact: strict rule/);
    assert.match(out, /spiking +scale E to I × 0 in 250:500/);
    const found = join(folder, "model_perturbed");
    const rows = await table(found);
    assert.equal(rows.length, 16);
    const row = rows.find((one) =>
      one.network === "spiking" && one.from === "I" && one.amount === "1" &&
      one.window === "250:500"
    )!;
    assert.deepEqual(
      [row.kind, row.to, row.trials, row.strict_difference, row.strict_p],
      ["scale", "I", "4", "0", "1"],
    );
    assert.ok(Number(row.rate_I_Hz) > 0);
    const files = [...Deno.readDirSync(found)].map(({ name }) => name).sort();
    assert.deepEqual(files, [
      "effects.csv",
      "perturbation_curves.svg",
      "perturbation_map.svg",
    ]);
    for (const { network, r_E, r_I, rate_I_Hz } of rows) {
      const [rate, spiking] = [[r_E, r_I], [rate_I_Hz]].map((found) =>
        found.every((text) => Number(text) > 0)
      );
      assert.deepEqual([rate, spiking], [
        network === "rate",
        network === "spiking",
      ]);
    }
    const other = join(folder, "other");
    const workers = ["--workers", "2", "--output", other];
    await run(["perturb", path, ...grid, ...common, ...workers]);
    assert.deepEqual(await table(other), rows);
  });
});

Deno.test("perturb combines what is asked for at once, and leaves out classes that are not there", async () => {
  await withModel(async (path, folder) => {
    const several = [
      ...["--from", "E", "SST", "--to", "E", "--cut", "0.5", "--shuffle"],
      ...["--lesion", "0.2", "--units", "E", "--noise", "2", "3"],
      ...["--stim", "inh", "--stim_window", "100:200", "--together"],
    ];
    const { err } = await run([
      "perturb",
      path,
      ...several,
      ...common,
      "--network",
      "rate",
      "--json",
    ]);
    const rows = await table(join(folder, "model_perturbed"));
    assert.deepEqual(rows.map(({ kind }) => kind), [
      "cut + shuffle + lesion + noise + stim",
      "cut + shuffle + lesion + noise + stim",
    ]);
    assert.match(err, /population SST|^$/);
  });
});

Deno.test("perturb draws points without an amount as a figure of their own", async () => {
  await withModel(async (path, folder) => {
    const grid = ["--from", "E", "I", "--shuffle", "--network", "rate"];
    await run(["perturb", path, ...grid, ...common]);
    const found = join(folder, "model_perturbed");
    assert.deepEqual(
      [...Deno.readDirSync(found)].map(({ name }) => name).sort(),
      [
        "effects.csv",
        "perturbation_points.svg",
      ],
    );
    const svg = await Deno.readTextFile(join(found, "perturbation_points.svg"));
    assert.match(svg, /shuffle E to all/);
    assert.match(svg, /shuffle I to all/);
  });
});

Deno.test("perturb measures perturbed networks beside the intact one", async () => {
  await withModel(async (path, folder) => {
    const grid = ["--from", "I", "--scale", "0.5", "1", "--noise", "2"];
    const measure = ["--network", "rate", "--measure", "weights"];
    const { err } = await run([
      "perturb",
      path,
      ...grid,
      ...measure,
      ...common,
    ]);
    assert.match(err, /^$|not measured: noise/);
    const found = join(folder, "model_perturbed");
    const rows = await table(found, "measures.csv");
    const of = (name: string) =>
      rows.filter(({ perturbation }) => perturbation === name);
    const [intact, half, same] = [
      ...["intact", "scale I to all × 0.5", "scale I to all × 1"],
    ].map(of);
    assert.equal(rows.length, 3 * intact.length);
    const values = (some: typeof rows) => some.map(({ value }) => value);
    assert.deepEqual(values(same), values(intact));
    assert.deepEqual(half.map(({ intact }) => intact), values(intact));
    const mean = half.find(({ difference }) => Number(difference) !== 0)!;
    assert.ok(
      Math.abs(
        Number(mean.value) - Number(mean.intact) - Number(mean.difference),
      ) < 1e-9,
    );
    assert.match(
      await Deno.readTextFile(join(found, "perturbation_measures.svg")),
      /scale I to all/,
    );
  });
});

Deno.test("perturb saves a changed network that says what was done to it", async () => {
  await withModel(async (path, folder) => {
    const weak = join(folder, "weak.mat");
    const change = ["--from", "I", "--to", "E", "--scale", "0.5"];
    const save = ["--save", weak, "--network", "rate"];
    const { out } = await run(["perturb", path, ...change, ...save, ...common]);
    assert.match(out, /saved the changed network in .*weak\.mat/);
    const model = await readModel(weak);
    assert.deepEqual(
      model.network.layers[0].weights,
      modify(network, [{ from: "I", to: "E", kind: "scale", amount: 0.5 }])
        .layers[0].weights,
    );
    assert.deepEqual(model.provenance?.settings.perturbed, [
      "scale I to E, 0.5",
    ]);
    const again = ["--lesion", "0.1", "--save", join(folder, "both.mat")];
    await run(["perturb", weak, ...again, "--network", "rate", ...common]);
    const both = await readModel(join(folder, "both.mat"));
    const [first, second] = both.provenance!.settings.perturbed as string[];
    assert.equal(first, "scale I to E, 0.5");
    assert.match(second, /^lesion of units \d+ \d+$/);
    assert.deepEqual((await readModel(path)).network, network);
  });
});

Deno.test("perturb says in one line what cannot be meant, and writes nothing", async () => {
  await withModel(async (path, folder) => {
    const refuse = async (args: string[], message: RegExp) => {
      const { code, err } = await runInProcess([
        ...["perturb", path, ...args, ...common],
      ]);
      assert.ok(code === 1 || code === 2, `${code}`);
      assert.match(err, message);
      assert.equal(err.trimEnd().split("\n").length, 1, err);
      assert.equal([...Deno.readDirSync(folder)].length, 1);
    };
    await refuse([], /nothing to do was given/);
    await refuse(["--from", "E"], /--from alone/);
    await refuse(["--scale", "-1"], /--scale/);
    await refuse(["--cut", "1.5"], /--cut/);
    await refuse(["--from", "X", "--scale", "1"], /--from/);
    await refuse(["--scale", "1", "--window", "50:9999"], /within the trial/);
    await refuse(["--scale", "1", "--window", "pause"], /--window/);
    await refuse(["--units", "E", "--noise", "2"], /--units/);
    await refuse(["--stim", "exc"], /stim_window/);
    const save = ["--save", join(folder, "new.mat")];
    await refuse(["--scale", "0", "1", ...save], /one point/);
    await refuse(["--noise", "2", ...save], /a model has no time/);
    // However the model itself is called.
    for (const own of [path, join(folder, ".", "model.mat")]) {
      await refuse(["--scale", "0.5", "--save", own], /that is the model/);
      await refuse(["--scale", "1", "--force", "--save", own], /the model/);
    }
    await refuse(
      ["--scale", "0.5", "--save", path.replace("model.mat", "")],
      /Cannot write/,
    );
  });
});
