/** Finding model files. */
import { deepStrictEqual as equal } from "node:assert/strict";
import { basename, dirname, join } from "node:path";
import { fallbacks } from "../../lib/settings/kinds.ts";
import { newestModel } from "../../lib/runs/model_files.ts";
import { trainFlags } from "../../lib/runs/train_flags.ts";
import { modelPath } from "../../lib/formats/model_path.ts";
import { inFolder } from "../folder.ts";

for (const layers of [1, 2]) {
  Deno.test(`newestModel() takes the last of those saved in one second (${layers} layers)`, () =>
    inFolder(async (folder) => {
      const settings = {
        ...fallbacks(trainFlags),
        N: 200,
        n_layers: layers,
        output_dir: folder,
      };
      const path = modelPath({
        outputDir: folder,
        task: "xor",
        dale: true,
        connectionProbability: settings.P_rec,
        taus: settings.decay_taus,
        sizes: Array(layers).fill(200),
        activation: "sigmoid",
        time: new Date(2026, 0, 2, 3, 4, 5),
      });
      await Deno.mkdir(dirname(path), { recursive: true });
      const stem = basename(path, ".mat");
      for (const end of ["", "_2", "_9", "_10", "_spiking", "_10_rate"]) {
        await Deno.writeTextFile(join(dirname(path), `${stem}${end}.mat`), "");
      }
      equal(basename(await newestModel(settings, "xor")), `${stem}_10.mat`);
    }));
}
