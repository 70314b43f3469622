/** Ctrl-C and SIGTERM: what there is is saved, and said. */
import {
  deepStrictEqual as equal,
  match,
  ok,
  rejects,
} from "node:assert/strict";
import { join } from "node:path";
import { readModel } from "../../lib/formats/model_file.ts";
import { orInterrupted } from "../../lib/runs/interrupt.ts";
import { inFolder } from "../folder.ts";
import { run } from "./in_process.ts";
import { start } from "./spawn.ts";
import { shared, withModel } from "./with_model.ts";

/** Reads a stream to its end, and tells when a text has come by. */
async function readAll(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  wanted: string,
  found: () => void,
): Promise<string> {
  let text = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    const seen = text.includes(wanted);
    text += part;
    if (!seen && text.includes(wanted)) found();
  }
  return text;
}

/** Starts a command, and interrupts it once it has said something. */
async function interrupted(
  permissions: string[],
  args: string[],
  { after, signal }: { after: string; signal: Deno.Signal },
): Promise<{ code: number; out: string; err: string }> {
  const child = start(permissions, args);
  const kill = () => child.kill(signal);
  const [out, err, { code }] = await Promise.all([
    readAll(child.stdout, after, kill),
    readAll(child.stderr, after, kill),
    child.status,
  ]);
  return { code, out, err };
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`train saves what there is on ${signal}`, async () => {
    await inFolder(async (folder) => {
      const { code, err } = await interrupted(
        [`--allow-read=${folder}`, `--allow-write=${folder}`],
        [
          "train",
          "--N=20",
          "--preset=paper",
          "--n_trials=8000",
          "--plots=False",
          "--loss_threshold=0.0001",
          "--eval_trials=2",
          "--seed=1",
          "--output_dir",
          folder,
        ],
        { after: "train 800/8000", signal },
      );
      equal(code, 130, err);
      const [, updates, path] =
        /spikernn: Interrupted after (\d+) updates: the network so far was saved as (.*)/
          .exec(err) ?? [];
      ok(Number(updates) >= 800, err);
      const model = await readModel(path);
      equal(model.training?.losses.length, Number(updates));
      equal(model.network.layers[0].size, 20);
    });
  });
}

Deno.test("analyse keeps all files of the analyses that are done", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "found");
    const original = new URL("../data/gonogo_original.mat", import.meta.url);
    const { code, err } = await interrupted(
      [
        `--allow-read=${folder},${original.pathname}`,
        `--allow-write=${folder}`,
      ],
      [
        ...["analyse", original.pathname, "silent", "generalisation"],
        ...["--task=go-nogo", "--factor=50", "--trials=25", "--seed=1"],
        ...["--workers=1", "--output", out],
      ],
      { after: "\nsilent\n", signal: "SIGINT" },
    );
    equal(code, 130, err);
    match(err, /spikernn: Interrupted: written are silent, in/);
    equal([...Deno.readDirSync(out)].map(({ name }) => name).sort(), [
      ...["fields.csv", "scalars.csv", "silent.svg", "silent_units.csv"],
    ]);
    match(
      await Deno.readTextFile(join(out, "scalars.csv")),
      /^silent,spiking,silent_share,all,/m,
    );
    match(await Deno.readTextFile(join(out, "silent.svg")), /Silent units/);
  });
});

