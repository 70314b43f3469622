/** Presets: flags given win over them, they win over the defaults. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { realOr } from "../../lib/settings/numbers.ts";
import { presetFlags, underPreset } from "../../lib/runs/preset.ts";
import { usualPreset } from "../../lib/settings/presets.ts";
import { trainFlags } from "../../lib/runs/train_flags.ts";
import { readModel } from "../../lib/formats/model_file.ts";
import { presetNames, presets } from "../../lib/train/presets.ts";
import { inFolder } from "../folder.ts";
import { run } from "./in_process.ts";

const tiny = "train --task go-nogo --N 10 --n_trials 2 --eval_trials 2 " +
  "--seed 3 --plots False";

async function trained(more: string, config?: string) {
  return await inFolder(async (folder) => {
    const args = [...`${tiny} ${more}`.trim().split(/\s+/)];
    if (config !== undefined) {
      const path = join(folder, "settings.toml");
      await Deno.writeTextFile(path, config);
      args.push("--config", path);
    }
    const { out, err } = await run([...args, "--output_dir", folder]);
    const path = /^saved (.*\.mat)$/m.exec(out)?.[1];
    ok(path);
    const model = await readModel(path);
    return { model, err };
  });
}

async function recorded(more: string, config?: string) {
  const { model } = await trained(more, config);
  const { preset, batch, clip_norm, inhibitory_scale } = model.provenance!
    .settings;
  return [preset, batch, clip_norm, inhibitory_scale];
}

Deno.test("train without a preset is robust, and says so", async () => {
  equal(await recorded(""), ["robust", 16, 1, "balanced"]);
  const { model: plain, err } = await trained("");
  match(
    err,
    /preset robust: batch 16, clip_norm 1, learning_rate 0.02, inhibitory_scale balanced, answer_share 0.7, curriculum 10, noise_levels 1 2 4 4 4, criterion strict/,
  );
  const { model: named } = await trained("--preset robust");
  equal(named.network, plain.network);
});

Deno.test("a flag wins over the preset, wherever it is given", async () => {
  equal(await recorded("--preset robust"), ["robust", 16, 1, "balanced"]);
  equal(
    await recorded("--preset robust --batch 2 --inhibitory_scale 1"),
    ["robust", 2, 1, 1],
  );
  equal(
    await recorded(
      "--batch 4",
      'preset = "robust"\nbatch = 3\nclip_norm = 2\n',
    ),
    ["robust", 4, 2, "balanced"],
  );
});

Deno.test("a preset is its parts and nothing else", async () => {
  const { model: preset } = await trained("--preset robust");
  const { model: parts } = await trained(
    "--preset paper --batch 16 --clip_norm 1 --inhibitory_scale Balanced " +
      "--learning_rate 0.02 --eval_freq 50 --noise_levels 1,2,4,4,4 " +
      "--answer_share 0.7 --curriculum 10 --criterion strict",
  );
  equal(preset.network, parts.network);
  const { model: paper } = await trained(
    "--preset paper --batch 16 --clip_norm 1 --learning_rate 0.02",
  );
  ok(
    !paper.initial!.layers[0].weights
      .every((w, i) => w === preset.initial!.layers[0].weights[i]),
  );
});

Deno.test("every part of every preset is a flag of train", () => {
  for (const name of presetNames) {
    const parts = presetFlags(name);
    for (const [flag, value] of Object.entries(parts)) {
      equal(trainFlags[flag as "batch"]?.parse(textOf(value)), value);
    }
    const { network, delays, training } = presets[name];
    const count = Object.keys({ ...network, delays, ...training }).length;
    equal(Object.keys(parts).length, count, "no part is forgotten");
  }
});

Deno.test("underPreset() leaves what was given", () => {
  const flags = { preset: "robust", batch: 1, clip_norm: 5 } as const;
  const settings: Record<string, unknown> = underPreset(
    flags,
    new Set(["preset", "clip_norm"]),
  );
  equal(settings.batch, 16);
  equal(settings.clip_norm, 5);
});

Deno.test("realOr() takes numbers within bounds, and the names", () => {
  const flag = realOr("", { names: ["balanced"], min: 0, fallback: 1 });
  equal(["4", "0", "BALANCED"].map(flag.parse), [4, 0, "balanced"]);
  equal(["-1", "", "x", "NaN"].map(flag.parse), Array(4).fill(undefined));
  equal(flag.allowed, "numbers of 0 or more, balanced");
});

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(" ") : String(value);
}

Deno.test("help says what the preset sets where nothing is given", () => {
  for (const [flag, value] of Object.entries(presetFlags(usualPreset))) {
    equal(
      trainFlags[flag as "batch"].shown,
      `the preset's, ${textOf(value)}`,
    );
  }
  equal(trainFlags.preset.fallback, usualPreset);
});

Deno.test("train saves the network that met the criteria last, and says so, where noise undoes it", async () => {
  const settings = "train --task go-nogo --N 40 --seed 1 --n_trials 302 " +
    "--noise_levels 1 1000 --plots False";
  await inFolder(async (folder) => {
    const { out } = await run([...settings.split(" "), "--output_dir", folder]);
    const [, kept] =
      /^trained 302 updates .*: the criteria are met, first at update (\d+), but not at every level of noise; the network of update \1, the last that met them, is the one saved$/m
        .exec(out)!;
    match(out, /^last evaluation: performance (9[1-9]|100)/m);
    const model = await readModel(/^saved (.*\.mat)$/m.exec(out)![1]);
    equal(model.training!.losses.length, Number(kept));
    equal(model.training!.evaluations.at(-1)!.update, Number(kept));
  });
});
