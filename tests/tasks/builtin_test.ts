import assert from "node:assert/strict";
import fc from "fast-check";
import { TaskError } from "../../lib/errors.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { checkTrial } from "../../lib/tasks/check_trial.ts";
import { drawTrials } from "../../lib/tasks/draw.ts";
import { getTask, tasks } from "../../lib/tasks/registry.ts";
import type { Task, Trial } from "../../lib/tasks/types.ts";

/** Steps at which a row is not 0, as [from, to); they must be contiguous. */
function support(row: Float32Array): [number, number] | undefined {
  const from = row.findIndex((x) => x !== 0);
  if (from < 0) return undefined;
  const to = row.findLastIndex((x) => x !== 0) + 1;
  assert.ok(row.subarray(from, to).every((x) => x !== 0));
  return [from, to];
}

function channel(task: Task, trial: Trial, c: number): Float32Array {
  return trial.inputs.subarray(c * task.steps, (c + 1) * task.steps);
}

function one(name: string, condition: string): [Task, Trial] {
  const task = getTask(name);
  return [task, task.trial(randomStream(3), condition)];
}

Deno.test("getTask() has the paper's timings and windows", () => {
  const expected = {
    "go-nogo": [1, 200, 5, [75, 200], [100, 200], [100, 200]],
    mante: [4, 500, 5, [299, 500], [260, 500], [260, 500]],
    xor: [2, 200, 5, [175, 200], [180, 200], [180, 200]],
    "xor-original": [2, 300, 5, [200, 300], [200, 300], [200, 270]],
    dms: [2, 200, 20, [175, 200], [180, 200], [180, 200]],
    afc: [1, 200, 5, [100, 200], [110, 200], [110, 200]],
    "delayed-response": [2, 200, 5, [175, 200], [180, 200], [180, 200]],
  };
  assert.deepEqual(Object.keys(tasks), Object.keys(expected));
  for (const [name, numbers] of Object.entries(expected)) {
    const { channels, steps, stepMs, windows } = getTask(name);
    const { paper, paperSpiking, strict } = windows;
    assert.deepEqual(
      [
        channels.length,
        steps,
        stepMs,
        ...[paper, paperSpiking, strict].map(({ from, to }) => [from, to]),
      ],
      numbers,
      name,
    );
  }
});

Deno.test("the paper's window of mante is its last 200 outputs", () => {
  const { steps, windows } = getTask("mante");
  assert.equal(steps - 1 - windows.paper.from, 200);
});

Deno.test("tasks have the paper's stopping rule", () => {
  for (const name of Object.keys(tasks)) {
    assert.deepEqual(getTask(name).stopping, {
      loss: 7,
      performance: 0.95,
      trials: name === "go-nogo" ? 1500 : 0,
    });
  }
});

Deno.test("go-nogo has a cue and a target for Go, nothing for NoGo", () => {
  const [task, go] = one("go-nogo", "go");
  assert.deepEqual(support(channel(task, go, 0)), [50, 75]);
  assert.deepEqual(support(go.target), [75, 200]);
  assert.ok(go.target.every((z) => z === 0 || z === 1));
  assert.deepEqual(go.expects, { reach: 0.7 });
  const [, nogo] = one("go-nogo", "nogo");
  assert.ok(nogo.inputs.every((u) => u === 0));
  assert.ok(nogo.target.every((z) => z === 0));
  assert.deepEqual(nogo.expects, { within: 0.3 });
});

