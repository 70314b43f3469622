/** Runs that are killed, stopped, contradicted or begun twice. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { readModel } from "../../lib/formats/model_file.ts";
import { lockFolder } from "../../lib/formats/lock.ts";
import { killSearches, killTraining } from "../../tools/kill_runs.ts";
import { inFolder } from "../folder.ts";
import { run as runHere, runInProcess } from "./in_process.ts";
import { spawn, start } from "./spawn.ts";
import { small } from "./with_model.ts";

const permissions = (folder: string) => [
  `--allow-read=${folder}`,
  `--allow-write=${folder}`,
];

const args = (folder: string, more: string[] = []) => [
  ...[
    "train",
    "--N=20",
    "--n_trials=600",
    "--eval_freq=50",
    "--seed=7",
    "--preset=paper",
  ],
  ...["--eval_trials=4", "--plots=False", "--workers=1"],
  ...["--output_dir", folder, ...more],
];

/** Kills a run once it has told of its second checkpoint; gives its folder. */
async function killed(folder: string, more: string[] = []): Promise<string> {
  const child = start(permissions(folder), [...args(folder, more), "--json"]);
  let [text, path] = ["", ""];
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += part;
    const told = text.split("\n").slice(0, -1)
      .filter((line) => line.startsWith('{"kind":"checkpoint"'));
    if (told.length >= 2 && path === "") {
      path = JSON.parse(told[1]).path;
      child.kill("SIGKILL");
    }
  }
  await child.stderr.cancel();
  await child.status;
  return path.slice(0, path.lastIndexOf("/"));
}

Deno.test("train resumes to the same bits after SIGKILL at random moments", async () => {
  const { kills } = await killTraining(3, 11, {
    updates: 400,
    workers: 1,
  });
  equal(kills, 3);
});

Deno.test("map goes on to the same result after SIGKILL at random moments", async () => {
  const { kills } = await killSearches(small.pathname, 2, 12, {
    workers: 1,
  });
  equal(kills, 2);
});

Deno.test("train --resume refuses other settings, a run in use, and places without a run", async () => {
  await inFolder(async (folder) => {
    const run = await killed(folder);
    const resume = (...more: string[]) =>
      runInProcess(["train", "--resume", run, "--plots=False", ...more]);
    const other = await resume("--N=21");
    equal(other.code, 2);
    match(other.err, /--N 21: the run was begun with 20/);
    const stop = await resume("--clip_norm=2");
    equal(stop.code, 2);
    match(stop.err, /--clip_norm 2: the run was begun with none/);
    const lock = await lockFolder(run);
    // A process of its own, as a second run is.
    const second = await spawn(permissions(folder), [
      ...["train", "--resume", run],
    ]);
    await lock.release();
    equal(second.code, 1);
    match(second.err, new RegExp(`in use by process ${Deno.pid}`));
    const nowhere = await runInProcess([
      ...["train", "--resume", join(folder, "none")],
    ]);
    equal(nowhere.code, 1);
    match(nowhere.err, /Cannot resume from .*none: it does not exist/);
    const empty = await runInProcess([
      ...["train", "--resume", join(run, "..")],
    ]);
    equal(empty.code, 1);
    match(empty.err, /it holds no checkpoints: did you mean .*\.run\?/);
    // The folder that was given as --output_dir, four folders up.
    const top = await runInProcess(["train", "--resume", folder]);
    equal(top.code, 1);
    ok(top.err.includes(`did you mean ${run}?`), top.err);
    equal([...Deno.readDirSync(folder)].length, 1, "no lock is left there");
    const model = run.replace(/\.run$/, ".mat");
    await Deno.writeTextFile(model, "a model");
    const saved = await runInProcess(["train", "--resume", model]);
    await Deno.remove(model);
    equal(saved.code, 2);
    match(
      saved.err,
      /it is a model, which does not hold the optimiser's state/,
    );
    ok(saved.err.includes(`did you mean ${run}?`), saved.err);
    // Nothing of all this has harmed the run; the same settings may be repeated.
    const done = await resume("--N=20", "--seed=7", "--quiet");
    equal(done.code, 0, done.err);
    match(done.out, /saved .*\.mat/);
  });
});

