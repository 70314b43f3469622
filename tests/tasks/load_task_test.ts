import assert from "node:assert/strict";
import { createServer } from "node:http";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TaskError } from "../../lib/errors.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { checkTrial } from "../../lib/tasks/check_trial.ts";
import { drawTrials } from "../../lib/tasks/draw.ts";
import { loadTask, type LoadTaskOptions } from "../../lib/tasks/load_task.ts";
import type { Trial } from "../../lib/tasks/types.ts";

const romo = new URL("../../docs/examples/romo.ts", import.meta.url).href;

/** A task file with some of its parts replaced. */
function taskText(parts: { head?: string; layout?: string; trial?: string }) {
  return `import { defineTask } from "@spikernn/spikernn";
${parts.head ?? ""}
export default defineTask({
  name: "mine",
  description: "A pulse to answer.",
  timing: { T: 60, stim_on: 10, stim_dur: 10 },
  channels: ["pulse"],
  conditions: ["pulse", "none"],
  layout: ${
    parts.layout ??
      "({ T, stim_on, stim_dur }) => ({ stimuli: { pulse: [stim_on, stim_on + stim_dur] }, response: [stim_on + stim_dur, T] })"
  },
  trial(draft) {
    ${parts.trial ?? ""}
    if (draft.condition === "none") return;
    draft.channel("pulse").fill(1, draft.timing.stim_on, 20);
    draft.target.fill(1, 20);
  },
});
`;
}

