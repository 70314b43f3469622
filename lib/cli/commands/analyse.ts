/** `analyse`: what activity of a saved network says, in numbers and figures. */
import { dirname } from "node:path";
import { analysisNames } from "../../runs/analyse/registry.ts";
import { readWrite, together } from "../../runs/needs.ts";
import { defineCommand, type Invocation } from "../command.ts";
import { analyseFlags, folderOf, placesOf } from "../flags/analyse.ts";

/** Analyses a network. */
export default defineCommand({
  usage: ["MODEL.mat [NAME...] [FLAGS]", "--spikes FILE [NAME...] [FLAGS]"],
  description:
    `Analyses a saved network and its spiking twin on fresh trials, the same ones for both: ${
      analysisNames.join(", ")
    }; all of them if none is named. Prints the numbers that a text would quote and writes tables (.csv, one observation a row), all arrays (.npz and .mat) and figures into a folder; fields.csv there says what each field holds.`,
  operands: {
    name: "MODEL.mat [NAME]",
    brief: `a model file, then analyses: ${analysisNames.join(", ")}`,
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
    ["analyse model.mat", "every analysis, into model_analysis"],
    ["analyse model.mat trajectories --format pdf", "one of them"],
    [
      "analyse model.mat --trials 200 --bin 20 --output results",
      "more trials, wider bins",
    ],
    ["analyse --spikes session.nwb", "recorded spikes, by condition"],
  ],
  needs: ({ flags, operands }) => {
    const [path] = placesOf(flags, operands);
    return together(
      { read: [path] },
      readWrite(dirname(folderOf(path, flags))),
    );
  },
  async run(given: Invocation<typeof analyseFlags>) {
    await (await import("../work/analyse.ts")).run(given);
  },
});
