/** Files in a folder of models that are no models. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { encodeMat, numeric } from "../../lib/mat5/mod.ts";
import { readModel } from "../../lib/formats/model_file.ts";
import { inFolder } from "../folder.ts";
import { run } from "./in_process.ts";
import { small } from "./with_model.ts";

const task = ["--task=go-nogo", "--seed=1"];
const quick = [...task, "--trials=2", "--factors", "40", "50"];

Deno.test("map and eval of a folder pass over what simulate and others wrote there", () =>
  inFolder(async (folder) => {
    const model = join(folder, "M.mat");
    await Deno.copyFile(small, model);
    await run(["simulate", model, ...task, "--factor=50", "--trials=1"]);
    await run(["simulate", model, ...task, "--rate", "--trials=1"]);
    await Deno.writeFile(
      join(folder, "analysis.mat"),
      encodeMat(new Map([["pca", numeric(1)], ["note", numeric(2)]])),
    );
    await Deno.writeTextFile(join(folder, "notes.mat"), "no MATLAB file");
    const passed = (err: string) =>
      err.split("\n").filter((line) => line.includes("passed over")).sort();

    const mapped = await run(["map", folder, ...quick]);
    equal(passed(mapped.err), [
      `${folder}/M_rate.mat: passed over, it holds u, out, x, r, …, ` +
      "no network",
      `${folder}/M_spiking.mat: passed over, it holds u, out, target, ` +
      "trial, …, no network",
      `${folder}/analysis.mat: passed over, it holds pca, note, no network`,
      `${folder}/notes.mat: passed over, Cannot read the MATLAB file: ` +
      "received 14 bytes, expected a header of 128",
    ]);
    ok((await readModel(model)).search);

    const { out, err } = await run(["eval", folder, ...task, "--trials=2"]);
    equal(passed(err).length, 4);
    match(out, /^\S+M\.mat: go-nogo/);
    const { out: json } = await run(
      ["eval", folder, ...task, "--trials=2", "--json"],
    );
    const kinds = json.trim().split("\n").map((line) => JSON.parse(line).kind);
    equal(kinds.filter((kind) => kind === "passedOver").length, 4);
    equal(kinds.filter((kind) => kind === "evaluation").length, 1);

    // Whoever names such a file is told that it is none.
    const named = await run(
      ["map", join(folder, "M_spiking.mat"), ...quick],
      1,
    );
    match(named.err, /Cannot read the model/);
  }));

Deno.test("a folder that holds no model but other files is an error that says so", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(
      join(folder, "analysis.mat"),
      encodeMat(new Map([["pca", numeric(1)]])),
    );
    const { err } = await run(["eval", folder, ...task], 1);
    match(err, /Cannot find models in \S+: none of the \.mat files is one$/m);
  }));

Deno.test("damaged models in a folder are failures, not foreign files", () =>
  inFolder(async (folder) => {
    const bytes = await Deno.readFile(small);
    await Deno.writeFile(join(folder, "good.mat"), bytes);
    await Deno.writeFile(
      join(folder, "cut.mat"),
      bytes.subarray(0, bytes.length / 2),
    );
    await Deno.writeFile(
      join(folder, "Task_go-nogo_N_200_Taus_4.0_20.0.mat"),
      new Uint8Array(),
    );
    const { err } = await run(["eval", folder, ...task, "--trials=2"], 1);
    match(err, /^spikernn: Cannot evaluate 2 of 3 models, see above$/m);
  }));
