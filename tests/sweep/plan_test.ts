import assert from "node:assert/strict";
import { planFromJson, planFromToml } from "../../lib/sweep/plan.ts";
import { sweepPoints } from "../../lib/sweep/points.ts";
import { isId } from "../../lib/sweep/folder.ts";
import { checkSetting } from "../../lib/runs/sweep/settings.ts";

const read = (text: string) => planFromToml(text, "plan", checkSetting);

const whole = `
name = "sizes"
seeds = { from = 3, count = 2 }
[train]
task = "go-nogo"
[map]
trials = 20
[evaluate]
trials = 50
[grid]
N = [50, 100]
act = ["sigmoid", "softplus"]
map.factors = [[40, 50], [60]]
`;

Deno.test("planFromToml() reads fixed and varied settings, seeds and trials", () => {
  const plan = read(whole);
  assert.equal(plan.name, "sizes");
  assert.deepEqual(plan.train, { task: "go-nogo" });
  assert.deepEqual(plan.map, { trials: 20 });
  assert.equal(plan.trials, 50);
  assert.deepEqual(plan.seeds, [3, 4]);
  assert.deepEqual(Object.keys(plan.grid), ["N", "act", "map.factors"]);
});

Deno.test("planFromToml() reads analyses; points with them are other points", () => {
  const plain = sweepPoints(read(whole));
  const points = sweepPoints(read(`analyse = ["weights"]\n${whole}`));
  assert.deepEqual(points[0].analyse, ["weights"]);
  assert(points[0].id !== plain[0].id && !("analyse" in plain[0]));
  for (const wrong of ['"weights"', "[]", "[1]", '["weights", "weights"]']) {
    assert.throws(
      () => read(`analyse = ${wrong}\n${whole}`),
      /analyse is .*, allowed is a list of different analyses/,
    );
  }
});

Deno.test("planFromToml() refuses more points than a memory holds", () => {
  const numbers = Array.from({ length: 200 }, (_, k) => k + 1).join(", ");
  const grid = ["N", "batch", "eval_freq", "n_trials"]
    .map((name) => `${name} = [${numbers}]`).join("\n");
  assert.throws(() => read(`seeds = { count = 10 }\n[grid]\n${grid}`), {
    name: "RangeError",
    message: "Cannot use the plan: grid makes 16000000000 points, allowed is " +
      "up to 100000",
  });
});

Deno.test("planFromJson() refuses what is nested without end", () => {
  const deep = "[".repeat(50_000) + "]".repeat(50_000);
  for (const text of [`{"train":{"N":${deep}}}`, `{"slurm":${deep}}`]) {
    assert.throws(() => planFromJson(text, "plan", checkSetting), {
      name: "RangeError",
      message:
        "Cannot read the plan: lists and objects are nested more than 100 deep",
    });
  }
});

Deno.test("planFromJson() reads the same plan as TOML does", () => {
  const json = JSON.stringify({
    name: "sizes",
    seeds: { from: 3, count: 2 },
    train: { task: "go-nogo" },
    map: { trials: 20 },
    evaluate: { trials: 50 },
    grid: {
      N: [50, 100],
      act: ["sigmoid", "softplus"],
      "map.factors": [[40, 50], [60]],
    },
  });
  const plan = planFromJson(json, "plan", checkSetting);
  assert.deepEqual(plan, read(whole));
  for (const text of ["{", "3", "null", "[]"]) {
    assert.throws(
      () => planFromJson(text, "plan", checkSetting),
      /^RangeError: Cannot read the plan: /,
    );
  }
});

Deno.test("planFromToml() has usual values for what a plan does not say", () => {
  const plan = read("[train]");
  assert.equal(plan.name, "plan");
  assert.deepEqual([plan.seeds, plan.trials, plan.map], [[1], 100, undefined]);
  assert.equal(sweepPoints(plan).length, 1);
});

