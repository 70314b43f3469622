/** Commands that run at the same time on one model, and write beside it. */
import assert, { deepStrictEqual as equal, match } from "node:assert/strict";
import { join } from "node:path";
import { markOf, writeOver } from "../../lib/formats/atomic.ts";
import { lockFolder } from "../../lib/formats/lock.ts";
import { readModel } from "../../lib/formats/model_file.ts";
import { decodeMat } from "../../lib/mat5/mod.ts";
import { inFolder } from "../folder.ts";
import { type Ended, spawn } from "./spawn.ts";
import { small, withSmallModel } from "./with_model.ts";

const shared = [
  ...["--task=go-nogo", "--factor=50", "--trials=1", "--workers=1", "--json"],
];

/** Runs a command on a model several times at once; what each one saved. */
async function saved(
  model: string,
  folder: string,
  command: readonly string[],
  count: number,
): Promise<{ path: string; ended: Ended }[]> {
  const [name, ...rest] = command;
  const all = await Promise.all(
    Array.from({ length: count }, (_, seed) =>
      spawn(
        [`--allow-read=${folder}`, `--allow-write=${folder}`],
        [name, model, ...rest, ...shared, `--seed=${seed + 1}`],
      )),
  );
  return all.map((ended) => {
    equal(ended.code, 0, ended.err);
    const { path } = ended.out.trim().split("\n").map((line) =>
      JSON.parse(line)
    ).find(({ kind }) => kind === "saved");
    return { path, ended };
  });
}

Deno.test("simulations of one model at the same time leave a file each", () =>
  withSmallModel(async (model, folder) => {
    const files = await saved(model, folder, ["simulate"], 3);
    equal(new Set(files.map(({ path }) => path)).size, files.length);
    const usual = join(folder, "model_spiking.mat");
    for (const [i, { path, ended }] of files.entries()) {
      const seed = decodeMat(await Deno.readFile(path)).get("seed");
      assert(seed?.kind === "numeric");
      equal(seed.data[0], i + 1);
      if (path === usual) continue;
      match(ended.err, /model_spiking\.mat: another run has just written it/);
    }
    // Neither temporary files nor claims.
    equal([...Deno.readDirSync(folder)].length, files.length + 1);
  }));

for (
  const [command, count] of [[["plot", "weights"], 2], [[
    "report",
    "--analyse=none",
  ], 2]] as const
) {
  Deno.test(`${command[0]} at the same time leaves a file each`, () =>
    withSmallModel(async (model, folder) => {
      const files = await saved(model, folder, command, count);
      equal(new Set(files.map(({ path }) => path)).size, count);
    }));
}

Deno.test("one process at a time maps a model, the others are refused and lose nothing", () =>
  inFolder(async (folder) => {
    const model = join(folder, "c.mat");
    await Deno.copyFile(small, model);
    const map = (seed: number) =>
      spawn(
        [`--allow-read=${folder}`, `--allow-write=${folder}`],
        [
          ...["map", model, "--task=go-nogo", "--factors", "40", "50", "60"],
          ...["--trials=40", "--workers=1", `--seed=${seed}`, "--force"],
          "--write_anyway",
        ],
      );
    const all = await Promise.all([map(1), map(2), map(3)]);
    const seeds = [];
    for (const [i, { code, err }] of all.entries()) {
      if (code === 0) seeds.push(i + 1);
      else {match(
          err,
          /^spikernn: Cannot map .*c\.mat: (it is in use by process \d+ .* one run at a time|another run has just written it)/m,
        );}
    }
    const { search } = await readModel(model);
    const kept = search?.runs?.map(({ seed }) => seed);
    // Whoever came after the first one's end has written over it, as asked.
    equal(
      seeds.includes(Number(kept?.at(-1))),
      true,
      JSON.stringify(search?.runs),
    );
    equal([...Deno.readDirSync(folder)].map(({ name }) => name), ["c.mat"]);
    const lock = await lockFolder(folder, {
      only: { file: "c.mat", verb: "map" },
    });
    const { code, err } = await map(4);
    equal(code, 1);
    match(err, /Cannot map .*c\.mat: it is in use by process \d+/);
    await lock.release();
    equal((await readModel(model)).search, search);
  }));

Deno.test("of runs that began before the same file one writes over it", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.svg");
    await Deno.writeTextFile(path, "before");
    const before = await markOf(path);
    const texts = Array.from({ length: 20 }, (_, i) => `run ${i}`);
    const paths = await Promise.all(
      texts.map((text) =>
        writeOver(path, new TextEncoder().encode(text), before)
      ),
    );
    equal(new Set(paths).size, texts.length);
    for (const [i, written] of paths.entries()) {
      equal(await Deno.readTextFile(written), texts[i]);
    }
    equal(paths.includes(path), true);
    equal([...Deno.readDirSync(folder)].length, texts.length);
    // One run after the other writes over what the last one left.
    const bytes = new TextEncoder().encode("after");
    equal(await writeOver(path, bytes, await markOf(path)), path);
    equal(await Deno.readTextFile(path), "after");
  }));
