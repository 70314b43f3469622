import assert from "node:assert/strict";
import { join } from "node:path";
import {
  readFailure,
  readSweep,
  resultFile,
  stateOf,
  writeSweep,
} from "../../lib/sweep/folder.ts";
import {
  localEngine,
  type PointWorker,
  webPointWorker,
} from "../../lib/sweep/local.ts";
import { pointBytes, workersWithin } from "../../lib/runs/sweep/sizes.ts";
import type { Point, SweepEvent } from "../../lib/sweep/types.ts";
import { inFolder } from "../folder.ts";
import { syntheticResult } from "./synthetic.ts";

const point = (id: string): Point => ({ id, varied: {}, train: { seed: 1 } });

/** A worker that writes results, and does what the points' names say. */
function makeWorker(): PointWorker {
  const source = `
    self.onmessage = async ({ data: { folder, point: { id } } }) => {
      const place = folder + "/points/" + id;
      await Deno.mkdir(place, { recursive: true });
      const tries = place + "/tries";
      let before = 0;
      try { before = (await Deno.readTextFile(tries)).length; } catch {}
      await Deno.writeTextFile(tries, "x".repeat(before + 1));
      if (id === "breaks") { setTimeout(() => { throw new Error("out of memory"); }); return; }
      if (id === "refuses") { self.postMessage({ id, reason: "no such task" }); return; }
      if (id === "sleeps") return;
      if (id !== "lies" && !(id === "second" && before === 0)) {
        await Deno.writeTextFile(place + "/result.json", JSON.stringify({ ...${
    JSON.stringify(syntheticResult())
  }, id }));
      }
      self.postMessage({ id });
    };
  `;
  const url = URL.createObjectURL(
    new Blob([source], { type: "text/javascript" }),
  );
  const worker = new Worker(url, { type: "module" });
  URL.revokeObjectURL(url);
  return webPointWorker(worker);
}

async function run(
  ids: readonly string[],
  { workers = 2, retries = 0, signal }: {
    workers?: number;
    retries?: number;
    signal?: AbortSignal;
  } = {},
) {
  const folder = await Deno.makeTempDir();
  const events: SweepEvent[] = [];
  const engine = localEngine({ makeWorker, trials: 1, workers });
  for await (
    const event of engine.run(ids.map(point), { folder, retries, signal })
  ) events.push(event);
  const tries = async (id: string) =>
    (await Deno.readTextFile(join(folder, "points", id, "tries"))).length;
  return { folder, events, tries };
}

const of = (events: readonly SweepEvent[], kind: SweepEvent["kind"]) =>
  events.filter((event) => event.kind === kind)
    .map((event) => "id" in event ? event.id : "");

Deno.test("localEngine() runs every point once", async () => {
  const ids = ["a", "b", "c", "d", "e"];
  const { folder, events, tries } = await run(ids);
  assert.deepEqual(of(events, "point-done").sort(), ids);
  assert.deepEqual(of(events, "point-started"), ids);
  for (const id of ids) assert.equal(await tries(id), 1);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("localEngine() believes a result's file alone", async () => {
  const { folder, events } = await run(["lies", "a"]);
  assert.deepEqual(of(events, "point-done"), ["a"]);
  assert.deepEqual(of(events, "point-failed"), ["lies"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("localEngine() replaces a worker that breaks, and says why a point failed", async () => {
  const { folder, events, tries } = await run(["breaks", "refuses", "a"], {
    workers: 1,
    retries: 1,
  });
  const failed = events.filter((event) => event.kind === "point-failed");
  assert.equal(failed.length, 4);
  assert.equal(await tries("breaks"), 2);
  assert.match(
    failed.find(({ id }) => id === "breaks")!.reason,
    /out of memory/,
  );
  assert.match(
    failed.find(({ id }) => id === "refuses")!.reason,
    /no such task/,
  );
  assert.deepEqual(of(events, "point-done"), ["a"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("localEngine() tries again what failed", async () => {
  const { folder, events, tries } = await run(["second"], { retries: 2 });
  assert.deepEqual(of(events, "point-done"), ["second"]);
  assert.equal(await tries("second"), 2);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("localEngine() ends its workers when it is aborted", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 200);
  await assert.rejects(
    run(["sleeps", "a"], { workers: 1, signal: controller.signal }),
    { name: "AbortError" },
  );
});

Deno.test("localEngine() refuses no workers", () => {
  assert.throws(
    () => localEngine({ makeWorker, trials: 1, workers: 0 }),
    /workers is 0, allowed are whole numbers from 1/,
  );
});

Deno.test("workersWithin() leaves room for the largest points", () => {
  const sized = (train: Point["train"]): Point => ({ ...point("x"), train });
  const small = sized({ N: 200, T: 200 });
  const large = sized({ N: 4000, T: 1000, preset: "robust" });
  assert.equal(workersWithin(4, [], 1e12), 4);
  assert.equal(workersWithin(4, [small], 1e12), 4);
  assert.equal(workersWithin(64, [small, large], 1e10), 1);
  assert.equal(workersWithin(64, [small], 10 * pointBytes(small)), 8);

  assert(pointBytes(large) > 10 * pointBytes(small));
});

Deno.test("readSweep() refuses points that would lead out of the folder", async () => {
  await inFolder(async (folder) => {
    const sweep = { name: "x", trials: 1, points: [point("../../up")] };
    await writeSweep(folder, sweep);
    await assert.rejects(readSweep(folder), /it is not what a sweep writes/);
    await writeSweep(folder, { ...sweep, points: [point("fine")] });
    assert.equal((await readSweep(folder)).points[0].id, "fine");
    await assert.rejects(readSweep(join(folder, "none")), /no sweep\.json/);
  });
});

Deno.test("stateOf() tells by its files how a point stands", async () => {
  const { folder } = await run(["a", "lies"]);
  assert.equal(await stateOf(folder, "a"), "done");
  assert.equal(await stateOf(folder, "lies"), "failed");
  assert.equal(await stateOf(folder, "none"), "waiting");
  assert.equal(
    await readFailure(folder, "lies"),
    "its result was not written",
  );
  // Half a result is none.
  await Deno.writeTextFile(resultFile(folder, "a"), `{"id": "b"}`);
  assert.equal(await stateOf(folder, "a"), "damaged");
  await Deno.remove(folder, { recursive: true });
});
