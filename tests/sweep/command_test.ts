/** `sweep`, end to end, with small networks. */
import assert from "node:assert/strict";
import { parquetReadObjects } from "hyparquet";
import { join } from "node:path";
import { runPoint } from "../../lib/runs/sweep/job.ts";
import { pointFolder, readResult, readSweep } from "../../lib/sweep/folder.ts";
import { readableFor } from "../../lib/sweep/slurm/engine.ts";
import { pointCommand } from "../../lib/sweep/slurm/script.ts";
import { run as runCommand } from "../cli/in_process.ts";
import { spawn, start } from "../cli/spawn.ts";
import { inFolder } from "../folder.ts";

/** A task of your own, half of which is learned at once. */
const ownTask = `export default {
  name: "half",
  description: "answer while the cue is on",
  timing: { T: 40 },
  channels: ["cue"],
  conditions: ["on", "off"],
  layout: ({ T }) => ({ stimuli: { cue: [5, 15] }, response: [15, T] }),
  stopping: { loss: 1000, performance: 0.2, trials: 0 },
  trial({ condition, channel, target }) {
    if (condition !== "on") return;
    channel("cue").fill(1, 5, 15);
    target.fill(1, 15);
  },
};
`;

const goNogo = `task = "go-nogo"
T = 60
stim_on = 10
stim_dur = 20`;

const plan = `
name = "small"
seeds = [4, 6]
[train]
preset = "robust"
${goNogo}
n_trials = 300
eval_freq = 20
eval_trials = 20
noise_levels = [1, 2]
criterion = "paper"
loss_threshold = 1000
[map]
trials = 4
factors = [30, 50]
[evaluate]
trials = 5
[grid]
N = [20, 30]
`;

const run = (args: readonly string[], expected = 0) =>
  runCommand(["sweep", ...args], expected);

async function withPlan(
  body: (plan: string, folder: string) => Promise<void>,
  text = plan,
): Promise<void> {
  await inFolder(async (folder) => {
    const path = join(folder, "small.toml");
    await Deno.writeTextFile(path, text);
    await Deno.writeTextFile(join(folder, "task.ts"), ownTask);
    await body(path, folder);
  });
}

/** Columns that do not depend on when and where. */
function lasting(csv: string): string[] {
  const [head, ...rows] = csv.trim().split("\n").map((line) => line.split(","));
  const kept = head.map((name, index) => ({ name, index }))
    .filter(({ name }) => !/_s$|^host$/.test(name));
  return [head, ...rows].map((row) =>
    kept.map(({ index }) => row[index]).join(",")
  );
}

