/** `report`: one page about a saved network. */
import { dirname } from "node:path";
import { defineCommand, type Invocation } from "../command.ts";
import {
  folderOfModel,
  readWrite,
  together,
  usualModels,
} from "../../runs/needs.ts";
import { newestOperand } from "../flags/shared.ts";
import { reportFlags } from "../flags/report.ts";

/** Makes the report. */
export default defineCommand({
  usage: ["[MODEL.mat|FOLDER] [FLAGS]"],
  description:
    "Makes a report of a saved network: one HTML page, which needs no network, with performances on fresh trials, all figures, analyses, the diagnosis of its conversion to spikes, settings, seed, what to cite and the command lines that make it again.",
  operands: newestOperand,
  flags: reportFlags,
  main: ["output", "trials", "factor", "seed", "workers", "open"],
  examples: [
    ["report", "of the newest model under models/, beside it"],
    ["report model.mat", "of another"],
    ["report model.mat --factor 50", "with a scaling factor of your own"],
    ["report model.mat --output report.html --trials 1000", "more trials"],
    ["report model.mat --analyse all", "with every analysis of both networks"],
  ],
  needs: ({ flags: { output: out }, operands: [path = usualModels] }) =>
    together(
      { read: [path] },
      readWrite(out ? dirname(out) : folderOfModel(path)),
    ),
  async run(given: Invocation<typeof reportFlags>) {
    await (await import("../work/report.ts")).run(given);
  },
});
