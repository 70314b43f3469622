/** `plot`: draws figures of a saved network. */
import { dirname } from "node:path";
import { figureNames, isFigureFile, isFigureName } from "../../report/names.ts";
import { defineCommand, type Invocation } from "../command.ts";
import {
  folderOfModel,
  readWrite,
  together,
  usualModels,
} from "../../runs/needs.ts";
import { newestOperand } from "../flags/shared.ts";
import { plotFlags } from "../flags/plot.ts";

/** Draws figures. */
export default defineCommand({
  usage: ["[MODEL.mat|FOLDER] [FIGURE...] [FLAGS]"],
  description:
    `Draws figures of a saved network in the sizes of a paper's columns: ${
      figureNames.join(", ")
    }; all that the file has data for if none is named. The outputs, rasters and firing rates are of fresh trials.`,
  operands: {
    name: "MODEL.mat|FOLDER [FIGURE]",
    brief: `${newestOperand.brief}; then figures: ${figureNames.join(", ")}`,
    words: figureNames,
    least: 0,
    most: 1 + figureNames.length,
  },
  flags: plotFlags,
  main: [
    "format",
    "width",
    "output",
    "trials",
    "raster_trials",
    "trial",
    "factor",
    "seed",
    "workers",
  ],
  examples: [
    ["plot", "every figure of the newest model, beside it"],
    ["plot model.mat", "of another"],
    ["plot model.mat raster output --format png", "two of them as pictures"],
    ["plot model.mat weights --width single", "as wide as one column"],
    [
      "plot model.mat raster --raster_trials 20 --trial go --output go.svg",
      "20 Go trials",
    ],
  ],
  needs: ({ flags: { output: out }, operands: [first] }) => {
    const path = first === undefined || isFigureName(first)
      ? usualModels
      : first;
    return together(
      { read: [path] },
      readWrite(
        out === undefined
          ? folderOfModel(path)
          : isFigureFile(out)
          ? dirname(out)
          : out,
      ),
    );
  },
  async run(given: Invocation<typeof plotFlags>) {
    await (await import("../work/plot.ts")).run(given);
  },
});
