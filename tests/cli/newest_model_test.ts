/** The model that is meant where none is named, or a folder in its place. */
import { deepStrictEqual as equal, match, rejects } from "node:assert/strict";
import { join } from "node:path";
import { Output } from "../../lib/cli/output.ts";
import { theModel } from "../../lib/runs/newest_model.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { writeModel } from "../../lib/formats/model_file.ts";
import { inFolder } from "../folder.ts";
import { fakeTerminal } from "./fake_terminal.ts";
import { run } from "./in_process.ts";
import { spawn } from "./spawn.ts";

const network = createNetwork({ units: 4, channels: 1 }, randomStream(1));
const stem = "Task_xor_N_4_Taus_4.0_20.0_Act_sigmoid_";

function voice() {
  const terminal = fakeTerminal();
  const output = new Output(terminal, { quiet: false, json: false });
  return { output, said: () => terminal.written.err };
}

Deno.test("theModel() takes the newest by the time in its name, passes over what is no model, and says which", () =>
  inFolder(async (folder) => {
    const inner = join(folder, "xor", "P_rec_0.2");
    await Deno.mkdir(inner, { recursive: true });
    const path = (name: string) => join(inner, name);
    for (
      const time of [
        "2026_01_02_030405",
        "2026_01_02_030406",
        "2025_09_09_090909",
      ]
    ) await writeModel(path(`${stem}${time}.mat`), { network });
    const newest = path(`${stem}2026_01_02_030406_2.mat`);
    await writeModel(newest, { network });
    await Deno.writeTextFile(join(folder, "notes.mat"), "no model");
    const { output, said } = voice();
    equal(await theModel(undefined, "draw", output, folder), newest);
    equal(await theModel(folder, "draw", output), newest);
    equal(said(), `the newest model in ${folder}: ${newest}\n`.repeat(2));
    // A file that is named is taken as it is, without a word.
    const { output: other, said: nothing } = voice();
    equal(await theModel("any.mat", "draw", other), "any.mat");
    equal(nothing(), "");
  }));

Deno.test("theModel() says what to do where there is none", () =>
  inFolder(async (folder) => {
    const { output } = voice();
    await rejects(
      theModel(folder, "draw", output),
      /there is none in the folder/,
    );
    await rejects(
      theModel(undefined, "draw", output, join(folder, "models")),
      /Cannot draw a model: none is named, and there is none in the folder .*models; name its file, or train one first/,
    );
  }));

Deno.test("plot takes figures without a model; report a folder", () =>
  inFolder(async (folder) => {
    const models = join(folder, "models");
    await Deno.mkdir(models);
    await writeModel(join(models, "Task_go-nogo_N_4.mat"), { network });
    const { code, err } = await spawn(
      ["--allow-read=models", "--allow-write=models"],
      ["plot", "weights"],
      { cwd: folder },
    );
    equal(code, 0, err);
    match(err, /the newest model in models: models\/Task_go-nogo_N_4\.mat/);
    await Deno.stat(join(models, "Task_go-nogo_N_4_weights.svg"));
    const { err: said } = await run(
      ["report", models, "--output", models],
      2,
    );
    match(
      said,
      /the newest model in .*Task_go-nogo_N_4\.mat\n.*it is a folder/,
    );
  }));