Deno.test("map goes on where it was interrupted, with the same result", async () => {
  await inFolder(async (folder) => {
    const [stopped, whole] = ["stopped.mat", "whole.mat"].map((name) =>
      join(folder, name)
    );
    const original = new URL("../data/gonogo_original.mat", import.meta.url);
    await Deno.copyFile(original, stopped);
    await Deno.copyFile(original, whole);
    const permissions = [`--allow-read=${folder}`, `--allow-write=${folder}`];
    const args = (path: string) => [
      "map",
      path,
      "--task=go-nogo",
      "--trials=20",
      "--seed=3",
      "--factors=30,40,50,60",
    ];
    const first = await interrupted(
      permissions,
      // One worker, so that a factor takes long enough to be interrupted at.
      [...args(stopped), "--workers=1", "--json"],
      { after: '"factor":40', signal: "SIGINT" },
    );
    equal(first.code, 130, first.err);
    match(
      first.err,
      /Interrupted after [2-4] factors, \d+ trials in all .*run the same command/,
    );
    equal((await readModel(stopped)).search, undefined);
    const second = await run(args(stopped));
    match(second.err, /going on with an interrupted search/);
    await run(args(whole));
    equal((await readModel(stopped)).search, (await readModel(whole)).search);
    equal(
      [...Deno.readDirSync(folder)].map(({ name }) => name).sort(),
      ["stopped.mat", "whole.mat"],
      "nothing is left beside the models",
    );
  });
});

Deno.test("perturb writes the points that are done", async () => {
  await inFolder(async (folder) => {
    const model = join(folder, "model.mat");
    const original = new URL("../data/gonogo_original.mat", import.meta.url);
    await Deno.copyFile(original, model);
    const amounts = Array.from({ length: 40 }, (_, k) => `${k / 40}`);
    const { code, err } = await interrupted(
      [`--allow-read=${folder}`, `--allow-write=${folder}`],
      [
        ...["perturb", model, "--task=go-nogo", "--network=rate", "--json"],
        ...["--trials=100", "--seed=1", "--from=E", "--scale", ...amounts],
      ],
      { after: '"kind":"perturbation"', signal: "SIGINT" },
    );
    equal(code, 130, err);
    match(err, /stopping: the points that are done are written/);
    const [, done] =
      /spikernn: Interrupted after (\d+) of 40 points; the points so far were saved/
        .exec(err) ?? [];
    ok(Number(done) >= 1, err);
    const found = join(folder, "model_perturbed");
    const table = await Deno.readTextFile(join(found, "effects.csv"));
    equal(table.trimEnd().split("\n").length, 1 + Number(done));
    equal(
      [...Deno.readDirSync(found)].map(({ name }) => name).sort(),
      ["effects.csv", "perturbation_curves.svg", "perturbation_map.svg"],
    );
  });
});

Deno.test("a second Ctrl-C ends at once, and says so", async () => {
  const lib = new URL("../../lib/runs/", import.meta.url);
  const program = `
    import { interruptible } from "${new URL("interrupt.ts", lib)}";
    const say = (text) => console.error(text);
    await interruptible(async () => {
      for (let k = 0; ; k++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        if (k < 2) Deno.kill(Deno.pid, "SIGINT");
      }
    }, { output: { note: say, notice: say }, next: "what there is is saved" });`;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", program],
    stderr: "piped",
  }).output();
  equal(code, 130);
  equal(
    new TextDecoder().decode(stderr),
    "stopping: what there is is saved; Ctrl-C again ends at once\n" +
      "ended at once: what was not saved is lost\n",
  );
});

Deno.test("map says what an interruption means, whatever it was at", async () => {
  await withModel(async (model, folder) => {
    await run(["map", model, ...shared, "--factors=50", "--trials=20"]);
    // Units are compared, and the rate network runs its task, before a fit.
    const { code, err } = await interrupted(
      [`--allow-read=${folder}`, `--allow-write=${folder}`],
      ["map", model, ...shared, "--calibrate", "readout"],
      { after: "calibrating", signal: "SIGINT" },
    );
    equal(code, 130, err);
    match(
      err,
      /^spikernn: Interrupted (while calibrating: nothing|before .*\.mat) was written.* run the same command to go on$/m,
    );
  });
  const abort = new DOMException("interrupted", "AbortError");
  await rejects(
    orInterrupted("before it was written", () => Promise.reject(abort)),
    { name: "InterruptedError", message: "Interrupted before it was written" },
  );
  const other = new RangeError("no");
  await rejects(orInterrupted("", () => Promise.reject(other)), other);
});
