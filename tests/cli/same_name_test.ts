/** Tasks of the same name: which one a model was trained on, and no other. */
import assert from "node:assert/strict";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readModel, writeModel } from "../../lib/formats/model_file.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { defineTask } from "../../lib/tasks/define.ts";
import { train } from "../../lib/train/train.ts";
import { inFolder } from "../folder.ts";
import { taskText } from "../tasks/task_files.ts";
import { runInProcess as run } from "./in_process.ts";

const tiny = [
  ...["--N", "10", "--n_trials", "2", "--eval_trials", "2", "--seed", "1"],
  ...["--plots", "False", "--json"],
];

/** Trains on a task and says where the model is. */
async function trained(task: string, folder: string, ...more: string[]) {
  const { code, out, err } = await run(
    ["train", "--task", task, ...tiny, "--output_dir", folder, ...more],
  );
  assert.equal(code, 0, err);
  const saved = out.trimEnd().split("\n").map((line) => JSON.parse(line))
    .find(({ kind }) => kind === "saved");
  return saved.path as string;
}

/** A task file of one channel under a built-in task's name. */
const goNogo = taskText({}).replace('"mine"', '"go-nogo"');

Deno.test("a task file with a built-in task's name is not replaced by it", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "my_go.ts");
    await writeFile(path, goNogo);
    const model = await trained(path, folder, "--stim_on", "5");
    const { task } = await readModel(model);
    assert.equal(task?.name, "go-nogo");
    assert.equal(task.file?.path, path);
    assert.match(task.file.sha256, /^[0-9a-f]{64}$/);
    const { out: info } = await run(["info", model]);
    assert.ok(
      info.includes(`${path} (SHA-256 ${task.file.sha256.slice(0, 12)}`),
    );

    const eval_ = ["eval", model, "--trials", "4", "--seed", "1"];
    const map = ["map", model, "--trials", "2", "--factors", "50"];
    for (const command of [eval_, map]) {
      const unnamed = await run(command);
      assert.equal(unnamed.code, 2);
      assert.match(
        unnamed.err,
        /Cannot find task "go-nogo".* that of the file ".*my_go\.ts", SHA-256 [0-9a-f]{12}….*--task FILE\.ts/,
      );
      const builtIn = await run([...command, "--task", "go-nogo"]);
      assert.equal(builtIn.code, 2);
      assert.match(builtIn.err, /Cannot use the built-in task go-nogo: /);
    }
    assert.deepEqual((await readModel(model)).search, undefined);

    // Under its timings, wherever it lies now, whatever its comments say.
    const moved = join(folder, "moved.ts");
    await cp(path, moved);
    for (const text of [goNogo, `// A comment.\n${goNogo}`]) {
      await writeFile(moved, text);
      const same = await run([...eval_, "--task", moved, "--json"]);
      assert.equal(same.code, 0, same.err);
    }
    const mapped = await run([...map, "--task", moved]);
    assert.equal(mapped.code, 0, mapped.err);
    const after = await readModel(model);
    assert.deepEqual(after.task, task);
    assert.equal(after.task.timing.stim_on, 5);

    await writeFile(moved, goNogo.replace("fill(1, 20)", "fill(-1, 20)"));
    const other = await run([...eval_, "--task", moved]);
    assert.equal(other.code, 2);
    assert.match(
      other.err,
      /Cannot use task \S+moved\.ts: .* another one of the name go-nogo, .*my_go\.ts.* makes other trials\. Name the model's file, or give/,
    );
    // Asked for as another task, it is another task.
    await writeFile(moved, taskText({ trial: "draft.target.fill(0.5);" }));
    assert.equal((await run([...eval_, "--task", moved])).code, 0);
  });
});

Deno.test("a model of a built-in task is not evaluated on a file's of its name", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "my_go.ts");
    await writeFile(path, goNogo);
    const model = await trained("go-nogo", folder);
    const { task } = await readModel(model);
    assert.deepEqual(Object.keys(task!), ["name", "timing"]);
    const eval_ = ["eval", model, "--trials", "4"];
    assert.equal((await run(eval_)).code, 0);
    const { code, err } = await run([...eval_, "--task", path]);
    assert.equal(code, 2);
    assert.match(err, /the built-in task go-nogo; leave out --task, or give/);
  });
});

Deno.test("a model that only its settings tell of a file is not taken for a built-in task's", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "my_go.ts");
    await writeFile(path, goNogo);
    const model = await trained(path, folder);
    const read = await readModel(model);
    const { name, timing } = read.task!;
    await writeModel(model, { ...read, task: { name, timing } });
    const { code, err } = await run(["eval", model, "--trials", "4"]);
    assert.equal(code, 2);
    assert.match(err, /that of the file ".*my_go\.ts"; name its file/);
    const named = await run(["eval", model, "--trials", "4", "--task", path]);
    assert.equal(named.code, 0, named.err);
  });
});

Deno.test("a model that a program trained on its own task of a built-in's name says so", async () => {
  const task = defineTask({
    name: "go-nogo",
    description: "Other than the built-in one.",
    timing: { T: 30 },
    channels: ["a"],
    conditions: ["x"],
    layout: () => ({ stimuli: {}, response: [10, 30] }),
    trial: ({ target }) => void target.fill(1, 10),
  })();
  const start = createNetwork({ channels: 1, units: 10 }, randomStream(1));
  for await (
    const event of train(start, task, { updates: 2, evalTrials: 1, seed: 1 })
  ) {
    if (event.kind !== "stopped") continue;
    assert.match(event.model.task!.fingerprint!, /^[0-9a-f]{64}$/);
    await inFolder(async (folder) => {
      const path = join(folder, "model.mat");
      await writeModel(path, event.model);
      const { code, err } = await run(["eval", path]);
      assert.equal(code, 2);
      assert.match(
        err,
        /Cannot find task "go-nogo".* one that a program defined/,
      );
    });
  }
});
