/** Sweeps whose files are damaged, cut off or made by somebody else. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { runPoint } from "../../lib/runs/sweep/job.ts";
import { resultsTable } from "../../lib/sweep/results.ts";
import {
  pointFolder,
  readResults,
  resultFile,
  writeFailure,
  writeResult,
  writeSweep,
} from "../../lib/sweep/folder.ts";
import type { Point } from "../../lib/sweep/types.ts";
import { run as runCommand } from "../cli/in_process.ts";
import { inFolder } from "../folder.ts";
import { syntheticResult } from "./synthetic.ts";

const run = (args: readonly string[], expected = 0) =>
  runCommand(["sweep", ...args], expected);

const ids = ["N-20", "N-30", "N-40", "N-50"];

const points: readonly Point[] = ids.map((id, k) => ({
  id,
  varied: { N: 20 + 10 * k },
  train: { N: 20 + 10 * k, seed: 1 },
}));

const resultOf = (id: string, N: number) => ({
  ...syntheticResult({ varied: { N }, spiking: [0.9, 0.8] }),
  id,
});

/** A sweep of four points: two with results, one that failed, one harmed. */
async function withSweep(
  body: (folder: string, harmed: string) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    await writeSweep(folder, { name: "small", trials: 10, points });
    for (const [k, id] of ids.entries()) {
      await Deno.mkdir(pointFolder(folder, id), { recursive: true });
      if (k < 3) await writeResult(folder, resultOf(id, 20 + 10 * k));
      else await writeFailure(folder, id, "Cannot train: a test");
    }
    await body(folder, resultFile(folder, "N-30"));
  });
}

const without = (...path: string[]) => {
  const whole = structuredClone(resultOf("N-30", 30)) as Record<
    string,
    unknown
  >;
  const last = path.pop()!;
  let at = whole;
  for (const name of path) at = at[name] as Record<string, unknown>;
  delete at[last];
  return JSON.stringify(whole);
};

/** A result whose varied settings are too deep for what recurses. */
function nested(text: string): string {
  const deep = "[".repeat(20_000) + "]".repeat(20_000);
  return text.replace("{", `{"varied":{"N":${deep}},`);
}

/** Files of results that are none. */
const harms = [
  ["is empty", ""],
  ["is cut off", '{"id": "N-3'],
  ["is no object", "[1]"],
  ["is nested without end", nested(without("varied"))],
  ["lacks its score", without("rate")],
  ["lacks a number of its twin", without("spiking", "excitatoryRate")],
  ["lacks its times", without("seconds")],
  ["has a word for its seed", without("seed").replace("{", '{"seed":"one",')],
  ["is another point's", JSON.stringify(resultOf("N-20", 20))],
  [
    "leads out of its folder",
    JSON.stringify({ ...resultOf("N-30", 30), model: "../../../x.mat" }),
  ],
] as const;

for (const [what, text] of harms) {
  Deno.test(`a result file that ${what} is named, and the rest of the sweep goes on`, async () => {
    await withSweep(async (folder, harmed) => {
      await Deno.writeTextFile(harmed, text);
      const status = (await run(["status", folder])).out;
      assert.match(status, /2 of 4 points are done, 1 failed.*1 damaged/);
      assert(
        status.includes(`damaged N-30: Cannot read ${harmed}: `),
        status,
      );
      assert.match(status, /^failed N-50: Cannot train: a test$/m);
      const { out, err } = await run(["results", folder]);
      assert.equal(out.trim().split("\n").length, 3);
      assert(err.includes(`Cannot read ${harmed}: `), err);
      const names: string[] = [];
      const results = await readResults(folder, points, (id) => names.push(id));
      assert.deepEqual(results.map(({ id }) => id), ["N-20", "N-40"]);
      assert.deepEqual(names, ["N-30"]);
    });
  });
}

