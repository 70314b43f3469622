/** Commands on tasks of your own: what such a file may do to them. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import manifest from "../../deno.json" with { type: "json" };
import { inFolder } from "../folder.ts";
import { taskText } from "../tasks/task_files.ts";
import { run } from "./in_process.ts";
import { spawn, start } from "./spawn.ts";

/** Runs with a folder that holds a task file of the given text, `mine.ts`. */
function withTask<T>(
  text: string,
  use: (path: string, folder: string) => Promise<T>,
): Promise<T> {
  return inFolder(async (folder) => {
    const path = join(folder, "mine.ts");
    await writeFile(path, text);
    return await use(path, folder);
  });
}

const small = [
  ...["--N=20", "--n_trials=10", "--eval_trials=5", "--seed=1"],
  "--plots=False",
];

Deno.test("a task file is trained on under the least permissions, its output apart", async () => {
  const text = taskText({ head: 'console.log("\\u001b[2Jhello");' });
  await withTask(text, async (path, folder) => {
    const { code, out, err } = await spawn(
      [`--allow-read=${folder}`, `--allow-write=${folder}`],
      ["train", "--task", path, ...small, "--output_dir", folder, "--json"],
    );
    assert.equal(code, 0, err);
    for (const line of out.trimEnd().split("\n")) JSON.parse(line);
    assert.ok(err.includes(`${path}: \\u001b[2Jhello\n`), err);
  });
});

Deno.test("a command whose task file fails says so and ends", async () => {
  // As after the time limit, which tests/tasks/sandbox_test.ts checks: it is 10 s.
  const text = taskText({ trial: 'throw new Error("no trials");' });
  await withTask(text, async (path, folder) => {
    const { code, err } = await spawn(
      [`--allow-read=${folder}`, `--allow-write=${folder}`],
      ["train", "--task", path, ...small, "--output_dir", folder],
    );
    assert.notEqual(code, 0);
    assert.match(
      err,
      /Cannot make trials of task .*mine\.ts: Error: no trials/,
    );
  });
});

Deno.test("a command whose task file hangs is gone after SIGTERM", async () => {
  const text = taskText({
    head: 'console.log("loaded");',
    trial: "while (true);",
  });
  await withTask(text, async (path, folder) => {
    const process = start(
      [`--allow-read=${folder}`, `--allow-write=${folder}`],
      ["train", "--task", path, ...small, "--output_dir", folder],
    );
    // The file's line comes first; trials are asked for right after it.
    const reader = process.stderr.getReader();
    const { value } = await reader.read();
    assert.match(new TextDecoder().decode(value), /mine\.ts: loaded/);
    process.kill("SIGTERM");
    reader.releaseLock();
    await Promise.all([process.stderr.cancel(), process.stdout.cancel()]);
    const { success } = await process.status;
    assert.equal(success, false);
    assert.throws(() => process.kill("SIGTERM"), TypeError);
  });
});

Deno.test("a command ends although a trusted task file left a timer", async () => {
  const text = taskText({ head: "setInterval(() => {}, 100);" });
  await withTask(text, async (path) => {
    const { code, out, err } = await spawn(
      ["--allow-read"],
      ["tasks", "show", path, "--trust_task"],
    );
    assert.equal(code, 0, err);
    assert.match(out, /A pulse to answer|pulse/);
  });
});

Deno.test("a task file's name ends in capitals as well", async () => {
  await inFolder(async (folder) => {
    await writeFile(join(folder, "my.TS"), taskText({}));
    for (const trust of [[], ["--trust_task"]]) {
      const { out } = await run(
        ["tasks", "show", join(folder, "my.TS"), ...trust],
      );
      assert.match(out, /pulse/);
    }
  });
});

Deno.test("a command says where a task file's syntax is wrong", async () => {
  const wrong = taskText({ head: "let a: number = [1,\n};" });
  await withTask(wrong, async (path) => {
    for (const trust of [[], ["--trust_task"]]) {
      const { err } = await run(["tasks", "show", path, ...trust], 2);
      assert.match(
        err,
        /^spikernn: Cannot load task \S+mine\.ts: SyntaxError: Expression expected.* \(line 3, column 1\)\n$/,
      );
    }
  });
});

Deno.test("no import changes the lock file, a trusted task's neither", () => {
  // Tried with a package that the lock does not have: "The lockfile is out of
  // date", and the file stays; that needs a registry, so it is no test.
  assert.equal(manifest.lock.frozen, true);
});
