/** `reproduce`, end to end. */
import assert from "node:assert/strict";
import { join } from "node:path";
import {
  readSweep,
  writeFailure,
  writeResult,
} from "../../lib/sweep/folder.ts";
import {
  figureNames,
  figurePlan,
} from "../../lib/sweep/reproduce/plans/index.ts";
import { figurePoints } from "../../lib/sweep/reproduce/points.ts";
import { run as runCommand } from "../cli/in_process.ts";
import { inFolder } from "../folder.ts";
import { syntheticResult } from "./synthetic.ts";

const run = (args: readonly string[], expected = 0) =>
  runCommand(["reproduce", ...args], expected);

Deno.test("reproduce list names every figure", async () => {
  const { out } = await run(["list"]);
  assert.deepEqual(
    out.trim().split("\n").map((line) => line.split(/\s/)[0]),
    figureNames,
  );
});

Deno.test("reproduce refuses a figure that it has no plan for", async () => {
  const { err } = await run(["8"], 2);
  assert.match(err, /Cannot reproduce figure "8": allowed are 1C, 2C,/);
});

Deno.test("reproduce --collect reports what is there, by condition", async () => {
  await inFolder(async (folder) => {
    const networks = join(folder, "networks");
    const [small, larger] = figurePoints(figurePlan("1C"), 2);
    const [first, second] = small.points;
    for (const { id } of [...small.points, larger.points[0]]) {
      await Deno.mkdir(join(networks, "points", id), { recursive: true });
    }
    await writeResult(networks, {
      ...syntheticResult({ seed: 1, spiking: [0.97, 0.9] }),
      id: first.id,
    });
    await writeResult(networks, {
      ...syntheticResult({ seed: 2, trained: false }),
      id: second.id,
    });
    await writeFailure(networks, larger.points[0].id, "the disk is full");
    const { out } = await run(
      ["1C", "--networks=2", "--collect", "--output_dir", folder],
    );
    const files = ["table.md", "report.html", "results.csv"]
      .concat(["figure.svg", "figure.png"]);
    assert.equal(
      out,
      files.map((name) => `saved ${join(folder, "1C", name)}\n`).join(""),
    );
    const table = await Deno.readTextFile(join(folder, "1C", "table.md"));
    assert.match(table, /2 networks done, 1 failed, 11 not done yet/);
    assert.match(table, /\| 69 of 100 \| 1 of 2 \(9–91 %\) \|/);
    assert.match(table, /the disk is full/);
    const csv = await Deno.readTextFile(join(folder, "1C", "results.csv"));
    assert.match(csv, /^condition,N,seed,trained,.*\n10,10,1,true,/);
  });
});

Deno.test("reproduce reports when its time is up, and figures share a folder", async () => {
  await inFolder(async (folder) => {
    // A network of 250 units takes much longer than this.
    const shared = ["--networks=1", "--minutes=0.005", "--workers=1"]
      .concat(["--output_dir", folder]);
    for (const figure of ["S7", "7"]) {
      const { err } = await run([figure, ...shared]);
      assert.match(err, /0\.005 minutes are over: reporting what is there/);
      const table = await Deno.readTextFile(join(folder, figure, "table.md"));
      assert.match(table, /0 networks done, [23] not done yet/);
    }
    const { points } = await readSweep(join(folder, "networks"));
    // Of the two and three networks, the usual one is the same.
    assert.equal(points.length, 4);
  });
});
