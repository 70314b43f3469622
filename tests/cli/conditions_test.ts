/** Conditions on the command line: all names that a task may give them. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeMat } from "../../lib/mat5/reader.ts";
import { text } from "../../lib/mat5/values.ts";
import { writeModel } from "../../lib/formats/model_file.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { inFolder } from "../folder.ts";
import { refused, taskText } from "../tasks/task_files.ts";
import { runInProcess } from "./in_process.ts";

const names = [
  "left_high",
  "no-go",
  "10Hz",
  "0.5 Hz",
  "same:++",
  "größer",
  "±1",
];

const named = (conditions: readonly string[]) =>
  taskText({}).replace(
    '["pulse", "none"]',
    JSON.stringify(conditions),
  );

Deno.test("--trial takes every name that defineTask() takes", async () => {
  await inFolder(async (folder) => {
    const [task, model] = [join(folder, "mine.ts"), join(folder, "model.mat")];
    await writeFile(task, named(names));
    const network = createNetwork({ channels: 1, units: 10 }, randomStream(1));
    await writeModel(model, { network });
    const simulate = ["simulate", "--task", task, "--rate", "--seed", "1"];
    for (
      const [trial, conditions] of [
        [["--trial", ...names], names],
        [["--trial", names.join(",")], names],
        ...names.map((name) => [[`--trial=${name}`], [name]] as const),
      ] as const
    ) {
      const output = join(folder, "runs.mat");
      const { code, err } = await runInProcess(
        [...simulate, "--output", output, "--force", ...trial, "--json", model],
      );
      assert.equal(code, 0, err);
      const ran = decodeMat(await readFile(output)).get("conditions")!;
      assert.deepEqual(ran.kind === "cell" && ran.cells.map(text), conditions);
    }
    const { code, err } = await runInProcess([
      ...simulate,
      ...["--output", join(folder, "x.npz"), model, "--trial", "left high"],
    ]);
    assert.equal(code, 2);
    assert.match(err, /condition "left high": task mine has left_high, no-go/);
  });
});

Deno.test("a condition cannot have a name that a list of them would break", async () => {
  for (const name of ["a,b", " a", "a ", "a\nb", "\u202ea", ""]) {
    for (const trust of [false, true]) {
      await refused(named(["x", name]), /conditions is|its conditions are/, {
        trust,
      });
    }
  }
});