Deno.test("the report of a sweep says of each damaged result why it is missing", async () => {
  await inFolder(async (folder) => {
    const [fine] = points;
    const harmed = harms.map((_, k) => ({ ...points[1], id: `N-30-${k}` }));
    const all = [fine, ...harmed];
    await writeSweep(folder, { name: "small", trials: 10, points: all });
    for (const { id } of all) {
      await Deno.mkdir(pointFolder(folder, id), { recursive: true });
    }
    await writeResult(folder, resultOf(fine.id, 20));
    for (const [k, { id }] of harmed.entries()) {
      const text = harms[k][1].replaceAll('"N-30"', JSON.stringify(id));
      await Deno.writeTextFile(resultFile(folder, id), text);
    }
    await run(["report", folder]);
    const report = await Deno.readTextFile(join(folder, "report.md"));
    for (const [k, { id }] of harmed.entries()) {
      assert(report.includes(resultFile(folder, id)), harms[k][0]);
    }
  });
});

Deno.test("a failed.json that is damaged counts as a failure without a reason", async () => {
  await withSweep(async (folder) => {
    const path = join(pointFolder(folder, "N-50"), "failed.json");
    await Deno.writeTextFile(path, "");
    const { out } = await run(["status", folder]);
    assert.match(out, /3 of 4 points are done, 1 failed/);
    assert(out.includes(`failed N-50: Cannot read ${path}`), out);
  });
});

for (
  const text of ["", "{}", '{"name": 3, "trials": 10, "points": []}', "[]"]
) {
  Deno.test(`a sweep.json of ${JSON.stringify(text)} is named`, async () => {
    await withSweep(async (folder) => {
      const path = join(folder, "sweep.json");
      await Deno.writeTextFile(path, text);
      for (const action of ["status", "results", "report"]) {
        const { err } = await run([action, folder], 1);
        assert(err.startsWith(`spikernn: Cannot read ${path}: `), err);
      }
    });
  });
}

const small: Point = {
  id: "N-10",
  varied: {},
  train: {
    ...{ task: "go-nogo", preset: "paper", N: 10, n_trials: 4, seed: 1 },
    ...{ T: 60, stim_on: 10, stim_dur: 20, eval_trials: 2 },
  },
};

Deno.test("runPoint() makes a damaged result again", async () => {
  await inFolder(async (folder) => {
    const first = await runPoint(folder, small, 4);
    await Deno.writeTextFile(resultFile(folder, small.id), "");
    const again = await runPoint(folder, small, 4);
    assert.deepEqual(again.rate, first.rate);
    assert.equal(again.model, first.model, "without training it again");
  });
});

Deno.test("runPoint() analyses the network, and leaves out what needs its twin", async () => {
  await inFolder(async (folder) => {
    const analyse = ["trajectories", "timescales", "weights"];
    const result = await runPoint(folder, { ...small, analyse }, 4);
    const [row] = resultsTable([result]);
    const ratio = row.trajectories_rate_participation_ratio_all;
    assert(Number(ratio) >= 1, `${ratio}`);
    const columns = Object.keys(row);
    assert(columns.some((name) => name.startsWith("weights_")));
    assert(!columns.some((name) => name.startsWith("timescales_")));
    await assert.rejects(
      runPoint(folder, { ...small, id: "N-11", analyse: ["wieghts"] }, 4),
      /Cannot analyse "wieghts": the analyses are trajectories, /,
    );
  });
});

for (
  const [what, change, message] of [
    ["is empty", () => "", /trained\.json: it is not a JSON object/],
    [
      "leads out of the point's folder",
      (text: string) =>
        text.replace(/"model":"[^"]*"/, '"model":"../other.mat"'),
      /trained\.json: its model: leaves the folder of its point/,
    ],
    [
      "names an absolute path",
      (text: string) =>
        text.replace(/"model":"[^"]*"/, '"model":"/etc/passwd"'),
      /trained\.json: its model: leaves the folder/,
    ],
    ["says nothing", () => "{}", /trained\.json: its model: /],
  ] as const
) {
  Deno.test(`runPoint() refuses a trained.json that ${what}, and touches no model`, async () => {
    await inFolder(async (folder) => {
      const { model } = await runPoint(folder, small, 4);
      const place = pointFolder(folder, small.id);
      await Deno.copyFile(join(place, model), join(folder, "other.mat"));
      await Deno.remove(resultFile(folder, small.id));
      const path = join(place, "trained.json");
      await Deno.writeTextFile(path, change(await Deno.readTextFile(path)));
      await assert.rejects(runPoint(folder, small, 4), {
        name: "ModelFileError",
        message,
      });
      assert((await Deno.stat(join(place, model))).isFile);
    });
  });
}
