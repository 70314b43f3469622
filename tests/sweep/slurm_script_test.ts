import assert from "node:assert/strict";
import { readSlurmOptions } from "../../lib/sweep/slurm/options.ts";
import {
  batchScript,
  pointCommand,
  submitArguments,
} from "../../lib/sweep/slurm/script.ts";
import { inFolder } from "../folder.ts";

Deno.test("batchScript() runs the points of its task, with the set-up before", async () => {
  await inFolder(async (folder) => {
    const tasks = `${folder}/tasks`;
    await Deno.writeTextFile(tasks, "a b\nc\n");
    const script = batchScript(tasks, ["greeting='hello  there'"], [
      "bash",
      "-c",
      'printf "%s|" "$@"',
      "name",
      `${folder}/x`,
      "don't; $(false)",
    ]);
    const run = async (task: number) => {
      const { success, stdout } = await new Deno.Command("bash", {
        args: ["-c", script],
        env: { SLURM_ARRAY_TASK_ID: String(task) },
        stderr: "null",
      }).output();
      return success ? new TextDecoder().decode(stdout) : undefined;
    };
    assert.equal(await run(0), `${folder}/x|don't; $(false)|a|b|`);
    assert.equal(await run(1), `${folder}/x|don't; $(false)|c|`);
    assert.equal(await run(2), undefined);
    assert.match(script, /^#!\/bin\/bash\ngreeting='hello {2}there'\n/);
  }, { prefix: "it's a $HOME `5%` " });
});

Deno.test("pointCommand() permits the sweep's folder, and to read tasks", () => {
  const command = pointCommand("deno", "file:///p/cli.ts", "/s/a b", ["/t.ts"]);
  assert.deepEqual(command, [
    "deno",
    "run",
    "--cached-only",
    "--no-prompt",
    "--allow-read=/s/a b,/t.ts",
    "--allow-write=/s/a b",
    "--allow-sys=hostname",
    "file:///p/cli.ts",
    "sweep",
    "point",
    "/s/a b",
  ]);
});

Deno.test("pointCommand() refuses paths that Deno or SLURM cannot take", () => {
  for (
    const [path, what] of [
      ["/s/a,b", /a comma, .*--output_dir/],
      ["/s/a\\b", /a backslash/],
      ["/s/a\nb", /a control character/],
    ] as const
  ) {
    for (const [folder, file] of [[path, "/t.ts"], ["/s", path]]) {
      assert.throws(() => pointCommand("deno", "x", folder, [file]), {
        name: "RangeError",
        message: what,
      });
    }
  }
});

Deno.test("submitArguments() gives no option that was not asked for", () => {
  const args = submitArguments(readSlurmOptions(), "x", "/s/5%", 7);
  assert.ok(args.includes("--array=0-6"));
  assert.ok(args.includes("--output=/s/5%%/logs/%a.log"));
  assert.ok(args.includes("--chdir=/s/5%"));
  assert.equal(args.at(-1), "/s/5%/job.sh");
  for (const absent of ["account", "partition", "time", "mem"]) {
    assert.ok(!args.some((arg) => arg.startsWith(`--${absent}=`)), absent);
  }
});
