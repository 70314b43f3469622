/** What a task file may do, and how long: its sandbox. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { randomStream } from "../../lib/random/stream.ts";
import { drawTrials } from "../../lib/tasks/draw.ts";
import { loadTask } from "../../lib/tasks/load_task.ts";
import { refused, romo, taskText, trialsOf, withFile } from "./task_files.ts";

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
