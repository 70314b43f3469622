/** `analyse`: what activity of a saved network says, in numbers and figures. */
import { dirname } from "node:path";
import { analysisNames } from "../../runs/analyse/registry.ts";
import {
  folderOfModel,
  readWrite,
  together,
  usualModels,
} from "../../runs/needs.ts";
import { defineCommand, type Invocation } from "../command.ts";
import { analyseFlags, placesOf } from "../flags/analyse.ts";
import { newestOperand } from "../flags/shared.ts";

/** Analyses a network. */
export default defineCommand({
  usage: [
    "[MODEL.mat|FOLDER] [NAME...] [FLAGS]",
    "--spikes FILE [NAME...] [FLAGS]",
  ],
  description:
    `Analyses a saved network and its spiking twin on fresh trials, the same ones for both: ${
      analysisNames.join(", ")
    }; all of them if none is named. Prints the numbers that a text would quote and writes tables (.csv, one observation a row), all arrays (.npz and .mat) and figures into a folder; fields.csv there says what each field holds.`,
  operands: {
    name: "MODEL.mat|FOLDER [NAME]",
    brief: `${newestOperand.brief}; then analyses: ${analysisNames.join(", ")}`,
    words: analysisNames,
    least: 0,
    most: 1 + analysisNames.length,
  },
  flags: analyseFlags,
  main: [
    "trials",
    "bin",
    "spikes",
    "output",
    "format",
    "factor",
    "seed",
    "workers",
  ],
  examples: [
    ["analyse", "every analysis of the newest model, into a folder beside it"],
    ["analyse model.mat", "of another, into model_analysis"],
    ["analyse model.mat trajectories --format pdf", "one of them"],
    [
      "analyse model.mat --trials 200 --bin 20 --output results",
      "more trials, wider bins",
    ],
    ["analyse --spikes session.nwb", "recorded spikes, by condition"],
  ],
  needs: ({ flags, operands }) => {
    const { named = usualModels } = placesOf(flags, operands);
    const beside = flags.spikes === undefined
      ? folderOfModel(named)
      : dirname(named);
    return together(
      { read: [named] },
      readWrite(
        flags.output === undefined ? beside : dirname(flags.output),
      ),
    );
  },
  async run(given: Invocation<typeof analyseFlags>) {
    await (await import("../work/analyse.ts")).run(given);
  },
});
