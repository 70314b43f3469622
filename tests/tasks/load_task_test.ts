/** Task files that are loaded, and what is wrong with others. */
import assert from "node:assert/strict";
import { TaskError } from "../../lib/errors.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { checkTrial } from "../../lib/tasks/check_trial.ts";
import { drawTrials } from "../../lib/tasks/draw.ts";
import { loadTask } from "../../lib/tasks/load_task.ts";
import { refused, romo, taskText, trialsOf, withFile } from "./task_files.ts";

Deno.test("loadTask() makes the same trials sandboxed and trusted", async () => {
  const timing = { T: 320, delay: 80 };
  using sandboxed = await loadTask(romo, { timing });
  using trusted = await loadTask(romo, { timing, trust: true });
  assert.equal(sandboxed.name, "romo");
  assert.equal(sandboxed.steps, 320);
  assert.deepEqual(sandboxed.stimuli, trusted.stimuli);
  assert.deepEqual(sandboxed.windows, trusted.windows);
  const draw = { count: 20 };
  const trials = await drawTrials(sandboxed, randomStream(4), draw);
  assert.deepEqual(trials, await drawTrials(trusted, randomStream(4), draw));
  assert.deepEqual(
    await drawTrials(sandboxed, randomStream(4), { first: 7, count: 1 }),
    [trials[7]],
  );
});

Deno.test("romo, the worked example, draws valid trials", async () => {
  using task = await loadTask(romo);
  const pairs = new Set<string>();
  for (const condition of task.conditions) {
    const trials = await drawTrials(task, randomStream(2), {
      count: 40,
      condition,
    });
    for (const trial of trials) {
      checkTrial(task, trial);
      const [first, second] = [trial.inputs[50], trial.inputs[175]];
      assert.ok(first > 0 && second > 0 && first <= 1 && second <= 1);
      assert.equal(first > second, condition === "first");
      assert.equal(trial.target[225], condition === "first" ? 1 : -1);
      assert.equal(trial.target[224], 0);
      assert.deepEqual(trial.expects, {
        reach: condition === "first" ? 0.7 : -0.7,
      });
      pairs.add(`${first} ${second}`);
    }
  }
  assert.equal(pairs.size, 8);
});

Deno.test("loadTask() takes definitions, tasks, factories, and JavaScript", async () => {
  const definition = taskText({})
    .replace(/import .*\n/, 'import type { Task } from "nowhere/at-all";\n')
    .replace("defineTask(", "(");
  const [trial] = await trialsOf(definition, { condition: "pulse" });
  assert.equal(trial.inputs[10], 1);
  const plain = taskText({})
    .replace("export default defineTask(", "const make = defineTask(") +
    "export default make();";
  assert.equal((await trialsOf(plain)).length, 3);
  await refused(plain, /fixed timings, so T cannot be set/, {
    timing: { T: 70 },
  });
  const trials = await withFile(taskText({}), async (path) => {
    using task = await loadTask(path);
    return await drawTrials(task, randomStream(1), { count: 2 });
  }, "mine.mjs");
  assert.equal(trials.length, 2);
});

Deno.test("loadTask() names the file that cannot be read", async () => {
  await assert.rejects(
    loadTask("./no_such_task.ts"),
    new TaskError("Cannot load task ./no_such_task.ts: there is no such file"),
  );
  await assert.rejects(
    loadTask("https://example.invalid/task.ts"),
    /only files of this machine are allowed/,
  );
  await assert.rejects(loadTask("./task.py"), /a \.ts or \.js file is needed/);
  await refused(" ".repeat(2 ** 23 + 1), /has 8388609 bytes/);
});