Deno.test("train --resume falls back on the older checkpoint, saying so", async () => {
  await inFolder(async (folder) => {
    const run = await killed(folder);
    const newest = [...Deno.readDirSync(run)].map(({ name }) => name)
      .filter((name) => name.endsWith(".safetensors"))
      .sort((a, b) => Number(/\d+/.exec(b)) - Number(/\d+/.exec(a)))[0];
    await Deno.writeTextFile(join(run, newest), "damaged");
    const { err } = await runHere(["train", "--resume", run, "--plots=False"]);
    match(err, /Cannot read .*going on from .*checkpoint_\d+/);
  });
});

Deno.test("train stopped by SIGTERM keeps the run; resumed by the line that it says, it ends as if never stopped", async () => {
  await inFolder(async (folder) => {
    const [whole, parts] = ["whole", "it's in parts"].map((name) =>
      join(folder, name)
    );
    await runHere(args(whole));
    const child = start(permissions(folder), [
      ...args(parts, ["--n_trials=600", "--json"]).filter((arg, i, all) =>
        all.indexOf(arg) === i
      ),
    ]);
    let text = "";
    let sent = false;
    for await (const p of child.stdout.pipeThrough(new TextDecoderStream())) {
      text += p;
      if (!sent && text.includes('"kind":"checkpoint"')) {
        child.kill("SIGTERM");
        sent = true;
      }
    }
    const err = await new Response(child.stderr).text();
    equal((await child.status).code, 130, err);
    match(err, /^stopping: the network after this update is saved; .*again/m);
    const [, line] = /^to go on from here: (\S.* run .*)$/m.exec(err) ?? [];
    ok(line, err);
    // Pasted into a shell, in another folder than the one it was said in.
    const pasted = line.replace(
      /^.*? run(?= )/,
      `'${Deno.execPath()}' run --no-check`,
    );
    const { code, stdout, stderr } = await new Deno.Command("sh", {
      args: ["-c", pasted],
      cwd: "/",
    }).output();
    const done = { code, out: new TextDecoder().decode(stdout) };
    equal(done.code, 0, new TextDecoder().decode(stderr));
    const saved = /saved (.+\.mat)/.exec(done.out)![1];
    const models = [saved, modelUnder(whole)].map(async (path) => {
      const { network, training, trial } = await readModel(path);
      return { network, training, trial };
    });
    equal(await models[0], await models[1]);
  });
});

Deno.test("train resumes on a task of your own only where its file is named, unchanged", async () => {
  await inFolder(async (folder) => {
    const original = new URL("../../docs/examples/romo.ts", import.meta.url);
    const task = join(folder, "romo.ts");
    await Deno.copyFile(original, task);
    const root = new URL("../../", import.meta.url).pathname;
    const allowed = [
      `--allow-read=${folder},${root}`,
      `--allow-write=${folder}`,
    ];
    const child = start(allowed, [
      ...args(folder, ["--task", task, "--json"]),
    ]);
    let [text, run] = ["", ""];
    for await (const p of child.stdout.pipeThrough(new TextDecoderStream())) {
      text += p;
      const told = /"kind":"checkpoint".*"path":"([^"]*)\/checkpoint_/.exec(
        text,
      );
      if (told && run === "") {
        run = told[1];
        child.kill("SIGKILL");
      }
    }
    await child.stderr.cancel();
    await child.status;
    const resume = (more: string[]) =>
      runInProcess([
        ...["train", "--resume", run, "--plots=False", "--quiet", ...more],
      ]);
    const unnamed = await resume([]);
    equal(unnamed.code, 2);
    match(unnamed.err, /name its file, --task /);
    const changed = join(folder, "changed.ts");
    const source = await Deno.readTextFile(task);
    await Deno.writeTextFile(changed, source.replace("[14, 22]", "[13, 22]"));
    const other = await resume(["--task", changed]);
    equal(other.code, 2, other.err);
    match(other.err, /makes other trials/);
    const done = await resume(["--task", task]);
    equal(done.code, 0, done.err);
  });
});

Deno.test("train --checkpoints off keeps nothing", async () => {
  await inFolder(async (folder) => {
    const { out } = await runHere(
      args(folder, ["--checkpoints", "off", "--json"]),
    );
    ok(!out.includes('"checkpoint"'));
  });
});

/** The model file under a folder. */
function modelUnder(folder: string): string {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = join(folder, name);
    const found = isDirectory ? modelUnder(path) : path;
    if (found.endsWith(".mat")) return found;
  }
  return "";
}