for (
  const [text, message] of [
    ["nmae = 'x'", /nmae is unknown.*name, train/],
    ["[train]\ntsk = 'xor'", /no setting "tsk", did you mean task\?/],
    ["[train]\nN = -1", /train\.N is -1, allowed are whole numbers/],
    ["[train]\nseed = 1", /seeds at the top/],
    ["[grid]\nseed = [1]", /seeds at the top/],
    ["[grid]\nN = 5", /grid\.N is 5, allowed is lists/],
    ["[grid]\nN = []", /grid\.N is \[\]/],
    ["[grid]\nN = [5, 5]", /has a value twice/],
    ["[grid]\nmap.factors = [[5]]", /plans with a \[map\] table/],
    ["[map]\nforce = true", /no setting "force"/],
    ["[train]\noutput_dir = '/'", /no setting "output_dir"/],
    ["seeds = [1, 1]", /seeds is \[1,1\]/],
    ["seeds = [-1]", /seeds is \[-1\]/],
    ["seeds = { count = 0 }", /seeds is/],
    ["seeds = { count = 1e9 }", /seeds is/],
    ["[evaluate]\ntrials = 0", /evaluate\.trials is 0/],
    ["[evaluate]\ntrails = 5", /evaluate\.trails is unknown/],
    ["name = '../up'", /name is/],
    ["points = 3", /points is 3/],
    ["[[points]]\nN = 'x'", /train\.N is "x"/],
    ["[train", /line 1, column/],
    ["", /says nothing of networks.*`train\.task = "go-nogo"`/],
    ["name = 'x'\n[evaluate]\ntrials = 5", /says nothing of networks/],
  ] as const
) {
  Deno.test(`planFromToml() refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => read(text), (error) => {
      assert(error instanceof RangeError);
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("sweepPoints() makes every combination with every seed, the last setting fastest", () => {
  const points = sweepPoints(read(whole));
  assert.equal(points.length, 2 * 2 * 2 * 2);
  assert.equal(new Set(points.map(({ id }) => id)).size, points.length);
  assert(points.every(({ id }) => isId(id)));
  assert.deepEqual(
    points.slice(0, 3).map(({ train, map }) => [
      train.N,
      train.act,
      map?.factors,
      train.seed,
    ]),
    [
      [50, "sigmoid", [40, 50], 3],
      [50, "sigmoid", [40, 50], 4],
      [50, "sigmoid", [60], 3],
    ],
  );
  assert.deepEqual(points[0].varied, {
    N: 50,
    act: "sigmoid",
    "map.factors": [40, 50],
  });
});

Deno.test("sweepPoints() names a point by what it is, not by where it stands", () => {
  const [few] = sweepPoints(read("[train]\ntask = 'xor'\n[grid]\nN = [20]"));
  const more = sweepPoints(
    read("[grid]\nN = [10, 20]\n[train]\ntask = 'xor'"),
  );
  assert.equal(more[1].id, few.id);
  const other = sweepPoints(read("[train]\ntask = 'dms'\n[grid]\nN = [20]"));
  assert.notEqual(other[0].id, few.id);
  const trials = sweepPoints(
    read("[train]\ntask = 'xor'\n[evaluate]\ntrials = 7\n[grid]\nN = [20]"),
  );
  assert.notEqual(trials[0].id, few.id);
});

Deno.test("sweepPoints() takes listed points with all of the grid", () => {
  const points = sweepPoints(read(`
    [[points]]
    task = "xor"
    [[points]]
    task = "dms"
    delay = 10
    [grid]
    N = [10, 20]
  `));
  assert.deepEqual(
    points.map(({ train }) => [train.task, train.delay, train.N]),
    [["xor", undefined, 10], ["xor", undefined, 20], ["dms", 10, 10], [
      "dms",
      10,
      20,
    ]],
  );
});

Deno.test("sweepPoints() makes folders' names of tasks that are files", () => {
  const [point] = sweepPoints(
    planFromToml(
      "[grid]\ntask = ['../../tmp/my task.ts']",
      "plan",
      (_part, _name, value) => value,
    ),
  );
  assert(isId(point.id), point.id);
});
