import assert from "node:assert/strict";
import type { Command } from "../../lib/cli/command.ts";
import mapCommand from "../../lib/cli/commands/map.ts";
import trainCommand from "../../lib/cli/commands/train.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { comparisonTable } from "../../lib/sweep/reproduce/compare.ts";
import {
  conditionGroups,
  conditionRows,
  conditionSettings,
} from "../../lib/sweep/reproduce/groups.ts";
import {
  figureNames,
  figurePlan,
  figurePlans,
} from "../../lib/sweep/reproduce/plans/index.ts";
import {
  populationRates,
  populationsTable,
} from "../../lib/sweep/reproduce/populations.ts";
import { figurePoints, inTurn } from "../../lib/sweep/reproduce/points.ts";
import { isId } from "../../lib/sweep/folder.ts";
import { reproductionFiles } from "../../lib/sweep/reproduce/report.ts";
import type { FigurePlan } from "../../lib/sweep/reproduce/types.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import { syntheticResult } from "./synthetic.ts";

/** Ten networks a condition, of which `trained` learn and `good` reach 95 %. */
function made(plan: FigurePlan, trained: number, good: number) {
  return plan.conditions.map((condition) => ({
    condition,
    results: Array.from({ length: 10 }, (_, seed) =>
      syntheticResult({
        seed,
        varied: { N: "of another plan" },
        trained: seed < trained,
        updates: 1600,
        spiking: [seed < good ? 1 : 0.9, 0.5],
      })),
  }));
}

Deno.test("figurePlan() finds plans by name", () => {
  assert.equal(figurePlan("1c").figure, "1C");
  assert.equal(figurePlan("2D–E").figure, "2D-E");
  assert.throws(() => figurePlan("9"), {
    name: "RangeError",
    message: 'Cannot reproduce figure "9": allowed are ' +
      figureNames.join(", "),
  });
});

Deno.test("plans only use settings that train and map take", () => {
  function check(command: Command, settings: Record<string, unknown>) {
    for (const [name, value] of Object.entries(settings)) {
      const flag = command.flags[name];
      assert.ok(flag, `no flag ${name}`);
      const text = Array.isArray(value) ? value.join(" ") : String(value);
      assert.deepEqual(flag.parse(text), value, `${name} ${text}`);
    }
  }
  for (const plan of figurePlans) {
    for (const { train, map } of plan.conditions) {
      check(trainCommand, train);
      check(mapCommand, map ?? {});
    }
  }
});

Deno.test("plans whose best factor is the paper's give all trials to each", () => {
  for (const { figure, conditions } of figurePlans) {
    // Its measures are of the chosen factor.
    if (figure === "ks2021") continue;
    for (const { map } of conditions) {
      if (map) assert.equal(map.all_trials, true, figure);
    }
  }
});

Deno.test("plans have conditions of their own, and numbers for those alone", () => {
  assert.equal(new Set(figureNames).size, figureNames.length);
  for (const { conditions, paper } of figurePlans) {
    const labels = conditions.map(({ label }) => label);
    assert.equal(new Set(labels).size, labels.length);
    const settings = conditions.map(({ train, map }) =>
      JSON.stringify([train, map])
    );
    assert.equal(new Set(settings).size, settings.length);
    for (const { condition } of paper) assert.ok(labels.includes(condition));
  }
});

Deno.test("conditionSettings() names what conditions differ in", () => {
  assert.deepEqual(
    conditionSettings({
      conditions: [
        { label: "a", train: { N: 10, gain: 1 }, map: { tref: 2 } },
        { label: "b", train: { N: 20, gain: 1 } },
      ],
    }),
    [{ N: 10, tref: 2 }, { N: 20, tref: null }],
  );
});

Deno.test("conditionGroups() keeps the plan's order, and the paper's own choice", () => {
  const plan = figurePlan("1C");
  const results = made(plan, 7, 5);
  const changed = results.map(({ condition, results }) => ({
    condition,
    results: results.map((result) => ({
      ...result,
      spiking: { ...result.spiking!, paper: 0.1 },
    })),
  }));
  const groups = conditionGroups(changed);
  assert.deepEqual(
    groups.map(({ varied }) => varied.condition),
    ["10", "30", "50", "100", "150", "200", "250"],
  );
  assert.equal(groups[0].trained.correct, 7);
  assert.equal(groups[0].paper.good.correct, 5);
  assert.equal(conditionGroups([{ ...results[0], results: [] }]).length, 0);
});

Deno.test("conditionRows() says condition and settings, not another plan's", () => {
  const plan = figurePlan("2D-E");
  const rows = conditionRows(plan, made(plan, 10, 10));
  assert.equal(rows.length, 70);
  assert.deepEqual(
    [rows[0].condition, rows[0].decay_taus, rows[69].decay_taus],
    ["20, fixed", "4", "4 20"],
  );
  assert.ok(!("N" in rows[0]));
  assert.ok(!("host" in rows[0]));
});