for (
  const [name, first, second, answer] of [
    ["xor", [50, 75], [150, 175], [175, 200]],
    ["dms", [50, 75], [150, 175], [175, 200]],
    ["xor-original", [50, 100], [110, 160], [170, 270]],
  ] as const
) {
  Deno.test(`${name} compares the signs of two pulses`, () => {
    for (const condition of getTask(name).conditions) {
      const [task, trial] = one(name, condition);
      const [a, b] = [channel(task, trial, 0), channel(task, trial, 1)];
      assert.deepEqual(support(a), [...first]);
      assert.deepEqual(support(b), [...second]);
      assert.deepEqual(support(trial.target), [...answer]);
      const product = a[first[0]] * b[second[0]];
      assert.equal(Math.abs(product), 1);
      assert.ok(condition.startsWith(product > 0 ? "same" : "different"));
      const signs = [a[first[0]], b[second[0]]].map((x) => x > 0 ? "+" : "-");
      assert.equal(condition.split(":")[1], signs.join(""));
      assert.equal(trial.target[answer[0]], product);
      assert.deepEqual(trial.expects, { reach: product * 0.7 });
    }
  });
}

Deno.test("mante has two noisy stimuli, a context, and the cued sign as target", () => {
  for (const condition of getTask("mante").conditions) {
    const [task, trial] = one("mante", condition);
    const [, context, signs] = /^context(\d):(..)$/.exec(condition)!;
    const contextRows = [2, 3].map((c) => channel(task, trial, c));
    contextRows.forEach((row, c) =>
      assert.ok(row.every((u) => u === (c === Number(context) - 1 ? 1 : 0)))
    );
    const means = [0, 1].map((c) => {
      const row = channel(task, trial, c);
      assert.deepEqual(support(row), [50, 250]);
      return row.subarray(50, 250).reduce((sum, u) => sum + u) / 200;
    });
    // 200 numbers of variance 1: the mean is within 0.35 at five sigma.
    means.forEach((mean, c) =>
      assert.ok(Math.abs(mean - (signs[c] === "+" ? 0.5 : -0.5)) < 0.35)
    );
    const sign = signs[Number(context) - 1] === "+" ? 1 : -1;
    assert.deepEqual(support(trial.target), [250, 500]);
    assert.ok(trial.target.subarray(250).every((z) => z === sign));
    assert.deepEqual(trial.expects, { reach: 0.7 * sign });
  }
});

Deno.test("afc has one noisy stimulus and its sign as target, without a delay", () => {
  const deviations: number[] = [];
  for (const condition of getTask("afc").conditions) {
    const task = getTask("afc");
    const sign = condition === "+" ? 1 : -1;
    for (let seed = 0; seed < 50; seed++) {
      const trial = task.trial(randomStream(seed), condition);
      const stimulus = channel(task, trial, 0);
      assert.deepEqual(support(stimulus), [50, 100]);
      for (const u of stimulus.subarray(50, 100)) {
        deviations.push(u - 0.5 * sign);
      }
      assert.deepEqual(support(trial.target), [100, 200]);
      assert.ok(trial.target.subarray(100).every((z) => z === sign));
      assert.deepEqual(trial.expects, { reach: 0.7 * sign });
    }
  }
  const n = deviations.length;
  const mean = deviations.reduce((sum, d) => sum + d) / n;
  const square = deviations.reduce((sum, d) => sum + d * d, 0) / n;
  assert.ok(Math.abs(mean) < 5 / Math.sqrt(n));
  assert.ok(Math.abs(square - 1) < 5 * Math.sqrt(2 / n));
  assert.deepEqual(getTask("afc").graded, {
    window: { from: 50, to: 100 },
    means: { "+": { stimulus: 0.5 }, "-": { stimulus: -0.5 } },
    relevant: { "+": "stimulus", "-": "stimulus" },
  });
});

Deno.test("delayed-response has a signed cue, and its sign as target after the go cue", () => {
  for (const [condition, sign] of [["right", 1], ["left", -1]] as const) {
    const [task, trial] = one("delayed-response", condition);
    const [cue, go] = [0, 1].map((c) => channel(task, trial, c));
    assert.deepEqual(support(cue), [50, 75]);
    assert.ok(cue.subarray(50, 75).every((u) => u === sign));
    // The go cue is the same for both, so it alone tells nothing.
    assert.deepEqual(support(go), [150, 175]);
    assert.ok(go.subarray(150, 175).every((u) => u === 1));
    assert.deepEqual(support(trial.target), [175, 200]);
    assert.ok(trial.target.subarray(175).every((z) => z === sign));
    assert.deepEqual(trial.expects, { reach: 0.7 * sign });
  }
});