Deno.test("loadTask() says what is wrong with a file", async () => {
  const both = async (text: string, reason: RegExp) => {
    await refused(text, reason);
    await refused(text, reason, { trust: true });
  };
  await both(
    "const a = 1;\nexport default {\n  b: [1,\n};",
    /SyntaxError: .*line 4/,
  );
  await both(
    "const a = 1;\nthrow new Error('no way');",
    /Error: no way \(line 2, column 7\)/,
  );
  await both("throw 'bare';", /it threw "bare"/);
  await both("export const task = 1;", /no default export \(only \["task"\]\)/);
  await both("export default 5;", /default export is 5/);
  await both("export default {};", /its name is undefined/);
  await both(
    taskText({}).replace('"mine"', '"My task"'),
    /name is "My task", needed: lower-case letters/,
  );
  await both(
    taskText({}).replace("name:", "stopping: { performance: 95 }, name:"),
    /stopping\.performance is 95, needed: a share from 0 to 1/,
  );
  await both(taskText({}).replace("T: 60", "t: 60"), /timing\.T is undefined/);
  await both(
    taskText({ layout: "() => ({ response: [3] })" }),
    /stimuli in the layout of mine is undefined/,
  );
  await both(
    taskText({ layout: "() => ({ stimuli: {}, response: [3] })" }),
    /response in the layout of mine is \[3\]/,
  );
  await both(
    taskText({ layout: "() => ({ stimuli: {}, response: [30, 90] })" }),
    /response lies at steps \[30, 90\), 150 to 450 ms; allowed is \[0, 60\)/,
  );
  await both(
    taskText({ trial: "draft.channel('puls');" }),
    /Cannot fill channel "puls"/,
  );
  await both(
    taskText({ trial: "draft.target[3] = NaN;" }),
    /target holds NaN at index 3/,
  );
  await both(
    taskText({ trial: "return { reach: 0 };" }),
    /expects \{"reach":0\}/,
  );
  await both(
    taskText({ trial: "undefined.x;" }),
    /TypeError: .*\(line 11, column \d+\)/,
  );
});

Deno.test("loadTask() checks the timings of a file's task", async () => {
  await refused(taskText({}), /it has no delay/, { timing: { delay: 3 } });
  await refused(taskText({}), /stim_on is -1/, { timing: { stim_on: -1 } });
});

Deno.test("loadTask() refuses trials of the wrong shape", async () => {
  const raw = (trial: string) => `
    const inside = { from: 10, to: 50 };
    export default {
      name: "raw", description: "By hand.", stepMs: 5, steps: 60,
      channels: ["a"], conditions: ["x", "y"], timing: {}, stimuli: [],
      windows: { paper: inside, paperSpiking: inside, strict: inside },
      stopping: { loss: 7, performance: 0.95, trials: 0 },
      trial: (random, condition = "x") => (${trial}),
    };`;
  const parts =
    "inputs: new Float32Array(60), target: new Float32Array(60), expects: { within: 0.3 }";
  assert.equal((await trialsOf(raw(`{ condition, ${parts} }`))).length, 3);
  for (
    const [trial, reason] of [
      ["undefined", /it is undefined/],
      [`{ ${parts} }`, /its condition is undefined/],
      [`{ condition: "x", ${parts} }`, /asked for (condition )?"y"/],
      [
        `{ condition, ${parts}, inputs: new Float32Array(59) }`,
        /inputs have 59 numbers, needed are 60 \(1 channel × 60 steps\)/,
      ],
      [
        `{ condition, ${parts}, target: [...new Float32Array(60)] }`,
        /target is \[.*\], a Float32Array is needed/,
      ],
      [
        `{ condition, ${parts}, expects: { reach: "up" } }`,
        /expects \{"reach":"up"\}/,
      ],
      [`Promise.resolve({})`, /its condition is undefined/],
    ] as const
  ) {
    await refused(raw(trial), reason, { condition: "y" });
  }
});

Deno.test("a trusted file has the program's permissions", async () => {
  const head = `import { readFileSync } from "node:fs";
    readFileSync(new URL(import.meta.url));`;
  assert.equal((await trialsOf(taskText({ head }), { trust: true })).length, 3);
});
