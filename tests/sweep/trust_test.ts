/** Who may trust a task file of a sweep: the person who starts it, nobody else. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { taskHashes } from "../../lib/runs/sweep/trust.ts";
import { readFailure, readResult, readSweep } from "../../lib/sweep/folder.ts";
import { readableFor } from "../../lib/sweep/slurm/engine.ts";
import { pointCommand } from "../../lib/sweep/slurm/script.ts";
import { runInProcess } from "../cli/in_process.ts";
import { inFolder } from "../folder.ts";

/** A task that leaves a mark beside its file, if it may. */
const task = `import { writeFileSync } from "node:fs";
writeFileSync(new URL("mark", import.meta.url), "");
export default {
  name: "half",
  description: "answer while the cue is on",
  timing: { T: 40 },
  channels: ["cue"],
  conditions: ["on", "off"],
  layout: ({ T }) => ({ stimuli: { cue: [10, 20] }, response: [20, T] }),
  trial({ condition, channel, target }) {
    if (condition === "on") channel("cue").fill(1, 10, 20);
    if (condition === "on") target.fill(1, 20);
  },
};
`;

const plan = `
name = "small"
seeds = [1]
[train]
task = "task.ts"
N = 10
n_trials = 2
eval_trials = 2
[evaluate]
trials = 2
`;

interface Sweep {
  readonly plan: string;
  readonly file: string;
  readonly folder: string;
  /** Whether the task's file has run with permissions, since this was asked. */
  marked(): boolean;
}

async function withSweep(use: (sweep: Sweep) => Promise<void>) {
  await inFolder(async (folder) => {
    const [path, file] = [join(folder, "small.toml"), join(folder, "task.ts")];
    await Deno.writeTextFile(path, plan);
    await Deno.writeTextFile(file, task);
    const mark = join(folder, "mark");
    await use({
      plan: path,
      file,
      folder: join(folder, "small"),
      marked() {
        const there = existsSync(mark);
        if (there) Deno.removeSync(mark);
        return there;
      },
    });
  });
}

const sweep = (plan: string, ...more: string[]) =>
  runInProcess(
    ["sweep", plan, "--output_dir", join(plan, ".."), "--retries=0", ...more],
  );

Deno.test("sweep trusts a task file by --trust_task alone", async () => {
  await withSweep(async ({ plan, folder, marked }) => {
    assert.equal((await sweep(plan)).code, 1);
    const { points: [{ id }] } = await readSweep(folder);
    assert.match((await readFailure(folder, id))!, /it imports node:fs/);
    assert.equal(marked(), false);
    const { code, err } = await sweep(plan, "--trust_task");
    assert.equal(code, 0, err);
    assert.equal((await readResult(folder, id))?.updates, 2);
    assert.equal(marked(), true);
  });
});

Deno.test("a plan, a settings file, or a sweep's record gives no trust", async () => {
  await withSweep(async ({ plan, file, folder, marked }) => {
    const text = await Deno.readTextFile(plan);
    await Deno.writeTextFile(
      plan,
      text.replace("N =", "trust_task = true\nN ="),
    );
    const planned = await sweep(plan);
    assert.equal(planned.code, 2);
    assert.match(planned.err, /train sets trust_task; trust is given on the/);

    const config = join(file, "../train.toml");
    await Deno.writeTextFile(config, `task = "${file}"\ntrust_task = true\n`);
    const settled = await runInProcess(["train", "--config", config]);
    assert.equal(settled.code, 2);
    assert.match(
      settled.err,
      /line 2: trust is given on the command line alone/,
    );

    await Deno.writeTextFile(plan, text);
    await sweep(plan);
    const record = join(folder, "sweep.json");
    const { points: [{ id }] } = await readSweep(folder);
    const before = await Deno.readTextFile(record);
    for (
      const [name, value] of [
        ["trust_task", true],
        ["output_dir", join(folder, "elsewhere")],
        ["log_dir", join(folder, "elsewhere")],
        ["config", "x.toml"],
        ["resume", "x"],
      ] as const
    ) {
      const tampered = JSON.parse(before);
      const { train } = tampered.points[0];
      assert.equal(train.task, file);
      train[name] = value;
      await Deno.writeTextFile(record, JSON.stringify(tampered));
      const { code, err } = await runInProcess(["sweep", "point", folder, id]);
      assert.equal(code, 1);
      assert.ok(
        err.includes(`its train sets "${name}", which is for the`),
        err,
      );
      assert.equal(existsSync(join(folder, "elsewhere")), false);
    }
    assert.equal(marked(), false);
  });
});

Deno.test("a cluster's job trusts the file that was trusted, as it was then", async () => {
  await withSweep(async ({ plan, file, folder, marked }) => {
    await sweep(plan);
    const { points } = await readSweep(folder);
    const trusted = await taskHashes(points);
    const [deno, ...args] = pointCommand(
      Deno.execPath(),
      import.meta.resolve("../../cli.ts"),
      folder,
      readableFor(points, true),
      trusted,
    );
    const job = async () => {
      const { code, stderr } = await new Deno.Command(deno, {
        // The mark lies beside the sweep's folder.
        args: [
          ...args.map((arg) =>
            arg.startsWith("--allow-write") ? `${arg},${join(file, "..")}` : arg
          ),
          points[0].id,
        ],
        stdout: "null",
        stderr: "piped",
      }).output();
      return { code, err: new TextDecoder().decode(stderr) };
    };
    await Deno.writeTextFile(file, `${task}// Changed by somebody else.\n`);
    const changed = await job();
    assert.equal(changed.code, 1);
    assert.match(changed.err, /Cannot trust task .*task\.ts: its SHA-256 is/);
    assert.equal(marked(), false);
    await Deno.writeTextFile(file, task);
    const same = await job();
    assert.equal(same.code, 0, same.err);
    assert.equal(marked(), true);
  });
});
