/** What a task file may do, and how long: its sandbox. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { randomStream } from "../../lib/random/stream.ts";
import { drawTrials } from "../../lib/tasks/draw.ts";
import { loadTask } from "../../lib/tasks/load_task.ts";
import {
  bothWays,
  eachOf,
  refused,
  romo,
  taskText,
  trialsOf,
  withFile,
} from "./task_files.ts";

/** What a file has that hangs: too short a limit ends it the same way. */
const short = { timeoutMs: 25 };
const late = /it gave no answer within 25 ms/;

bothWays("a sandboxed file has the language and nothing else", async () => {
  const attempts = [
    'Deno.readTextFileSync("/etc/passwd")',
    'Deno.writeTextFileSync("/tmp/never", "")',
    'Deno.env.get("HOME")',
    'new Deno.Command("true").outputSync()',
    'Deno.dlopen("libc.so.6", {})',
    "Deno.stdin.readSync(new Uint8Array(1))",
    "Deno.exit(3)",
    'process.getBuiltinModule("node:fs").readFileSync("/etc/passwd")',
    "process.kill(process.pid, 9)",
    'caches.open("mine")',
    'fetch("http://127.0.0.1/")',
    'new Worker("data:text/javascript,")',
    'postMessage("garbage")',
    "close()",
    "setTimeout(() => {})",
    "new SharedArrayBuffer(8)",
    "new WeakRef({})",
    "WebAssembly.Module",
    'prompt("Password?")',
  ];
  const said = await eachOf(attempts);
  for (const line of said) {
    assert.match(line, /ReferenceError: \w+ is not defined$/);
  }
  await refused(
    taskText({ head: `${attempts[0]};` }),
    /ReferenceError: \w+ is not defined \(line 2, column \d+\)/,
  );
  const head = `throw Object.getOwnPropertyNames(globalThis).join(" ");`;
  await refused(taskText({ head }), /it threw "Object Function Array /);
});

Deno.test("a sandboxed file imports this package alone", async () => {
  for (
    const [line, module] of [
      ['import fs from "node:fs"; fs;', "node:fs"],
      ['import { a } from "./helper.ts"; a;', "./helper.ts"],
      ['import {\n  a,\n  b,\n} from "npm:left-pad"; a;', "npm:left-pad"],
      [
        'import "https://example.invalid/x.ts";',
        "https://example.invalid/x.ts",
      ],
      ['export * from "./helper.ts";', "./helper.ts"],
      ['const a = 1; import b from "jsr:@a/b"; b;', "jsr:@a/b"],
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
  const said = await eachOf([
    'await import("npm:left-pad")',
    'await import /* hidden */ ("./helper.ts")',
    "await import('data:text/javascript,')",
    "eval('1')",
    "new Function('')",
    "(async()=>{}).constructor('')",
  ]);
  for (const [k, line] of said.entries()) {
    const why = k < 3
      ? /TypeError: A dynamic import callback was not specified/
      : /EvalError: Code generation from strings disallowed/;
    assert.match(line, why);
  }
  // Said in a comment or a text, an import is none; of types, it is taken out.
  const head = `// import x from "./x.ts" or import("./x.ts")
    import { Trial } from "@spikernn/spikernn";
    import { Mine } from "./mine.ts";
    let trial: Trial | Mine;
    const text = "comes from 'nowhere'";`;
  assert.equal((await trialsOf(taskText({ head }))).length, 3);
});

bothWays(
  "a sandboxed file whose trials hang, or that waits, is ended",
  async () => {
    await refused(taskText({ trial: "while (true);" }), late, short);
    const waiting = taskText({ head: "await new Promise(() => {});" });
    await refused(waiting, /it awaits what never comes/);
  },
);

/** Files whose code would never end. */
const hangs = [
  "while (true);",
  taskText({ head: "await 0; while (true);" }),
  taskText({ head: "(async () => { while (true) await 0; })();" }),
  taskText({ head: "/^(a+)+$/.test('a'.repeat(60) + 'b');" }),
  "throw new Proxy({}, { getPrototypeOf() { while (true); } });",
  taskText({ head: "Array.prototype.map = () => { while (true); };" }),
  `export default { get name() { while (true); } };`,
];

Deno.test("a process bears what breaks an engine, or fills its memory", async () => {
  const nested = "[".repeat(300_000) + "]".repeat(300_000);
  const breaking = [
    [taskText({ head: `${nested};` }), 2000],
    [
      taskText({
        head: "const all = []; for (;;) all.push(Array(2 ** 24).fill(1));",
      }),
      2000,
    ],
    // It takes seconds in one call: the limit comes first, and does not end it.
    [taskText({ trial: "Array(2 ** 28).fill(0).map((_, k) => [k]);" }), 100],
  ] as const;
  for (const [text, timeoutMs] of breaking) {
    await refused(
      text,
      /process (was ended|ended by)|SyntaxError|no answer|Error/,
      { timeoutMs },
    );
  }
  // What was broken is known by its own name: the next file is read as ever.
  const trials = await trialsOf(taskText({}));
  assert.equal(trials.length, 3);
});

/**
 * Takes a trial of files one after the other, and looks for what goes on
 * afterwards. Returns why each was refused.
 */
async function afterwards(
  texts: readonly string[],
  mayRun: boolean,
): Promise<string[]> {
  const { stdout } = await withFile("", async (path) => {
    const paths = await Promise.all(texts.map(async (text, i) => {
      const file = path.replace("mine", `mine${i}`);
      await writeFile(file, text);
      return file;
    }));
    return await program(
      path,
      mayRun ? ["-A"] : [`--allow-read=${paths.join(",")}`],
      `import { cpuUsage } from "node:process";
      const why = [];
      for (const path of ${JSON.stringify(paths)}) {
        try {
          const options = { ...${JSON.stringify(short)}, print() {} };
          const task = await load(path, options);
          await task.trials([{ random: { key: 1 } }]);
          why.push("");
        } catch ({ message }) {
          why.push(message);
        }
      }
      console.log(JSON.stringify(why));
      const before = cpuUsage();
      await new Promise((done) => setTimeout(done, 1000));
      const { user, system } = cpuUsage(before);
      console.log(Math.round((user + system) / 1000));
      const children = ${mayRun} && [...Deno.readDirSync("/proc")]
        .filter(({ name }) => {
          try {
            // After the name, which may hold anything: the state and the parent.
            const stat = Deno.readTextFileSync("/proc/" + name + "/stat");
            const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2)
              .split(" ");
            return state !== "Z" && Number(parent) === Deno.pid;
          } catch {
            return false;
          }
        });
      console.log(children ? children.length : 0);`,
    );
  });
  const [why, ...measured] = stdout.trim().split("\n");
  const [computing, children] = measured.map(Number);
  // A loop would have taken 1000 ms of it, or its share of them.
  assert.ok(computing < 300, `${computing} ms of computing after the end`);
  assert.equal(children, 0, "no process is left");
  return JSON.parse(why);
}

/** Files whose code would go on later. */
const later = [
  "Promise.prototype.then = () => { while (true); };",
  "export function then() { while (true); }",
  "Promise.reject({ get message() { while (true); } });",
  "Promise.reject(new Proxy({}, { get() { while (true); } }));",
].map((head) => taskText({ head }));

Deno.test("a sandboxed file that hangs is ended, nothing of it goes on, and the program ends", async () => {
  // It would take days.
  const trial = "[].includes.call({ length: 2 ** 53 - 1 }, 1);";
  const both = [...hangs, ...later];
  const [inProcesses, inWorkers] = await Promise.all([
    // The time limit does not end the last one: its process is.
    afterwards([...both, taskText({ trial })], true),
    afterwards(both, false),
  ]);
  for (const reasons of [inProcesses, inWorkers]) {
    for (const k of hangs.keys()) assert.match(reasons[k], late, hangs[k]);
    // A failure that hangs when it is described has no more time than the file.
    for (const why of reasons.slice(both.length - 2, both.length)) {
      assert.match(why, late);
    }
  }
  assert.match(inProcesses.at(-1)!, late);
});

Deno.test("a sandboxed file that throws later is refused", async () => {
  await refused(
    taskText({ head: "Promise.reject(new Error('lost'));" }),
    /Error: lost \(line 2, column 16\)/,
  );
  await refused(
    taskText({ trial: "Promise.reject(new Error('lost'));" }),
    /make trials of .* Error: lost \(line 11/,
  );
});

bothWays(
  "a sandboxed file that tampers with its answers is refused",
  async () => {
    const answer = (text: string) =>
      taskText({ head: `JSON.stringify = () => ${text};` });
    for (
      const text of ["'garbage'", "'null'", "undefined", "7", "'{\"kind\":7}'"]
    ) {
      await refused(
        answer(text),
        /it sent something that is not an answer|broke off/,
      );
    }
    await refused(answer(`'{"kind":"loaded"}'`), /it is undefined/);
    await refused(
      answer(`'{"kind":"loaded","task":{"name":"\\\\u001b[31mred"}}'`),
      /its name is "red": must be printable/,
    );
    const long = "'a\\\\n\\\\u001b[2Jb'.repeat(1000)";
    await refused(
      answer(`'{"kind":"failed","message":"' + ${long} + '"}'`),
      /…$/,
    );
    const trials = (text: string) =>
      taskText({
        trial: `JSON.stringify = () => '{"kind":"trials",' + ${text};`,
      });
    await refused(
      trials(`'"trials":7}'`),
      /it sent something that is not an answer/,
    );
    await refused(trials(`'"trials":[]}'`), /it sent 0, needed are 3 trials/);
    const forged = (inputs: string) => {
      const trial = `'{"condition":"none","inputs":[' + ${inputs} +
      '],"target":[],"expects":{"within":1}}'`;
      return trials(`'"trials":[' + Array(3).fill(${trial}) + ']}'`);
    };
    const one = { condition: "none" };
    await refused(forged("''"), /inputs have 0 numbers, needed are 60/, one);
    const nan = "Array(60).fill(2143289344)";
    await refused(forged(nan), /inputs hold NaN at index 0/, one);
  },
);

bothWays("a sandboxed file finds no way out of its context", async () => {
  // Each gets hold of an object that could be of the outside's, and asks its
  // maker for a function of the outside.
  const ways = [
    "globalThis",
    "defineTask",
    "new Proxy(defineTask, {})",
    "console.log",
    "import.meta.constructor ?? console",
    "(() => { try { null.x; } catch (e) { return e; } })()",
    "await import('node:fs').catch((error) => error)",
    "(() => { let e; const f = () => { try { f(); } catch (x) { e ??= x; } }; f(); return e; })()",
  ];
  const said = await eachOf([
    ...ways.map((way) => `(${way}).constructor.constructor("return 1")()`),
    "Error.prepareStackTrace = (error, frames) => frames",
    "globalThis.Error = class {}",
    "Promise.prototype.then = () => {}",
  ]);
  for (const [k, line] of said.entries()) {
    const why = k < ways.length
      ? /EvalError|is not a function/
      : /TypeError: Cannot assign to read only property/;
    assert.match(line, why);
  }
});

Deno.test("a sandboxed file cannot change a trial once it is checked", async () => {
  const text = `
    const inside = { from: 10, to: 50 };
    const shared = new Float32Array(60).fill(-0);
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
    assert.notEqual(inputs.buffer, target.buffer);
    assert.ok(inputs.every((value) => Object.is(value, -0)));
  }
});

/** Runs a program with `load(path)` under permissions. */
async function program(
  path: string,
  permissions: readonly string[],
  text: string,
) {
  const library = new URL("../../lib/tasks/load_task.ts", import.meta.url);
  const main = join(path, "../main.ts");
  await writeFile(
    main,
    `import { loadTask as load } from ${JSON.stringify(library)};\n${text}`,
  );
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...permissions, "-c", config, main],
    env: { NO_COLOR: "1" },
    // A program that does not end is a failed test.
    signal: AbortSignal.timeout(600_000),
  }).output();
  const decoder = new TextDecoder();
  assert.equal(code, 0, decoder.decode(stderr));
  return { stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("a sandboxed file writes to standard error, labelled, in plain text", async () => {
  const head = `console.log("hello", { a: 1 }, new Error("no"));
    console.error("\\u001b[2Jhidden\\nbelow");`;
  await withFile(taskText({ head }), async (path) => {
    // The task is not closed: its sandbox must not keep the program from ending.
    // Only the file itself may be read: the sandbox needs nothing more.
    const { stdout, stderr } = await program(
      path,
      [`--allow-read=${path}`],
      `console.log((await load(${JSON.stringify(path)})).name);`,
    );
    assert.equal(stdout, "mine\n");
    assert.equal(
      stderr,
      `${path}: hello {"a":1} Error: no\n` +
        `${path}: \\u001b[2Jhidden\n${path}: below\n`,
    );
  });
  const lines: string[] = [];
  const endless = taskText({ head: 'while (true) console.log("more");' });
  await refused(endless, /no answer within 300 ms/, {
    timeoutMs: 300,
    print: (line) => lines.push(line),
  });
  assert.equal(lines.length, 1000);
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
