/** `plot`: draws figures of a saved network. */
import { dirname } from "node:path";
import { figureNames, isFigureFile } from "../../report/names.ts";
import { defineCommand, type Invocation } from "../command.ts";
import { readWrite, together } from "../../runs/needs.ts";
import { plotFlags } from "../flags/plot.ts";

/** Draws figures. */
export default defineCommand({
  usage: ["MODEL.mat [FIGURE...] [FLAGS]"],
  description:
    `Draws figures of a saved network in the sizes of a paper's columns: ${
      figureNames.join(", ")
    }; all that the file has data for where none is named. The outputs, rasters and firing rates are of fresh trials.`,
  operands: {
    name: "MODEL.mat [FIGURE]",
    brief: `a model file, then figures: ${figureNames.join(", ")}`,
    least: 1,
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
    ["plot model.mat", "every figure, beside the model"],
    ["plot model.mat raster output --format png", "two of them as pictures"],
    ["plot model.mat weights --width single", "as wide as one column"],
    [
      "plot model.mat raster --raster_trials 20 --trial go --output go.svg",
      "20 Go trials",
    ],
  ],
  needs: ({ flags: { output: out }, operands: [path] }) =>
    together(
      { read: [path] },
      readWrite(
        out === undefined || isFigureFile(out) ? dirname(out ?? path) : out,
      ),
    ),
  async run(given: Invocation<typeof plotFlags>) {
    await (await import("../work/plot.ts")).run(given);
  },
});
