/** Sweeps and logs of runs, as programs use them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import {
  findLogs,
  finished,
  openRunLog,
  readResults,
  readRunLog,
  readSweep,
  resultsTable,
  surveySweep,
  sweep,
  sweepPlan,
  writeSweepReport,
} from "../../lib/entry/sweep.ts";
import { readModel } from "../../lib/formats/model_file.ts";
import { runPoint } from "../../lib/runs/sweep/job.ts";
import { inFolder } from "../folder.ts";

const plan = (more: Readonly<Record<string, unknown>> = {}) =>
  sweepPlan({
    train: { task: "xor", N: 8, n_trials: 2, eval_freq: 2, eval_trials: 2 },
    evaluate: { trials: 2 },
    seeds: [1, 2],
    ...more,
  });

Deno.test("sweep() runs a plan, and not again what is done", async () => {
  await inFolder(async (folder) => {
    const kinds: string[] = [];
    for await (const { kind } of sweep(plan(), { folder, workers: 1 })) {
      kinds.push(kind);
    }
    const point = ["point-started", "point-done"];
    assert.deepEqual(kinds, ["sweep-started", ...point, ...point, "swept"]);
    const again = await finished(sweep(plan(), { folder }));
    assert.deepEqual(
      resultsTable(again.results).map(({ seed }) => seed),
      [1, 2],
    );
    assert.equal(again.failed, 0);
    const { points } = await readSweep(folder);
    assert.deepEqual(await readResults(folder, points), again.results);
    const states = (await surveySweep(folder, points)).map((p) => p.state);
    assert.deepEqual(states, ["done", "done"]);
    const [report] = await writeSweepReport(folder);
    assert.match(await Deno.readTextFile(report), /2 networks done/);
  });
});

Deno.test("sweep() with archive keeps no folder a network, and runs none again", async () => {
  await inFolder(async (folder) => {
    const options = { folder, workers: 1, archive: true };
    const { results } = await finished(sweep(plan(), options));
    assert.deepEqual([...Deno.readDirSync(join(folder, "points"))], []);
    const [{ id, model, seed }] = results;
    const read = await readModel(join(folder, "points", id, model));
    assert.equal(read.provenance?.settings?.seed, seed);
    const again = await finished(sweep(plan(), options));
    assert.deepEqual(again.results, results);
    assert.equal(again.done, 2);
  });
});

Deno.test("sweep() stops with the loop, frees its folder and goes on later", async () => {
  await inFolder(async (folder) => {
    for await (const { kind } of sweep(plan(), { folder, workers: 1 })) {
      if (kind === "point-started") break;
    }
    await assert.rejects(Deno.stat(join(folder, "lock.json")));
    const controller = new AbortController();
    await assert.rejects(async () => {
      const { signal } = controller;
      for await (const event of sweep(plan(), { folder, workers: 1, signal })) {
        if (event.kind === "point-started") controller.abort();
      }
    }, { name: "AbortError" });
    const { done } = await finished(sweep(plan(), { folder, workers: 1 }));
    assert.equal(done, 2);
  });
});

Deno.test("a point that a signal stops can be resumed", async () => {
  await inFolder(async (folder) => {
    const train = {
      ...{ task: "xor", N: 8, n_trials: 1_000_000, eval_freq: 1 },
      ...{ eval_trials: 2, seed: 1 },
    };
    const point = { id: "a", varied: {}, train };
    const models = join(folder, "points/a/models");
    const controller = new AbortController();
    const clock = setInterval(async () => {
      const made = await Deno.stat(models).catch(() => undefined);
      if (made) controller.abort();
    }, 50);
    try {
      await assert.rejects(
        runPoint(folder, point, 2, [], controller.signal),
        { name: "InterruptedError" },
      );
    } finally {
      clearInterval(clock);
    }
    await assert.rejects(Deno.stat(join(folder, "points/a/failed.json")));
    const left = await Array.fromAsync(Deno.readDir(models));
    assert(left.length > 0);
  });
});

Deno.test("sweepPlan() and sweep() refuse what cannot be run, and write nothing", async () => {
  await inFolder(async (folder) => {
    const place = join(folder, "none");
    assert.throws(() => plan({ grid: { n: [8] } }), /did you mean N\?/);
    assert.throws(() => plan({ analyse: ["nothing"] }), RangeError);
    for (
      const options of [
        { folder: place, workers: 0 },
        { folder: place, engine: "slurm" as const },
      ]
    ) {
      const slurm = { time: "forever" };
      await assert.rejects(
        finished(sweep(plan({ slurm }), options)),
        RangeError,
      );
    }
    await assert.rejects(Deno.stat(place), Deno.errors.NotFound);
  });
});

Deno.test("readRunLog() follows a log until its run is over", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "run.jsonl");
    const log = await openRunLog(path, "mine");
    const kinds: string[] = [];
    const read = (async () => {
      for await (const { kind } of readRunLog(path, { follow: true })) {
        kinds.push(kind);
      }
    })();
    await log.saved("a.mat");
    await log.close();
    await read;
    assert.deepEqual(kinds, ["run", "saved"]);
    assert.deepEqual(await findLogs(folder), [path]);
    const controller = new AbortController();
    controller.abort();
    const { signal } = controller;
    for await (const event of readRunLog(path, { follow: true, signal })) {
      assert.fail(event.kind);
    }
  });
});