Deno.test("every task has its row in the reference", async () => {
  const page = await Deno.readTextFile(
    new URL("../../docs/reference/tasks.md", import.meta.url),
  );
  for (const name of Object.keys(tasks)) {
    assert.match(page, new RegExp(`^\\| \`${name}\` \\| .* ms \\|`, "m"));
  }
});

Deno.test("mante's stimuli are standard normal around their means", () => {
  const task = getTask("mante");
  const deviations: number[] = [];
  for (let seed = 0; seed < 50; seed++) {
    const trial = task.trial(randomStream(seed), "context1:+-");
    [0.5, -0.5].forEach((mean, c) => {
      for (const u of channel(task, trial, c).subarray(50, 250)) {
        deviations.push(u - mean);
      }
    });
  }
  const n = deviations.length;
  const mean = deviations.reduce((sum, d) => sum + d) / n;
  const square = deviations.reduce((sum, d) => sum + d * d, 0) / n;
  assert.ok(Math.abs(mean) < 5 / Math.sqrt(n));
  assert.ok(Math.abs(square - 1) < 5 * Math.sqrt(2 / n));
});

Deno.test("every task draws valid trials of every condition and seed", () => {
  for (const name of Object.keys(tasks)) {
    const task = getTask(name);
    fc.assert(
      fc.property(
        fc.constantFrom(...task.conditions),
        fc.nat(),
        (condition, seed) => {
          const trial = task.trial(randomStream(seed), condition);
          checkTrial(task, trial);
          assert.equal(trial.condition, condition);
          assert.deepEqual(trial, task.trial(randomStream(seed), condition));
        },
      ),
      { numRuns: 50 },
    );
  }
});

Deno.test("a condition asked for gives the trial that drawing it would give", () => {
  for (const name of Object.keys(tasks)) {
    const task = getTask(name);
    for (let seed = 0; seed < 20; seed++) {
      const drawn = task.trial(randomStream(seed));
      assert.deepEqual(drawn, task.trial(randomStream(seed), drawn.condition));
    }
  }
});

Deno.test("conditions drawn at random are equally frequent", async () => {
  const count = 4000;
  for (const name of Object.keys(tasks)) {
    const task = getTask(name);
    const trials = await drawTrials(task, randomStream(11), { count });
    const share = 1 / task.conditions.length;
    for (const condition of task.conditions) {
      const found = trials.filter((t) => t.condition === condition).length;
      const sigma = Math.sqrt(count * share * (1 - share));
      assert.ok(
        Math.abs(found - count * share) < 5 * sigma,
        `${name} ${condition}: ${found} of ${count}`,
      );
    }
  }
});

Deno.test("drawTrials() gives trial i whatever the batch", async () => {
  const task = getTask("mante");
  const random = randomStream(5);
  const all = await drawTrials(task, random, { count: 12 });
  const parts = [
    ...await drawTrials(task, random, { first: 0, count: 5 }),
    ...await drawTrials(task, random, { first: 5, count: 7 }),
  ];
  assert.deepEqual(parts, all);
});

Deno.test("drawTrials() takes conditions in turn", async () => {
  const task = getTask("xor");
  const trials = await drawTrials(task, randomStream(5), {
    first: 3,
    count: 5,
    condition: task.conditions,
  });
  assert.deepEqual(
    trials.map((t) => t.condition),
    [3, 0, 1, 2, 3].map((i) => task.conditions[i]),
  );
  await assert.rejects(
    drawTrials(task, randomStream(5), { count: 1, condition: "sam" }),
    new TaskError(
      'Cannot make a trial of condition "sam": task xor has ' +
        "same:++, same:--, different:+-, different:-+",
    ),
  );
});
