/** The reproduction of Kim and Sejnowski 2021: statistics, findings, files. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeArrays } from "../../lib/formats/arrays.ts";
import { pointFolder, writeResult } from "../../lib/sweep/folder.ts";
import {
  findings,
  foundIn,
  verdictOf,
} from "../../lib/sweep/reproduce/ks2021/findings.ts";
import { measures } from "../../lib/sweep/reproduce/ks2021/measures.ts";
import { ksFiles } from "../../lib/sweep/reproduce/ks2021/report.ts";
import {
  compareGroups,
  compareWithin,
  meanOf,
  student975,
} from "../../lib/sweep/reproduce/ks2021/statistics.ts";
import {
  arms,
  groups,
  ks2021,
} from "../../lib/sweep/reproduce/plans/ks2021.ts";
import { figurePoints, inTurn } from "../../lib/sweep/reproduce/points.ts";
import type { KsNetwork } from "../../lib/sweep/reproduce/ks2021/networks.ts";
import { run } from "../cli/in_process.ts";
import { inFolder } from "../folder.ts";
import { syntheticResult } from "./synthetic.ts";

function near(found: number, expected: number, by = 1e-9): void {
  assert(Math.abs(found - expected) < by, `${found}, expected ${expected}`);
}

Deno.test("student975() is the quantile of tables", () => {
  // From SciPy: stats.t.ppf(0.975, df).
  near(student975(1), 12.706204736174694, 1e-8);
  near(student975(9), 2.262157162798205);
  near(student975(18.5), 2.096859341464725, 1e-8);
});

Deno.test("compareGroups() is Welch's test with Hedges' g", () => {
  // From SciPy: ttest_ind(a, b, equal_var=False) and its confidence interval.
  const found = compareGroups([1, 2, 4, 7], [2, 1, 0, 1, 1.5]);
  near(found.difference, 2.4);
  near(found.p, 0.16628987857598276);
  near(found.low, -1.677468556602594);
  near(found.high, 6.477468556602593);
  near(found.effect, 1.1718276650721096);
});

Deno.test("compareWithin() is the paired t test with Cohen's d", () => {
  // From SciPy: ttest_1samp(changes, 0).
  const found = compareWithin([3, -1, 2, 4]);
  near(found.difference, 2);
  near(found.p, 0.1611618472135195);
  near(found.effect, 2 / Math.sqrt(14 / 3));
  const none = compareWithin([0, 0, 0]);
  assert.deepEqual([none.low, none.high, none.p], [0, 0, 1]);
  assert(Number.isNaN(compareWithin([1]).low));
  assert(Number.isNaN(meanOf([]).mean));
});

Deno.test("verdictOf() takes the side of the interval", () => {
  const of = (low: number, high: number, direction: 1 | -1) =>
    verdictOf({ low, high }, direction);
  assert.equal(of(1, 2, 1), "holds");
  assert.equal(of(-2, -1, 1), "opposite");
  assert.equal(of(-2, -1, -1), "holds");
  assert.equal(of(-1, 1, 1), "not shown");
  assert.equal(of(0, 0, 1), "not shown");
  assert.equal(of(NaN, NaN, -1), "too few networks");
});

/** Networks of the first arm with long timescales in DMS. */
function made(count: number): KsNetwork[] {
  return groups.flatMap((group) =>
    Array.from({ length: count }, (_, k): KsNetwork => ({
      arm: arms[0],
      group,
      seed: k + 1,
      trained: true,
      // The last network of each group does not count.
      kept: k < count - 1,
      strict: k < count - 1 ? 1 : 0.5,
      values: Object.fromEntries(
        measures.map(({ name }) => [
          name,
          name === "median_tau" && k < count - 1
            ? (group === "DMS" ? 100 : 40) + k
            : name === "change_strict_I_I_1.3"
            ? 0.01 * k
            : k % 2,
        ]),
      ),
      taus: [20, 90, 400],
      autocorrelation: Array.from({ length: 15 }, (_, lag) => 0.9 ** lag),
      matrices: {
        all: { samples: 2, values: Float64Array.of(1, 0, NaN, 1) },
      },
    }))
  );
}