/** Runs with a file of the given text; returns what `use` returns. */
async function withFile<T>(
  text: string,
  use: (path: string) => Promise<T>,
  name = "mine.ts",
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "task-"));
  try {
    const path = join(folder, name);
    await writeFile(path, text);
    return await use(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Loads a file of the given text and draws trials of it. */
function trialsOf(
  text: string,
  options: LoadTaskOptions & { condition?: string } = {},
): Promise<Trial[]> {
  return withFile(text, async (path) => {
    using task = await loadTask(path, options);
    const { condition } = options;
    return await drawTrials(task, randomStream(1), { count: 3, condition });
  });
}

/** Asserts that loading the file or drawing from it is refused for a reason. */
async function refused(
  text: string,
  reason: RegExp,
  options: LoadTaskOptions & { condition?: string } = {},
): Promise<void> {
  await assert.rejects(trialsOf(text, options), (error: Error) => {
    assert.ok(error instanceof TaskError, error.stack);
    assert.match(
      error.message,
      /^Cannot (load|make trials of|make a trial of) task \S+mine\.ts: /,
    );
    assert.match(error.message, reason);
    // One line, fit for a terminal.
    assert.doesNotMatch(error.message, /\p{Cc}/u);
    return true;
  });
}

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
  await refused(" ".repeat(2 ** 20 + 1), /has 1048577 bytes/);
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
    /response lies at steps \[30, 90\), allowed is \[0, 60\)/,
  );
  await both(
    taskText({ trial: "draft.channel('puls');" }),
    /Cannot fill channel "puls"/,
  );
  await both(
    taskText({ trial: "draft.target[3] = NaN;" }),
    /target hold NaN at index 3/,
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
        /inputs have 59 numbers, needed are 60 \(1 channels × 60 steps\)/,
      ],
      [
        `{ condition, ${parts}, target: [...new Float32Array(60)] }`,
        /target are \[.*\], a Float32Array is needed/,
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

Deno.test("a sandboxed file cannot read, write, run, or ask for more", async () => {
  const attempts = [
    'Deno.readTextFileSync("/etc/passwd")',
    'Deno.writeTextFileSync("/tmp/never", "")',
    'Deno.env.get("HOME")',
    'new Deno.Command("true").outputSync()',
    'Deno.dlopen("libc.so.6", {})',
    'process.getBuiltinModule("node:fs").readFileSync("/etc/passwd")',
  ];
  for (const attempt of attempts) {
    await refused(taskText({ head: `${attempt};` }), /Requires \w+ access/);
  }
  const granted = ["read", "write", "net", "env", "run", "ffi", "sys"].map(
    (name) => `Deno.permissions.querySync({ name: "${name}" }).state`,
  );
  await refused(
    taskText({ head: `throw new Error([${granted}].join(" "));` }),
    /Error: (?:(?:denied|prompt) ?){7} \(/,
  );
});

Deno.test("a sandboxed file cannot reach the network", async () => {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests++;
    response.end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  try {
    const head = `await fetch("http://127.0.0.1:${port}/");`;
    await refused(taskText({ head }), /Requires net access/);
    assert.equal(requests, 0);
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

Deno.test("a sandboxed file imports this package alone", async () => {
  for (
    const [line, module] of [
      ['import fs from "node:fs";', "node:fs"],
      ['import { a } from "./helper.ts";', "./helper.ts"],
      ['import {\n  a,\n  b,\n} from "npm:left-pad";', "npm:left-pad"],
      [
        'import "https://example.invalid/x.ts";',
        "https://example.invalid/x.ts",
      ],
      ['export * from "./helper.ts";', "./helper.ts"],
      ['const a = 1; import b from "jsr:@a/b";', "jsr:@a/b"],
      ['const a = await import("./helper.ts");', "modules while it runs"],
    ]
  ) {
    await refused(
      taskText({ head: line }),
      new RegExp(`it imports ${RegExp.escape(module)}; a task file may`),
    );
  }
  const other = taskText({ head: "train;" })
    .replace("{ defineTask }", "{ defineTask, train }");
  await refused(
    other,
    /'?@spikernn\/spikernn'? does not provide an export named 'train'/,
  );
  // Said in a comment or a text, an import is none.
  const head = `// import x from "./x.ts" or import("./x.ts")
    const text = "comes from 'nowhere'";`;
  assert.equal((await trialsOf(taskText({ head }))).length, 3);
});

Deno.test("a trusted file has the program's permissions", async () => {
  const head = `import { readFileSync } from "node:fs";
    readFileSync(new URL(import.meta.url));`;
  assert.equal((await trialsOf(taskText({ head }), { trust: true })).length, 3);
});

Deno.test("a sandboxed file that hangs is ended", async () => {
  const options = { timeoutMs: 300 };
  const reason = /it gave no answer within 300 ms/;
  await refused("while (true);", reason, options);
  await refused("await new Promise(() => {});", reason, options);
  await refused(taskText({ head: "close();" }), reason, options);
  await refused(taskText({ head: "Deno.exit(3);" }), reason, options);
  const hanging = taskText({ trial: "while (true);" });
  await refused(hanging, reason, options);
});

Deno.test("a sandboxed file that throws later is refused", async () => {
  const wait = "await new Promise((done) => setTimeout(done, 200));";
  await refused(
    `setTimeout(() => { throw new Error("late"); }); ${wait}`,
    /Error: late \(line 1/,
  );
  await refused(`Promise.reject(new Error("lost")); ${wait}`, /Error: lost/);
});

Deno.test("a sandboxed file that answers by itself is refused", async () => {
  const spoof = (message: string) =>
    taskText({ head: `postMessage(${message});` });
  await refused(spoof("'garbage'"), /it sent "garbage", which is no answer/);
  await refused(spoof("null"), /which is no answer/);
  await refused(spoof("{ id: 99 }"), /which is no answer/);
  await refused(spoof("{ id: 1, kind: 'loaded' }"), /it is undefined/);
  await refused(
    spoof("{ id: 1, kind: 'loaded', task: { name: '\\u001b[31mred' } }"),
    /its name is "red": must be printable/,
  );
  await refused(
    spoof("{ id: 1, kind: 'failed', message: 'a\\n\\u001b[2Jb'.repeat(1000) }"),
    /…$/,
  );
  await refused(
    taskText({ trial: "postMessage({ id: 2, kind: 'trials', trials: 7 });" }),
    /it sent 7, needed are 3 trials/,
  );
  await refused(
    taskText({
      trial: "postMessage({ id: 2, kind: 'trials', trials: [{}] });",
    }),
    /it sent 1, needed are 3 trials/,
  );
  const cyclic =
    "const c = []; c.push(c); postMessage({ id: 2, kind: 'trials', trials: [c, c, 2n] });";
  await refused(taskText({ trial: cyclic }), /its condition is undefined/);
});

Deno.test("a sandboxed file cannot change a trial once it is checked", async () => {
  const text = `
    const inside = { from: 10, to: 50 };
    const shared = new Float32Array(new SharedArrayBuffer(240));
    export default {
      name: "raw", description: "By hand.", stepMs: 5, steps: 60,
      channels: ["a"], conditions: ["x"], timing: {}, stimuli: [],
      windows: { paper: inside, paperSpiking: inside, strict: inside },
      stopping: { loss: 7, performance: 0.95, trials: 0 },
      trial: () => ({
        condition: "x", inputs: shared, target: shared,
        expects: { within: 0.3 },
      }),
    };`;
  for (const { inputs, target } of await trialsOf(text)) {
    assert.ok(inputs.buffer instanceof ArrayBuffer);
    assert.notEqual(inputs.buffer, target.buffer);
  }
});

/** Runs a program that loads a task file, with what it may read. */
async function program(path: string, read: readonly string[]) {
  const library = new URL("../../lib/tasks/load_task.ts", import.meta.url);
  const main = join(path, "../main.ts");
  // The task is not closed: its sandbox must not keep the program from ending.
  await writeFile(
    main,
    `import { loadTask } from ${JSON.stringify(library)};
    try {
      console.log((await loadTask(${JSON.stringify(path)})).name);
    } catch (error) {
      console.log(error.message);
    }`,
  );
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const allowed = `--allow-read=${read.join(",")}`;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", allowed, "-c", config, main],
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  assert.equal(code, 0, text.decode(stderr));
  return { stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

const libraryFolder = new URL("../../lib/", import.meta.url).pathname;

Deno.test("a sandboxed file keeps standard output clean", async () => {
  const text = taskText({ head: 'console.log("hello from the task");' });
  await withFile(text, async (path) => {
    const { stdout, stderr } = await program(path, [path, libraryFolder]);
    assert.equal(stdout, "mine\n");
    assert.match(stderr, /hello from the task/);
  });
});

Deno.test("the sandbox says what it needs to read", async () => {
  await withFile(taskText({}), async (path) => {
    const { stdout, stderr } = await program(path, [path]);
    assert.equal(
      stdout,
      `Cannot load task ${path}: its sandbox needs read access to this ` +
        `package, --allow-read=${libraryFolder}\n`,
    );
    assert.doesNotMatch(stderr, /Uncaught/);
  });
});

Deno.test("a sandboxed task goes on after its sandbox was idle, not once closed", async () => {
  const text = await readFile(new URL(romo), "utf8");
  await withFile(text, async (path) => {
    const task = await loadTask(path);
    const draw = () => drawTrials(task, randomStream(1), { count: 2 });
    const before = await draw();
    const both = await Promise.all([draw(), draw()]);
    assert.deepEqual(both, [before, before]);
    await new Promise((done) => setTimeout(done, 2200));
    assert.deepEqual(await draw(), before);
    assert.throws(() => task.trial(randomStream(1)), /drawTrials\(\) makes/);
    task.close();
    await assert.rejects(draw(), /Cannot use task .*: it was closed/);
  });
});
