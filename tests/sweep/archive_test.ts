/** A sweep's archives: a hundred networks a file, and the same results as from folders. */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { encodeModel, readModel } from "../../lib/formats/model_file.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { runPoints, surveySweep } from "../../lib/runs/sweep/run.ts";
import { archivePoints } from "../../lib/sweep/archive_points.ts";
import {
  pointFolder,
  readResults,
  readSweep,
  writeResult,
  writeSweep,
} from "../../lib/sweep/folder.ts";
import { resultsTable } from "../../lib/sweep/results.ts";
import type { Point } from "../../lib/sweep/types.ts";
import { run as runCommand } from "../cli/in_process.ts";
import { inFolder } from "../folder.ts";
import { syntheticResult } from "./synthetic.ts";

const network = createNetwork({ units: 4, channels: 1 }, randomStream(1));
const bytes = encodeModel({ network });
const place = "models/go-nogo/model.mat";

/** A sweep of which so many points are done, and one is not begun. */
async function withSweep(
  done: number,
  body: (folder: string, points: readonly Point[]) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const points = Array.from({ length: done + 1 }, (_, seed) => ({
      id: `seed-${seed}`,
      varied: {},
      train: { seed },
    }));
    await writeSweep(folder, { name: "small", trials: 10, points });
    for (const { id, train: { seed } } of points.slice(0, done)) {
      const model = join(pointFolder(folder, id), place);
      await Deno.mkdir(dirname(model), { recursive: true });
      await Deno.writeFile(model, bytes);
      const result = syntheticResult({ seed, spiking: [0.9, 0.8] });
      await writeResult(folder, { ...result, id, model: place });
    }
    await body(folder, points);
  });
}

const ids = (points: readonly Point[]) => points.map(({ id }) => id);

Deno.test("archivePoints() puts a hundred networks into a file; results stay what they are", async () => {
  await withSweep(101, async (folder, points) => {
    const before = await readResults(folder, points);
    assert.deepEqual(await archivePoints(folder, ids(points)), [
      join(folder, "archives", "0001.zip"),
      join(folder, "archives", "0002.zip"),
    ]);
    assert.deepEqual([...Deno.readDirSync(join(folder, "points"))], []);
    const after = await readResults(folder, points);
    assert.deepEqual(resultsTable(after), resultsTable(before));
    assert.equal(after.length, 101);
    for (const { id, model } of [after[0], after[100]]) {
      const path = join(pointFolder(folder, id), model);
      assert.match(path, /archives\/000[12]\.zip#seed-\d+\.mat$/);
      assert.equal((await readModel(path)).network.layers[0].size, 4);
    }
    const states = await surveySweep(folder, points);
    assert.equal(states.filter(({ state }) => state === "done").length, 101);
    assert.equal(states.at(-1)!.state, "waiting");
  });
});

Deno.test("points in archives are not run again", async () => {
  await withSweep(2, async (folder, points) => {
    await archivePoints(folder, ids(points));
    const asked: string[] = [];
    const engine = {
      name: "none",
      async *run(open: readonly Point[]) {
        asked.push(...ids(open));
        yield await Promise.resolve({
          kind: "engine" as const,
          message: "none is run",
        });
      },
    };
    const events = runPoints(folder, points, { engine, retries: 0 });
    const { value } = await events.next();
    assert.deepEqual(value, {
      kind: "sweep-started",
      points: 3,
      done: 2,
      open: 1,
      damaged: [],
    });
    await events.next();
    assert.deepEqual(asked, ["seed-2"]);
  });
});

Deno.test("archivePoints() leaves what analyses wrote, and ends what a kill left undone", async () => {
  await withSweep(2, async (folder, points) => {
    const [first, second] = ids(points);
    const table = join(pointFolder(folder, first), "analysis", "a.csv");
    await Deno.mkdir(dirname(table));
    await Deno.writeTextFile(table, "x\n1\n");
    const kept = join(pointFolder(folder, second), place);
    const result = join(pointFolder(folder, second), "result.json");
    const text = await Deno.readTextFile(result);
    const [before] = await archivePoints(folder, [first, second]);
    assert.equal(await Deno.readTextFile(table), "x\n1\n");
    // Killed after the archive was written, before the files were removed.
    await Deno.mkdir(dirname(kept), { recursive: true });
    await Deno.writeFile(kept, bytes);
    await Deno.writeTextFile(result, text);
    assert.equal((await readResults(folder, points)).length, 2);
    assert.deepEqual(await archivePoints(folder, [first, second]), []);
    await assert.rejects(Deno.stat(pointFolder(folder, second)));
    assert.equal((await readResults(folder, points)).length, 2);
    assert.ok((await Deno.stat(before)).isFile);
  });
});

Deno.test("a damaged archive is told, and its points count as not begun", async () => {
  await withSweep(2, async (folder, points) => {
    const [path] = await archivePoints(folder, ids(points));
    const whole = await Deno.readFile(path);
    whole[60] ^= 255;
    await Deno.writeFile(path, whole);
    const told: string[] = [];
    const read = await readResults(
      folder,
      points,
      (id, reason) => told.push(`${id}: ${reason}`),
    );
    assert.deepEqual(read, []);
    assert.match(told.join(), /^0001\.zip: .*(checksum|JSON)/);
  });
});

Deno.test("sweep archive packs a sweep, and results and status read it", async () => {
  await withSweep(2, async (folder) => {
    const table = await runCommand(["sweep", "results", folder]);
    const { out } = await runCommand(["sweep", "archive", folder]);
    assert.match(out, /archives\/0001\.zip/);
    assert.deepEqual(await runCommand(["sweep", "results", folder]), table);
    const status = await runCommand(["sweep", "status", folder]);
    assert.match(status.out, /2 of 3 points are done/);
    const point = await runCommand(["sweep", "point", folder, "seed-1"]);
    assert.match(point.out, /^seed-1: done, in .*0001\.zip/);
    const again = await runCommand(["sweep", "archive", folder]);
    assert.match(again.out, /no network is done that is not in an archive/);
    assert.equal((await readSweep(folder)).points.length, 3);
  });
});
