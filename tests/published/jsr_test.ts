/** The package as `deno publish` sends it, imported by its name from a registry. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import manifest from "../../deno.json" with { type: "json" };
import { inFolder } from "../folder.ts";
import { deno, everyEntry, taskFile, testOf, training } from "./programs.ts";
import { openRegistry } from "./registry.ts";

const jsr = `jsr:${manifest.name}@${manifest.version}`;

Deno.test("the published package does its work from an empty folder", async (t) => {
  await inFolder(async (folder) => {
    const registry = await openRegistry(folder);
    const { env, files } = registry;
    const own = join(folder, "own");
    await mkdir(own);
    const file = (name: string, text: string) =>
      writeFile(join(own, name), text);
    const line = (...args: string[]) =>
      deno(own, [
        ...["run", "--no-prompt", "--unstable-worker-options"],
        ...["--allow-read=.", "--allow-write=."],
        ...[`${jsr}/cli`, ...args],
      ], env);
    const tiny = [
      ...["--N", "8", "--n_trials", "10", "--eval_freq", "10"],
      ...["--eval_trials", "4", "--seed", "1", "--quiet"],
    ];
    try {
      await t.step("no WebAssembly file is among it", () => {
        equal([...files.keys()].filter((path) => path.endsWith(".wasm")), []);
      });
      await t.step(
        "a program needs no permission, with workers and layers",
        async () => {
          await file("main.ts", training(jsr));
          const printed = await deno(
            own,
            ["run", "--no-prompt", "main.ts"],
            env,
          );
          equal(printed, "1 true\n3 true\n");
        },
      );
      await t.step(
        "every entry has types and runs, and so it does by the address of its files",
        async () => {
          await file("entries.ts", everyEntry(jsr));
          await file("entries_test.ts", testOf(["entries.ts"]));
          // Not by the registry's own name, of which Deno takes no types.
          const { host: registryHost, port } = new URL(env.JSR_URL);
          const host = `localhost:${port}`;
          const base = `http://${host}/${manifest.name}/${manifest.version}`;
          await file(
            "address_test.ts",
            `import { getTask } from "${base}/lib/entry/tasks.ts";
           // By a name that is not written out: its types are all there are.
           const whole: string = "${base}/mod.ts";
           const { getTask: other } = await import(whole);
           Deno.test("xor", () => {
             for (const get of [getTask, other]) {
               if (get("xor").name !== "xor") throw 0;
             }
           });
           // @ts-expect-error It has types.
           export const steps: string = getTask("xor").steps;`,
          );
          // Types are checked on the way; by address those of a small entry.
          const tests = ["entries_test.ts", "address_test.ts"];
          const allowed = `--allow-import=${registryHost},${host}`;
          await deno(own, ["test", "--no-prompt", allowed, ...tests], env);
        },
      );
      await t.step(
        "it is bundled into one file for other runtimes",
        async () => {
          await deno(own, [
            ...["bundle", "--quiet", "--platform", "browser"],
            ...["--external", "h5wasm", "-o", "spikernn.mjs", jsr],
          ], env);
          await file(
            "one.mjs",
            `import { getTask } from "./spikernn.mjs";
           console.log(getTask("xor").name);`,
          );
          equal(await deno(own, ["run", "--no-config", "one.mjs"]), "xor\n");
        },
      );
      await t.step("the command line trains, maps and plots", async () => {
        match(
          await line("train", "--task", "xor", "--plots", "False", ...tiny),
          /^saved .*\.mat$/m,
        );
        const [name] = (await readdir(join(own, "models"), { recursive: true }))
          .filter((path) => path.endsWith(".mat"));
        const model = join("models", name);
        await line(
          ...["map", model, "--trials", "4", "--factors", "30,50"],
          ...["--seed", "1", "--write_anyway", "--quiet", "--workers", "2"],
        );
        // The modules of the other figures were loaded above.
        const words = ["plot", model, "training", "--format", "png"];
        match(await line(...words), /^saved .*\.png$/m);
      });
      await t.step("the command line sweeps", async () => {
        await file(
          "plan.toml",
          `name = "tiny"
           seeds = [1, 2]
           [train]
           task = "xor"
           N = 8
           n_trials = 5
           eval_freq = 5
           eval_trials = 4`,
        );
        match(await line("sweep", "plan.toml", "--workers", "2"), /tiny/);
        ok((await readdir(join(own, "sweeps/tiny/points"))).length >= 2);
      });
      await t.step(
        "a task file runs, by either name of the package",
        async () => {
          await file("hold.ts", taskFile(manifest.name));
          await file("named.ts", taskFile(jsr));
          const train = ["train", "--plots", "False", ...tiny, "--task"];
          match(await line(...train, "./hold.ts"), /^saved /m);
          match(await line(...train, "./named.ts"), /^saved /m);
          match(await line(...train, "./named.ts", "--trust_task"), /^saved /m);
        },
      );
    } finally {
      await registry.close();
    }
  });
});
