/** Sweeps on a real SLURM, with what happens to clusters. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { openEngine } from "../../lib/runs/sweep/engines.ts";
import { checkSetting } from "../../lib/runs/sweep/settings.ts";
import { readModel } from "../../lib/formats/model_file.ts";
import {
  pointFolder,
  readResults,
  writeSweep,
} from "../../lib/sweep/folder.ts";
import { planFromToml } from "../../lib/sweep/plan.ts";
import { sweepPoints } from "../../lib/sweep/points.ts";
import { slurmEngine } from "../../lib/sweep/slurm/engine.ts";
import { commandClient } from "../../lib/sweep/slurm/commands.ts";
import { readSlurmOptions } from "../../lib/sweep/slurm/options.ts";
import type { Point } from "../../lib/sweep/types.ts";
import { testWith } from "../require.ts";
import { type Cluster, kill, startCluster } from "./slurm_cluster.ts";
import { eventsOf } from "./slurm_fake.ts";

const root = new URL("../../", import.meta.url).pathname;
const deno = Deno.execPath();

/** Networks that are trained and mapped in about a second each, most of them to the end. */
const planText = (seeds: number, slurm: string) => `
seeds = { from = 1, count = ${seeds} }
evaluate = { trials = 10 }
[train]
preset = "robust"
task = "go-nogo"
n_trials = 200
eval_freq = 50
eval_trials = 10
criterion = "paper"
loss_threshold = 1000
[map]
factors = [30, 50]
trials = 5
[grid]
N = [40, 60]
[slurm]
deno = "${deno}"
poll = 0.5
settle = 3
${slurm}`;