Deno.test("sweep trains, maps and evaluates every point, the same on any number of workers", async () => {
  await withPlan(
    async (path, folder) => {
      const runs = [];
      for (const workers of [1, 3]) {
        const dir = join(folder, `w${workers}`);
        const args = [path, "--output_dir", dir, "--workers", `${workers}`];
        const { out } = await run(args);
        assert.match(out, /^2 of 2 points are done$/m);
        runs.push((await run(["results", join(dir, "small")])).out);
      }
      assert.deepEqual(lasting(runs[1]), lasting(runs[0]));
      const small = join(folder, "w1", "small");
      const written = await run(["results", small, "--format", "parquet"]);
      const table = join(small, "results.parquet");
      assert.equal(written.out.trim(), table);
      const { buffer } = await Deno.readFile(table);
      const rows = await parquetReadObjects({ file: buffer });
      assert.deepEqual(rows.map(({ N, seed }) => [N, seed]).sort(), [
        ...[[20, 4], [30, 4]],
      ]);
      const [head, first] = lasting(runs[0]);
      assert.match(head, /^N,seed,trained,updates,/);
      assert.match(first, /^20,4,true,/);
      // It went on through the levels of noise after it had met the criteria.
      const cell = (name: string) =>
        first.split(",")[head.split(",").indexOf(name)];
      const [met, seen] = ["trials_to_criterion", "trials_seen"].map(cell)
        .map(Number);
      assert(met >= 1500 && met < seen, `${met} of ${seen} trials`);
      // The networks were mapped: their factors are among those of the plan.
      const factor = head.split(",").indexOf("scaling_factor");
      assert.match(first.split(",")[factor], /^[35]0$/);
      // They were calibrated, and what that gave is there, step by step.
      const after = Number(cell("after_readout_strict"));
      assert(after >= 0 && after <= 1 && cell("after_readout_strict") !== "");
      assert(!head.includes("after_tune_strict"));
      const sweep = join(folder, "w1", "small");
      // Nothing is computed again, and what is there stays.
      const again = await run([path, "--output_dir", join(folder, "w1")]);
      assert.match(again.err, /2 of 2 points are done already/);
      const { out } = await run(["status", sweep]);
      assert.match(out, /sweep small: 2 of 2 points are done, 0 failed/);
      const files = (await run(["report", sweep])).out.trim().split("\n");
      for (const file of files) assert((await Deno.stat(file)).size > 0, file);
      const page = await Deno.readTextFile(join(sweep, "report.html"));
      assert.doesNotMatch(page, /(src|href)="?https?:/);
    },
    plan.replace("[4, 6]", "[4]").replace(
      "[map]",
      '[map]\ncalibrate = ["readout"]\ncalibrate_trials = 4',
    ),
  );
});

Deno.test("sweep goes on after a point that fails, says why, and ends with code 1", async () => {
  const text = plan.replace("[20, 30]", "[10]")
    .replace(
      "seeds = [4, 6]",
      "seeds = [1]\n[[points]]\n[[points]]\nsom_N = 9",
    );
  await withPlan(async (path, folder) => {
    const args = [path, "--output_dir", folder, "--retries", "0"];
    const { out, err } = await run(args, 1);
    assert.match(out, /^1 of 2 points are done, 1 failed$/m);
    assert.match(err, /som_N-9[^:]*: Cannot /);
    const status = (await run(["status", join(folder, "small")])).out;
    assert.match(status, /^failed som_N-9\S*: Cannot /m);
  }, text);
});

Deno.test("runPoint() goes on from what an earlier attempt left", async () => {
  await withPlan(async (path, folder) => {
    await run([path, "--output_dir", folder]);
    const sweep = join(folder, "small");
    const { points, trials } = await readSweep(sweep);
    const [point] = points;
    const place = pointFolder(sweep, point.id);
    const before = await runPoint(sweep, point, trials);
    const model = await Deno.readFile(join(place, before.model));
    // Killed before the result, and before training was known to be done.
    for (const gone of ["result.json", "trained.json"]) {
      await Deno.remove(join(place, gone));
      const after = await runPoint(sweep, point, trials);
      assert.deepEqual(after.rate, before.rate);
      assert.deepEqual(after.spiking, before.spiking);
      assert.notEqual(after.spiking, undefined);
    }
    assert(model.length > 0);
  }, plan.replace("[20, 30]", "[20]").replace("[4, 6]", "[4]"));
});

for (
  const { signal, code, settings, updates } of [
    { signal: "SIGINT", code: 130, settings: goNogo, updates: 200 },
    {
      signal: "SIGKILL",
      code: 137,
      // Neither checkpoints nor models name the file of a task, whose sandbox
      // takes longer than its training.
      settings: 'task = "task.ts"',
      updates: 120,
    },
  ] as const
) {
  Deno.test(`sweep goes on after ${signal}, to the results of an uninterrupted run`, async () => {
    // Trained to the last update, long after the first checkpoint.
    const text = plan.replace("loss_threshold = 1000", "loss_threshold = 1e-9")
      .replace("n_trials = 300", `n_trials = ${updates}`)
      // Two are under way, and one has not begun.
      .replace("[20, 30]", "[20, 25, 30]").replace("[4, 6]", "[4]")
      .replace(goNogo, settings);
    await withPlan(async (path, folder) => {
      const [stopped, whole] = ["stopped", "whole"].map((name) =>
        join(folder, name)
      );
      const child = start(["-A"], [
        "sweep",
        path,
        "--output_dir",
        stopped,
        "--workers",
        "2",
      ]);
      const points = join(stopped, "small", "points");
      let over = false;
      const end = child.status.then(() => over = true);
      while (!over && !await holds(points, ".safetensors")) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assert(!over, "it ended before there was a checkpoint");
      child.kill(signal);
      const { code: ended, stderr } = await child.output();
      await end;
      const err = new TextDecoder().decode(stderr);
      assert.equal(ended, code, err);
      if (signal === "SIGINT") {
        assert.match(err, /Interrupted: \d of 3 points are done, run the same/);
      }
      const tables = [];
      for (const dir of [stopped, whole]) {
        await run([path, "--output_dir", dir]);
        tables.push((await run(["results", join(dir, "small")])).out);
        assert(!await holds(join(dir, "small"), ".safetensors"));
      }
      assert.deepEqual(lasting(tables[0]), lasting(tables[1]));
      const { points: all } = await readSweep(join(stopped, "small"));
      for (const { id } of all) {
        assert.equal(await count(join(points, id, "models"), ".mat"), 1);
      }
    }, text);
  });
}

Deno.test("sweep counts a network as trained that met its criteria before noise undid it", async () => {
  const text = `
seeds = [1]
[train]
preset = "robust"
task = "go-nogo"
N = 40
n_trials = 202
noise_levels = [1, 1000]
[evaluate]
trials = 20
`;
  await withPlan(async (path, folder) => {
    await run([path, "--output_dir", folder]);
    const sweep = join(folder, "small");
    const { points: [{ id }] } = await readSweep(sweep);
    const result = await readResult(sweep, id);
    assert.deepEqual([result?.trained, result?.updates], [true, 202]);
    assert(result!.rate.paper > 0.8, `${result!.rate.paper}`);
  }, text);
});

Deno.test("sweep maps and evaluates networks of a task of your own", async () => {
  const text = plan.replace(goNogo, 'task = "task.ts"')
    .replace("[20, 30]", "[20]").replace("[4, 6]", "[4]");
  await withPlan(async (path, folder) => {
    const { out } = await run([path, "--output_dir", folder, "--json"]);
    const { done, folder: sweep } = JSON.parse(out.trim().split("\n").at(-1)!);
    assert.equal(done, 1);
    const { points: [{ id, train }] } = await readSweep(sweep);
    assert.equal(train.task, join(folder, "task.ts"));
    const result = await readResult(sweep, id);
    assert.equal(result?.trained, true);
    assert.match(String(result.spiking?.factor), /^[35]0$/);
    // The same by the command that a node of a cluster runs.
    const { points } = await readSweep(sweep);
    await Deno.remove(pointFolder(sweep, id), { recursive: true });
    const entry = import.meta.resolve("../../cli.ts");
    const [deno, ...rest] = pointCommand(
      Deno.execPath(),
      entry,
      sweep,
      readableFor(points),
    );
    const { success, stderr } = await new Deno.Command(deno, {
      args: [...rest, id],
      cwd: folder,
      stdout: "null",
      stderr: "piped",
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    assert.deepEqual((await readResult(sweep, id))?.spiking, result.spiking);
  }, text);
});

for (
  const [what, text, args, inside, message] of [
    ["an empty plan", "", [], "", /says nothing of networks, allowed is/],
    [
      "a nonsense table [slurm], on this machine too",
      "[train]\nN = 20\n[slurm]\ntme = 5",
      [],
      "",
      /\[slurm\]: there is no setting "tme"/,
    ],
    [
      "a folder that no task on SLURM could be permitted",
      "[train]\nN = 20",
      ["--engine", "slurm"],
      "a,b",
      /has a comma, .* name another one by --output_dir/,
    ],
  ] as const
) {
  Deno.test(`sweep refuses ${what}, before it writes anything`, async () => {
    await withPlan(async (path, folder) => {
      const place = join(folder, "out");
      const { err } = await run(
        [path, ...args, "--output_dir", join(place, inside)],
        2,
      );
      assert.match(err, message);
      await assert.rejects(Deno.stat(place), Deno.errors.NotFound);
    }, text);
  });
}

for (
  const [args, code, message] of [
    [["nowhere.toml"], 1, /Cannot read the plan nowhere\.toml/],
    [["status"], 2, /it needs a sweep's folder/],
    [["status", "nowhere"], 1, /Cannot find a sweep in nowhere/],
    [["frobnicate", "x"], 2, /allowed are one plan, or status/],
    [["point", "nowhere", "x"], 1, /Cannot find a sweep/],
  ] as const
) {
  Deno.test(`sweep ${args.join(" ")} is refused with code ${code}`, async () => {
    assert.match((await run(args, code)).err, message);
  });
}

Deno.test("sweep says what its workers need when it is not permitted", async () => {
  await withPlan(async (path, folder) => {
    const { code, err } = await spawn(
      [`--allow-read=${folder}`, `--allow-write=${folder}`],
      ["sweep", path, "--output_dir", folder],
    );
    assert.equal(code, 1);
    assert.match(
      err,
      /run deno with --allow-read=\S+lib,\S+ --allow-write=\S+$/m,
    );
  });
});

async function holds(folder: string, ending: string): Promise<boolean> {
  return await count(folder, ending) > 0;
}

/** Files of a kind in a folder and all that are in it. */
async function count(folder: string, ending: string): Promise<number> {
  let found = 0;
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) found += await count(join(folder, name), ending);
      else if (name.endsWith(ending)) found++;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found;
}
