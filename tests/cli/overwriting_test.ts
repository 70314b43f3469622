/** Commands that write a file write over one of its kind alone. */
import { deepStrictEqual as equal, match } from "node:assert/strict";
import { join } from "node:path";
import { encodeNpz } from "../../lib/formats/npz.ts";
import { readModel } from "../../lib/formats/model_file.ts";
import { inFolder } from "../folder.ts";
import { run } from "./in_process.ts";
import { small, withSmallModel } from "./with_model.ts";

const shared = ["--task=go-nogo", "--factor=50", "--trials=1", "--seed=1"];
const page = [...shared, "--analyse=none"];

/** What is written by each command, to a name of any ending. */
const commands: Record<string, (model: string, target: string) => string[]> = {
  simulate: (model, target) => [
    ...["simulate", model, "--output", target, ...shared],
  ],
  "simulate --rate": (model, target) => [
    ...["simulate", model, "--rate", "--output", target, ...shared],
  ],
  report: (model, target) => ["report", model, "--output", target, ...page],
  "report, by its older name": (model, target) => [
    ...["report", model, "--out", target, ...page],
  ],
};

for (const [name, args] of Object.entries(commands)) {
  Deno.test(`${name} does not write over a model, its own or another`, () =>
    inFolder(async (folder) => {
      const model = join(folder, "c.mat");
      await Deno.copyFile(small, model);
      const other = join(folder, "d.mat");
      await Deno.copyFile(small, other);
      const link = join(folder, "e.mat");
      await Deno.symlink("d.mat", link);
      for (const target of [model, other, link]) {
        const { err } = await run(args(model, target), 2);
        match(err, /^spikernn: Cannot write .* there is a model; choose/m);
        await readModel(target);
      }
      equal([...Deno.readDirSync(folder)].length, 3);
    }));
}

Deno.test("simulate does not write over its stimulus, its usual name included", () =>
  inFolder(async (folder) => {
    const model = join(folder, "c.mat");
    await Deno.copyFile(small, model);
    const stimulus = join(folder, "u.npz");
    const bytes = encodeNpz({
      u: { data: new Float32Array(200), shape: [1, 200] },
    });
    await Deno.writeFile(stimulus, bytes);
    const args = ["simulate", model, "--task=go-nogo", "--factor=50"];
    const { err } = await run(
      [...args, "--stimulus", stimulus, "--output", stimulus],
      2,
    );
    match(err, /there is a file of other arrays/);
    equal(await Deno.readFile(stimulus), bytes);

    await Deno.copyFile(small, join(folder, "c_spiking.mat"));
    match((await run([...args, "--trials=1"], 2)).err, /there is a model/);
    await readModel(join(folder, "c_spiking.mat"));
  }));

Deno.test("simulate writes over what it wrote, over an empty file, and with --force", () =>
  inFolder(async (folder) => {
    const model = join(folder, "c.mat");
    await Deno.copyFile(small, model);
    for (const ending of ["mat", "npz"]) {
      const target = join(folder, `t.${ending}`);
      await Deno.writeTextFile(target, "");
      const args = ["simulate", model, "--output", target, ...shared];
      for (let time = 0; time < 2; time++) await run(args);
      await run([...args, "--rate"]);
      await Deno.writeTextFile(target, "mine");
      match((await run(args, 2)).err, /there is a file of another kind/);
      await run([...args, "--force"]);
      await run(args);
    }
  }));

Deno.test("plot writes over figures of the same format alone", () =>
  inFolder(async (folder) => {
    const model = join(folder, "c.mat");
    await Deno.copyFile(small, model);
    const args = ["plot", model, "weights", ...shared, "--output"];
    const target = join(folder, "w.svg");
    await run([...args, target]);
    await run([...args, target]);
    await Deno.copyFile(small, target);
    match((await run([...args, target], 2)).err, /there is a model/);
    await readModel(target);
    // A folder's files have names of their own.
    await Deno.writeTextFile(join(folder, "c_weights.svg"), "my notes");
    match((await run([...args, folder], 2)).err, /c_weights\.svg: there is/);
    equal(await Deno.readTextFile(join(folder, "c_weights.svg")), "my notes");
    await run([...args, folder, "--force"]);
  }));

Deno.test("report writes over a page, and not into a device or a pipe", () =>
  withSmallModel(async (model, folder) => {
    const args = ["report", model, ...page, "--output"];
    const target = join(folder, "page.html");
    await run([...args, target]);
    await run([...args, target]);
    const pipe = join(folder, "pipe");
    const { success } = await new Deno.Command("mkfifo", { args: [pipe] })
      .output();
    equal(success, true);
    const { err } = await run([...args, pipe], 2);
    match(err, /it is a device, a pipe or a socket, name a file/);
    equal((await Deno.lstat(pipe)).isFifo, true);
    match((await run([...args, folder, "--force"], 2)).err, /it is a folder/);
  }));

Deno.test("plot takes no file for a folder, by either name of the flag", () =>
  inFolder(async (folder) => {
    const model = join(folder, "c.mat");
    await Deno.copyFile(small, model);
    const plan = join(folder, "plan.toml");
    await Deno.writeTextFile(plan, "");
    for (const flag of ["--output", "--out"]) {
      for (const target of [model, plan]) {
        const { err } = await run(
          ["plot", model, "weights", "--task=go-nogo", flag, target],
          2,
        );
        match(err, /Cannot write figures into .*: it is a file, name a folder/);
      }
    }
    await readModel(model);
  }));