testWith("slurm", "sweep on a real SLURM", async (context) => {
  const folder = await Deno.realPath(
    await Deno.makeTempDir({ prefix: "a sweep's 5%j " }),
  );
  await using cluster = await startCluster();
  try {
    const local = join(folder, "local");
    const points = await prepare(local, planText(3, ""));
    await context.step("local, to compare with", async () => {
      const events = await eventsOf(
        openEngine(
          { engine: "local", workers: 2, cancel: false },
          { folder: local, points, trials: 10 },
        ).run(points, { folder: local, retries: 0 }),
      );
      assert.equal(count(events, / done$/), points.length);
    });
    await context.step(
      "is interrupted, cancelled and gone on with",
      () => cancelAndResume(cluster, folder, local),
    );
    await context.step(
      "6 networks, a task killed, a node lost",
      () => killAndCut(cluster, join(folder, "cluster"), local),
    );
    await context.step("what clients say", () => clientErrors(cluster));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** By the command line, under the permissions that its page names. */
async function cancelAndResume(
  cluster: Cluster,
  folder: string,
  local: string,
): Promise<void> {
  const plan = join(folder, "few.toml");
  await Deno.writeTextFile(plan, planText(1, "throttle = 1"));
  const sweep = join(folder, "few");
  const run = ["sweep", plan, "--engine", "slurm", "--output_dir", folder];

  const first = start(cluster, folder, run);
  await until(() => cluster.tasks().length > 0);
  first.kill("SIGINT");
  const stopped = await ended(first);
  assert.equal(stopped.code, 130, stopped.text);
  assert.match(stopped.text, /points stay with SLURM \(job \d+\)/);
  assert.ok(await isQueued(cluster, sweep));

  const cancel = await ended(
    start(cluster, folder, ["sweep", "cancel", sweep]),
  );
  assert.equal(cancel.code, 0, cancel.text);
  assert.match(cancel.text, /cancelled job \d+/);
  assert.equal(await isQueued(cluster, sweep), false);
  assert.equal(cluster.tasks().length, 0);
  const points = await prepare(sweep, await Deno.readTextFile(plan));
  assert.ok((await readResults(sweep, points)).length < points.length);

  const again = await ended(start(cluster, folder, run));
  assert.equal(again.code, 0, again.text);
  assert.match(again.text, /2 of 2 points are done/);
  await compare(points, sweep, local);
}

async function killAndCut(
  cluster: Cluster,
  folder: string,
  local: string,
): Promise<void> {
  const text = planText(3, "points_per_task = 2\nmem = '200M'\ntime = 10");
  const points = await prepare(folder, text);
  assert.equal(points.length, 6);
  const options = readSlurmOptions(planFromToml(text, "x", checkSetting).slurm);
  let killed = 0, failed = 0, done = 0, cut = 0;
  const events = await eventsOf(
    slurmEngine(options, { client: cluster.client })
      .run(points, { folder, retries: 3 }),
    (event) => {
      if (event.endsWith(" done")) done++;
      if (event.includes("ended as FAILED")) failed++;
      // One that was about to end anyway may have been hit.
      if (event.includes(" on n") && failed === 0) {
        const [task] = cluster.tasks();
        if (task && kill(task.pid)) killed++;
      }
      // Whenever it has something to lose.
      if (failed > 0 && cut === 0 && done >= 2) {
        cut = cluster.tasks().filter(({ node }) => node === "n2").length;
        if (cut > 0) cluster.cutPower("n2");
      }
    },
  );
  assert.ok(killed > 0 && failed > 0, `killed ${killed}, failed ${failed}`);
  assert.ok(cut > 0, "no task was lost with its node");
  assert.ok(count(events, / on n1$/) > 0 && count(events, / on n2$/) > 0);
  assert.equal(count(events, / done$/), 6, events.join("\n"));
  assert.equal(count(events, / failed, 0 left/), 0);
  await compare(points, folder, local);
}

async function clientErrors({ client, env }: Cluster): Promise<void> {
  await assert.rejects(
    client.submit(["--parsable", "--partition=none", "--wrap=true"]),
    { name: "BackendError", message: /Cannot submit to SLURM: .*partition/ },
  );
  await client.cancel(["999999"]);
  assert.deepEqual(await client.queue(["no-such-name"]), []);
  assert.deepEqual(await client.limits(), { arraySize: 1001, jobs: 20_000 });

  // The same cluster, at a port where nobody listens.
  const conf = `${env.SLURM_CONF}.away`;
  const text = await Deno.readTextFile(env.SLURM_CONF);
  await Deno.writeTextFile(
    conf,
    text.replace(/^SlurmctldPort=.*$/m, "SlurmctldPort=1"),
  );
  const patience = { submit: 1, queue: 1, cancel: 1, limits: 1 };
  const away = commandClient({ SLURM_CONF: conf }, patience);
  const error = { name: "SlurmAwayError" };
  await Promise.all([
    assert.rejects(away.queue(["x"]), error),
    assert.rejects(away.submit(["--parsable", "--wrap=true"]), error),
    assert.rejects(away.cancel(["1"]), error),
    assert.rejects(away.limits(), error),
  ]);
}

/** Makes the folder of a sweep; returns its points. */
async function prepare(folder: string, text: string): Promise<Point[]> {
  const plan = planFromToml(text, "sweep", checkSetting);
  const points = sweepPoints(plan);
  await Deno.mkdir(join(folder, "points"), { recursive: true });
  await writeSweep(folder, { name: plan.name, trials: plan.trials, points });
  return points;
}

/** The same results, and the same networks, to the last bit. */
async function compare(
  points: readonly Point[],
  folder: string,
  reference: string,
): Promise<void> {
  const results = await readResults(folder, points);
  const expected = await readResults(reference, points);
  assert.equal(results.length, points.length);
  assert.ok(results.some(({ spiking }) => spiking), "none was mapped");
  for (const [k, result] of results.entries()) {
    const { seconds: _s, host: _h, model, ...measured } = result;
    const { seconds: _t, host: _i, model: other, ...wanted } = expected[k];
    assert.deepEqual(measured, wanted);
    const own = await readModel(join(pointFolder(folder, result.id), model));
    const its = await readModel(
      join(pointFolder(reference, result.id), other),
    );
    assert.deepEqual(own.network, its.network);
    assert.deepEqual(own.search, its.search);
  }
}

function start(
  { env }: Cluster,
  folder: string,
  args: string[],
): Deno.ChildProcess {
  return new Deno.Command(deno, {
    args: [
      "run",
      "--no-prompt",
      `--allow-read=${folder}`,
      `--allow-write=${folder}`,
      "--allow-run=sbatch,squeue,scontrol,scancel",
      `${root}cli.ts`,
      ...args,
    ],
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function ended(
  process: Deno.ChildProcess,
): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await process.output();
  const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, text: text.join("\n") };
}

async function isQueued({ client }: Cluster, sweep: string): Promise<boolean> {
  const names = [...Deno.readDirSync(join(sweep, "slurm"))]
    .map(({ name }) => name);
  const rows = await client.queue(names);
  return rows.some(({ state }) => /PENDING|RUNNING|COMPLETING/.test(state));
}

/** Waits for something that is bound to come. */
async function until(condition: () => boolean): Promise<void> {
  for (let k = 0; !condition(); k++) {
    assert.ok(k < 1200, "it did not come in a minute");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function count(events: readonly string[], pattern: RegExp): number {
  return events.filter((event) => pattern.test(event)).length;
}
