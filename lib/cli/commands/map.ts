/** `map`: searches the scaling factor of saved networks and writes it into their files. */
import { defineCommand, type Invocation } from "../command.ts";
import { mapFlags } from "../../runs/map_flags.ts";
import { folderOfModel, readWrite, usualModels } from "../../runs/needs.ts";

/** Searches the scaling factor. */
export default defineCommand({
  usage: ["[MODEL.mat|FOLDER...] [FLAGS]"],
  description:
    "Searches the scaling factor with which the spiking twin of a rate network does the task best, and writes it into the model file if it works (opt_scaling_factor, scaling_factors, all_perfs and more; and the task, if the file does not say it). Models that have been searched are skipped. An interrupted search continues when the same command is run again.",
  operands: {
    name: "MODEL.mat|FOLDER",
    brief:
      "model files, or folders of them. Defaults to the newest model under models/",
    least: 0,
    most: Infinity,
  },
  flags: mapFlags,
  main: [
    "factors",
    "trials",
    "calibrate",
    "factor_per_layer",
    "model",
    "synapse",
    "seed",
    "workers",
    "force",
    "select",
    "refine",
    "task",
    "dashboard",
  ],
  examples: [
    ["map", "the newest model: 12 factors of 100 trials each"],
    ["map model.mat", "another"],
    ["map models --workers 8", "every model in a folder that lacks a factor"],
    ["map model.mat --factors 30 40 50 60 --trials 200", "factors of your own"],
    [
      "map model.mat --calibrate readout units weights",
      "and calibrate the twin",
    ],
    ["map model.mat --factor_per_layer", "then one factor for each layer"],
    ["map model.mat --force --select paper", "again, by the paper's rule"],
  ],
  needs: ({ operands }) =>
    readWrite(
      ...(operands.length > 0 ? operands.map(folderOfModel) : [usualModels]),
    ),
  async run({ operands, flags, output }: Invocation<typeof mapFlags>) {
    const { mapModels } = await import("../../runs/map_run.ts");
    const { theModel } = await import("../../runs/newest_model.ts");
    const named = operands.length > 0
      ? operands
      : [await theModel(undefined, "map", output)];
    await mapModels(named, { flags, output });
  },
});
