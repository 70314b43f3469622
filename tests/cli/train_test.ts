/** `train` and what follows it, end to end. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { readModel } from "../../lib/formats/model_file.ts";
import { inFolder } from "../folder.ts";
import { run } from "./in_process.ts";
import { spawn } from "./spawn.ts";

function savedPath(out: string): string {
  const path = /^saved (.*\.mat)$/m.exec(out)?.[1];
  ok(path, out);
  return path;
}

Deno.test("train takes the original's command line as it stands", async () => {
  await inFolder(async (folder) => {
    const inner = join(folder, "in");
    await Deno.mkdir(inner);
    const line =
      "--gpu 0 --gpu_frac 0.20 --n_trials 12 --mode train --output_dir ../ --N 200 --P_inh 0.20 --P_rec 0.20 --som_N 0 --apply_dale True --gain 1.5 --task xor --act sigmoid --loss_fn l2 --decay_taus 4 20";
    const permissions = [`--allow-read=${folder}`, `--allow-write=${folder}`];
    const { code, out, err } = await spawn(permissions, line.split(" "), {
      cwd: inner,
    });
    equal(code, 0, err);
    const path = savedPath(out);
    match(
      path,
      /^\.\.\/models\/xor\/P_rec_0\.2_Taus_4\.0_20\.0\/Task_xor_N_200_Taus_4\.0_20\.0_Act_sigmoid_\d{4}_\d\d_\d\d_\d{6}\.mat$/,
    );
    const model = await readModel(join(inner, path));
    equal(model.network.layers[0].size, 200);
    equal(model.network.taus, [4, 20]);
    equal(model.network.dale, true);
    equal(model.task?.name, "xor");
    equal(model.training?.losses.length, 12);
    const [, seed] = /^seed (\d+)$/m.exec(out) ?? [];
    equal(model.provenance?.seed, Number(seed), "the seed drawn is recorded");
    const { P_inh, som_N, gain, loss_fn } = model.provenance!.settings;
    equal([P_inh, som_N, gain, loss_fn], [0.2, 0, 1.5, "l2"]);
  });
});

Deno.test("train takes dashes and underscores for the same, seed for seed", async () => {
  await inFolder(async (folder) => {
    const lines = [
      "train --task go-nogo --N 24 --decay_taus 5 30 --apply_dale False --act clipped_relu --loss_fn l1 --w_dist gamma --batch 2 --n_trials 6 --eval_freq 3 --eval_trials 4 --seed 7",
      "train --task=go-nogo --n=24 --decay-taus=5,30 --no-apply-dale --act=Clipped-ReLU --loss-fn=L1 --w-dist=gamma --batch=2 --n-trials=6 --eval-freq=3 --eval-trials=4 --seed=7",
    ];
    const models = [];
    for (const line of lines) {
      const { out } = await run(
        [
          ...line.split(" "),
          "--plots=False",
          "--output_dir",
          folder,
          "--quiet",
        ],
      );
      models.push(await readModel(savedPath(out)));
    }
    const [a, b] = models;
    equal(a.network, b.network);
    equal(a.training, b.training);
    equal(a.training?.evaluations.map(({ update }) => update), [2, 5]);
    equal(a.network.dale, false);
    equal(a.network.activation, "clipped_relu");
    match(
      [...Deno.readDirSync(join(folder, "models", "go-nogo"))][0].name,
      /NoDale/,
    );
    equal(
      [...walk(join(folder, "models"))].length,
      2,
      "two runs within a second do not overwrite one another",
    );
  });
});

function* walk(folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) yield* walk(path);
    else yield path;
  }
}

Deno.test("train says nothing but results with --quiet, events alone with --json", async () => {
  await inFolder(async (folder) => {
    const args = [
      "train",
      "--N=20",
      "--preset=paper",
      "--n_trials=102",
      "--eval_trials=5",
      "--seed=1",
      "--loss_threshold=0.0001",
      "--output_dir",
      folder,
    ];
    const quiet = await run([...args, "--quiet"]);
    equal(quiet.err, "");
    match(
      quiet.out,
      /^trained 102 updates.*\nlast evaluation: .*\nseed 1\nsaved .*\n$/,
    );
    const plain = await run([...args, "--plots=False"]);
    equal(plain.err.match(/^train \d+\/102 /gm)?.length, 10, plain.err);
    const json = await run([...args, "--json"]);
    const events = json.out.trimEnd().split("\n").map((line) =>
      JSON.parse(line)
    );
    const kinds = events.map(({ kind }) => kind);
    equal(kinds.filter((kind) => kind === "trained").length, 102);
    equal(kinds.filter((kind) => kind === "evaluated").length, 2);
    equal(
      [kinds[0], ...kinds.slice(-6)],
      ["started", "stopped", "saved", "drawn", "drawn", "drawn", "drawn"],
    );
    const saved = events.at(-5).path.replace(/^.*[\\/]|\.mat$/g, "");
    equal(
      events.slice(-4).map(({ path }) => path.replace(/^.*[\\/]/, "")),
      [
        `${saved}_update000102.svg`,
        `${saved}_update000102.png`,
        `${saved}.svg`,
        `${saved}.png`,
      ],
    );
    for (const { path } of events.slice(-4)) {
      match(
        path,
        /[\\/]plots[\\/]go-nogo[\\/].*Task_go-nogo_N_20_.*\.(svg|png)$/,
      );
      ok(Deno.statSync(path).size > 1000);
    }
    ok(json.out.length < 100_000, "no arrays that only figures need");
  });
});

Deno.test("train keeps the last good state when the loss is no number any more", async () => {
  await inFolder(async (folder) => {
    const { err, out } = await run([
      "train",
      "--N=20",
      "--n_trials=50",
      "--seed=1",
      "--learning_rate=1e38",
      "--plots=False",
      "--output_dir",
      folder,
    ], 1);
    const [, update, path] =
      /^spikernn: Cannot go on training: the loss of update (\d+) is .*; the last good state is (.*)$/m
        .exec(err) ?? [];
    ok(Number(update) >= 1, err);
    equal(out, "");
    const { network } = await readModel(path);
    ok(network.layers[0].weights.every(Number.isFinite));
  });
});

Deno.test("train makes layers, and eval finds the newest model of the settings", async () => {
  await inFolder(async (folder) => {
    const settings = ["--layer_sizes", "12", "8", "--output_dir", folder];
    const short = [
      ...["--n_trials=3", "--eval_trials=4", "--seed=1", "--plots=False"],
    ];
    const { out } = await run(["train", ...settings, ...short]);
    const path = savedPath(out);
    const { network } = await readModel(path);
    equal(network.layers.map(({ size }) => size), [12, 8]);
    equal(network.between.length, 1);
    const found = await run(["--mode", "eval", ...settings, "--seed=2"]);
    equal(found.out.split("\n")[0], path);
    const { err } = await run([
      "--mode",
      "eval",
      "--N=12",
      "--output_dir",
      folder,
    ], 1);
    match(err, /none of 12 sigmoid units in/);
    await run(["train", ...settings, "--n_layers=3"], 2);
  });
});

Deno.test("train takes settings from a file, flags from the command line first", async () => {
  await inFolder(async (folder) => {
    const config = join(folder, "settings.toml");
    await Deno.writeTextFile(
      config,
      `task = "mante"\nN = 30\nn_trials = 2\neval_trials = 2\nplots = false\noutput_dir = "${folder}"\nseed = 5\n`,
    );
    const { out } = await run(["train", "--config", config, "--N", "16"]);
    const model = await readModel(savedPath(out));
    equal(model.task?.name, "mante");
    equal(model.network.layers[0].size, 16);
    equal(model.provenance?.seed, 5);
  });
});

Deno.test("a task of your own is trained, saved and evaluated like any other", async () => {
  await inFolder(async (folder) => {
    const file = new URL("../../docs/examples/romo.ts", import.meta.url)
      .pathname;
    const task = ["--task", file, "--timing", "T=280"];
    const { out } = await run([
      "train",
      ...task.slice(0, 2),
      "--T=280",
      "--N=10",
      "--n_trials=2",
      "--eval_trials=2",
      "--seed=1",
      "--plots=False",
      "--output_dir",
      folder,
    ]);
    const path = savedPath(out);
    equal((await readModel(path)).task?.timing.T, 280);
    match((await run(["eval", path], 2)).err, /name its file by --task/);
    match((await run(["eval", path, ...task])).out, /task romo, 100 trials/);
  });
});

Deno.test("train learns a short delay first if the task has one, by default", async () => {
  await inFolder(async (folder) => {
    const short = [
      ...["--N=10", "--n_trials=2", "--eval_trials=2", "--seed=1"],
      ...["--plots=False", "--output_dir", folder],
    ];
    const said = async (...args: string[]) =>
      (await run(["train", ...args, ...short])).err;
    match(
      await said("--task=dms"),
      / on dms, first with a delay of 10 steps, /,
    );
    const delays = await said("--task=dms", "--curriculum", "0", "20");
    match(delays, / on dms, first with a delay of 0, 20 steps, /);
    match(await said("--task=dms", "--curriculum=none"), / on dms on simd/);
    match(
      await said("--task=dms", "--curriculum", "20", "75"),
      /delay of 20 steps, [^]*no effect of 75, the delay of task dms is 75$/m,
    );
    match(
      await said("--task=go-nogo", "--curriculum=5"),
      /--curriculum: no effect of 5, the delay of task go-nogo is none/,
    );
    const file = join(folder, "fixed.ts");
    await Deno.writeTextFile(
      file,
      `import { defineTask } from "@spikernn/spikernn";
export default defineTask({
  name: "fixed",
  description: "Answers at a fixed time.",
  timing: { T: 100, delay: 30 },
  channels: ["pulse"],
  conditions: ["go"],
  layout: ({ T }) => ({ stimuli: {}, response: [85, 98] }),
  trial({ target }) {
    target.fill(1, 85, 98);
  },
});
`,
    );
    const { err } = await run(["train", "--task", file, ...short], 2);
    match(
      err,
      /allowed is \[0, 80\), 0 to 400 ms; with a delay of 10 steps it was/,
    );
    match(err, /--curriculum none leaves that out$/m);
    await said("--task", file, "--curriculum=none");
  });
});

Deno.test("eval says the same for the same seed, with other trials and workers", async () => {
  const args = [
    "eval",
    "tests/data/gonogo_original.mat",
    "--task=go-nogo",
    "--seed=3",
    "--json",
  ];
  const one = await run([...args, "--workers=1"]);
  equal(await run([...args, "--workers=2"]), one);
  const { score, loss } = JSON.parse(one.out);
  equal(loss, "l2");
  // What the original's own network does on its own task.
  ok(score.paper.value > 0.95 && score.loss < 2, one.out);
});

Deno.test("train --output saves under that name, and writes over nothing", () =>
  inFolder(async (folder) => {
    const path = join(folder, "new", "mine.mat");
    const line = "train --task go-nogo --N 8 --n_trials 2 --eval_trials 2 " +
      "--preset paper --T 60 --stim_on 5 --stim_dur 10 --plots False --quiet";
    const args = [...line.split(" "), "--output_dir", folder, "--output"];
    const { out } = await run([...args, path]);
    equal(savedPath(out), path);
    equal((await readModel(path)).network.layers[0].size, 8);
    equal([...Deno.readDirSync(folder)].map(({ name }) => name), ["new"]);
    equal([...Deno.readDirSync(join(folder, "new"))].length, 1);
    match((await run([...args, path], 2)).err, /it is there already; choose/);
    const { err } = await run([...args, join(folder, "x.npz")], 2);
    match(err, /its name must end in \.mat/);
  }));
