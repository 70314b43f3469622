/** Settings files and plans of sweeps: TOML of wrong keys, kinds and sizes. */
import { join } from "node:path";
import { readConfig } from "../../../lib/runs/config.ts";
import { checkSetting } from "../../../lib/runs/sweep/settings.ts";
import { trainFlags } from "../../../lib/runs/train_flags.ts";
import { planFromJson, planFromToml } from "../../../lib/sweep/plan.ts";
import { sweepPoints } from "../../../lib/sweep/points.ts";
import { readSlurmOptions } from "../../../lib/sweep/slurm/options.ts";
import {
  recombined,
  textBytes,
  toJsonText,
  toTomlText,
  treeOf,
} from "../tree.ts";
import type { HostileFormat } from "./format.ts";

const config = treeOf({
  task: "go-nogo",
  N: 100,
  P_inh: 0.2,
  decay_taus: [4, 20],
  gain: 1.5,
  act: "sigmoid",
  apply_dale: true,
  n_trials: 100,
  seed: 3,
  loss_threshold: 7,
  noise_levels: [1, 2],
  output_dir: "models",
});

const plan = treeOf({
  name: "trial",
  seeds: [1, 2, 3],
  evaluate: { trials: 100 },
  train: { task: "go-nogo", N: 20, n_trials: 100 },
  map: { factors: [20, 30], trials: 10 },
  grid: { N: [20, 30], P_inh: [0.2, 0.3], "map.factors": [[20], [30]] },
  points: [{ task: "xor" }, { task: "mante", N: 40 }],
  slurm: { time: "1:00:00", mem: "4G", partition: "short", setup: ["true"] },
});

/** Few lines, more points than a memory holds. */
const numbers = Array.from({ length: 150 }, (_, k) => k + 1);
const wide = treeOf({
  seeds: { from: 1, count: 100 },
  grid: { N: numbers, batch: numbers, eval_freq: numbers },
});

/** Settings files. */
export const settings: HostileFormat = {
  name: "settings (.toml)",
  what: "keys, kinds, numbers, nesting, encodings",
  prepare: (folder) => ({
    make: (dice) =>
      textBytes(toTomlText(recombined(config, dice, [plan]), dice), dice),
    async read(bytes) {
      const path = join(folder, "settings.toml");
      await Deno.writeFile(path, bytes);
      await readConfig(path, trainFlags);
    },
  }),
};

/** Plans of sweeps. */
export const plans: HostileFormat = {
  name: "plan (.toml, .json)",
  what: "keys, kinds, grids, seeds, points, nesting, encodings",
  prepare: () => ({
    make(dice) {
      const base = dice.once(40) ? wide : plan;
      const tree = recombined(base, dice, [config]);
      const json = dice.once(3);
      const text = json ? toJsonText(tree) : toTomlText(tree, dice);
      return textBytes(text, dice);
    },
    read(bytes) {
      const text = new TextDecoder().decode(bytes);
      const from = text.startsWith("{") ? planFromJson : planFromToml;
      const read = from(text, "fallback", checkSetting);
      sweepPoints(read);
      readSlurmOptions(read.slurm);
    },
  }),
};