Deno.test("comparisonTable() puts the paper's number beside ours", () => {
  const plan = figurePlan("2D-E");
  const compare = (good: number) =>
    comparisonTable(plan, conditionGroups(made(plan, 10, good))).rows;
  assert.deepEqual(compare(5), [
    [
      "20, fixed",
      "spiking performance",
      "93.91 ± 7.78 %",
      "95.0 ± 5.3 %",
      "+1.1 points",
    ],
    [
      "20, fixed",
      "spiking networks at 95 %",
      "65 % of networks",
      "5 of 10 (24–76 %)",
      "−15 points, within the interval",
    ],
  ]);
  assert.equal(compare(0)[1][4], "−65 points, outside the interval");
  // What is not there is not compared.
  assert.deepEqual(
    comparisonTable(plan, []).rows.map((row) => row.slice(3)),
    [["–", "–"], ["–", "–"]],
  );
  assert.deepEqual(
    comparisonTable(plan, conditionGroups(made(plan, 0, 0))).rows
      .map((row) => row.slice(3)),
    [["–", "–"], ["–", "–"]],
  );
});

Deno.test("reproductionFiles() makes table, page, results and figure", async () => {
  const plan = figurePlan("1C");
  const files = new Map(
    (await reproductionFiles(plan, {
      byCondition: made(plan, 7, 5).slice(0, 2),
      failed: [{ id: "N_50", reason: "full disk" }],
      missing: 49,
    })).map(({ name, content }) => [name, content]),
  );
  assert.deepEqual([...files.keys()], [
    "table.md",
    "report.html",
    "results.csv",
    "figure.svg",
    "figure.png",
  ]);
  const text = (name: string) => new TextDecoder().decode(files.get(name));
  assert.match(text("table.md"), /20 networks done, 1 failed, 49 not done yet/);
  assert.match(
    text("table.md"),
    /\| 10 \| networks that learn the task \| 69 of 100 \| 7 of 10 \(40–89 %\) \| \+1 points, within the interval \|/,
  );
  assert.match(text("table.md"), /!\[.*\]\(figure\.svg\)/);
  assert.equal(text("results.csv").trim().split("\n").length, 21);
  assert.match(
    text("figure.svg"),
    /l-2\.4 -3z" fill="[^"]+"\/><text [^>]*>paper</,
  );
  assert.match(text("report.html"), /Beside the paper/);
});

Deno.test("reproductionFiles() makes tables without any network", async () => {
  const plan = figurePlan("S3");
  const files = await reproductionFiles(plan, {
    byCondition: made(plan, 0, 0).map((made) => ({ ...made, results: [] })),
    missing: 10,
  });
  assert.ok(!files.some(({ name }) => name === "figure.svg"));
});

Deno.test("populationRates() tells populations apart", async () => {
  const network = createNetwork(
    { channels: 1, units: 40, inhibitory: 0.5, sst: 5 },
    randomStream(1),
  );
  const search = {
    factors: [50],
    scores: [],
    chosen: 50,
    select: "strict" as const,
    settings: { stepMs: 5 },
  };
  const run = { seed: 1, trials: 1 };
  // deno-lint-ignore no-explicit-any
  const model = { network, search } as any;
  const rates = await populationRates(model, getTask("go-nogo"), run);
  assert.ok(Object.values(rates).every((rate) => rate > 0 && rate < 500));
  assert.notEqual(rates.pv, rates.sst);
  assert.deepEqual(
    await populationRates(model, getTask("go-nogo"), run),
    rates,
  );
  const { rows } = populationsTable([rates, rates]);
  assert.deepEqual(rows[0].slice(0, 2), ["pyramidal", "4.7"]);
  assert.equal(rows[2][2], `${rates.sst.toFixed(1)} ± 0.0`);
});

Deno.test("figurePoints() gives figures the networks that they share once", () => {
  const ids = (figure: string) =>
    figurePoints(figurePlan(figure), 2)
      .flatMap(({ points }) => points.map(({ id }) => id));
  assert.deepEqual(ids("1C"), ids("2C"));
  const shared = ids("5").filter((id) => ids("2D-E").includes(id));
  assert.equal(shared.length, 4);
  for (const plan of figurePlans) {
    const all = ids(plan.figure);
    assert.equal(all.length, 2 * plan.conditions.length);
    assert.equal(new Set(all).size, all.length);
    assert.ok(all.every(isId));
  }
});

Deno.test("figurePoints() hands the plan's settings on, with seeds", () => {
  const [{ points: [first, second] }] = figurePoints(figurePlan("1C"), 2);
  assert.equal(first.train.seed, 1);
  assert.equal(second.train.seed, 2);
  assert.equal(first.train.N, 10);
  assert.equal(first.train.preset, "paper");
  assert.equal(first.map?.tref, 2);
  assert.match(first.id, /^task-gonogo_N-10_decay_taus-4\+10_seed-1-/);
  assert.throws(() => figurePoints(figurePlan("1C"), 0), {
    name: "RangeError",
    message: /with 0 networks a condition: a whole number of 1 or more/,
  });
});

Deno.test("inTurn() gives every condition its first network before any its second", () => {
  const points = inTurn(figurePoints(figurePlan("1C"), 3));
  assert.deepEqual(
    points.map(({ train }) => train.seed),
    [1, 2, 3].flatMap((seed) => new Array(7).fill(seed)),
  );
  assert.deepEqual(
    points.slice(0, 7).map(({ train }) => train.N),
    [10, 30, 50, 100, 150, 200, 250],
  );
});