Deno.test("foundIn() compares the networks that count, and those below where it says so", () => {
  const found = foundIn(arms[0], made(5));
  const of = (key: string) => found.find(({ finding }) => finding.key === key)!;
  assert.equal(of("a").verdict, "holds");
  near(of("a").comparison.difference, 60);
  assert.deepEqual([of("a").comparison.n, of("a").comparison.others], [4, 4]);
  assert.equal(of("b").verdict, "not shown");
  near(of("d2").comparison.difference, 0.015);
  assert.equal(of("d3").verdict, "too few networks");
  near(of("d3").comparison.difference, 0.04);
  assert(
    foundIn(arms[1], made(5)).every(({ comparison }) => comparison.n === 0),
  );
});

Deno.test("ksFiles() writes what was found, numbers and text alike", async () => {
  const files = await ksFiles(made(4));
  const names = files.map(({ name }) => name);
  assert.deepEqual(names.slice(0, 4), [
    join("..", "ks2021.md"),
    "findings.csv",
    "findings.json",
    "measures.csv",
  ]);
  assert(names.includes("robust_perturbations.svg"), names.join());
  const text = (name: string) =>
    new TextDecoder().decode(files.find((file) => file.name === name)!.content);
  const page = text(join("..", "ks2021.md"));
  assert.match(page, /\| robust \| DMS \| 4 \| 4 of 4 .* \| 3 of 4 /);
  assert.match(page, /holds: 60 \\\[57\.7, 62\.3\\\], g /);
  const rows = JSON.parse(text("findings.json"));
  assert.equal(rows.length, findings.length);
  assert.equal(rows[0].difference, 60);
  // Every picture that the page shows is written.
  for (const [, name] of page.matchAll(/\]\(ks2021\/(\S+)\)/g)) {
    assert(names.includes(name), name);
  }
});

Deno.test("the plan makes arm by arm, DMS and AFC in turn", () => {
  const points = inTurn(figurePoints(ks2021, 2, 7));
  assert.equal(points.length, 2 * 2 * arms.length);
  assert.deepEqual(
    points.slice(0, 5).map((
      { train },
    ) => [train.task, train.preset, train.seed]),
    [
      ["xor", "robust", 7],
      ["afc", "robust", 7],
      ["xor", "robust", 8],
      ["afc", "robust", 8],
      ["xor", "paper", 7],
    ],
  );
  assert(
    points.every(({ perturb, analysisFiles }) => perturb && analysisFiles),
  );
});

Deno.test("reproduce ks2021 --collect reads what networks left, and says what it lacks", async () => {
  await inFolder(async (folder) => {
    const networks = join(folder, "networks");
    const [{ points: [dms] }] = figurePoints(ks2021, 1);
    const place = join(pointFolder(networks, dms.id), "analysis");
    await Deno.mkdir(place, { recursive: true });
    await writeResult(networks, {
      ...syntheticResult({ spiking: [1, 0.98] }),
      id: dms.id,
      analyses: { timescales_spiking_median_tau_all: 123 },
      perturbations: {
        "perturb_spiking_scale_I_to_I_1.3_strict_difference": 0,
      },
    });
    const args = ["reproduce", "ks2021", "--collect", "--networks", "1"]
      .concat("--output_dir", folder);
    const missing = await run(args, 1);
    assert.match(missing.err, /Cannot read .*timescales\.npz/);
    const array = (data: Float64Array, shape: number[]) => ({ data, shape });
    await Deno.writeFile(
      join(place, "timescales.npz"),
      encodeArrays("npz", {
        tau: array(Float64Array.of(50, NaN, 80), [3]),
        mean_autocorrelation: array(new Float64Array(15).fill(0.5), [15]),
      }),
    );
    await Deno.writeFile(
      join(place, "discriminability.npz"),
      encodeArrays("npz", {
        stimulus_1: array(new Float64Array(36).fill(0.5), [6, 6]),
      }),
    );
    const { out } = await run(args);
    assert.match(out, /saved .*ks2021\.md/);
    const csv = await Deno.readTextFile(
      join(folder, "ks2021", "measures.csv"),
    );
    assert.match(csv, /^robust,DMS,1,0\.98,true,median_tau,123$/m);
    assert.match(csv, /change_strict_I_I_1\.3,0$/m);
    const results = await Deno.readTextFile(
      join(folder, "ks2021", "results.csv"),
    );
    assert.doesNotMatch(results, /median_tau/);
  });
});
