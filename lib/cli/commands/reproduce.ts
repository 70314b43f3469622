/** `reproduce`: a figure of a paper again, its numbers beside ours. */
import { figureNames } from "../../sweep/reproduce/plans/index.ts";
import { defineCommand, type Invocation } from "../command.ts";
import { readWrite, together } from "../../runs/needs.ts";
import { engineNeeds } from "../../runs/sweep/flags.ts";
import { reproduceFlags } from "../flags/reproduce.ts";

/** Reproduces a figure. */
export default defineCommand({
  usage: ["FIGURE [FLAGS]", "list"],
  description:
    "Reproduces a figure of Kim, Li and Sejnowski (PNAS 116:22811, 2019): trains, maps and evaluates networks by a plan that ships with the program, and writes a table and a figure with the paper's numbers beside those found here. With ks2021 as the figure, it makes the experiments of Kim and Sejnowski (Nature Neuroscience 24:129, 2021) and says which findings hold. After an interruption it continues when the same command is run again; with more --networks it adds those that are missing.",
  operands: {
    name: "FIGURE",
    brief: `a figure: ${figureNames.join(", ")}; list says what they are`,
    words: ["list", ...figureNames],
    least: 1,
    most: 1,
  },
  flags: reproduceFlags,
  examples: [
    ["reproduce list", "list the figures"],
    ["reproduce 1C", "10 networks of each size"],
    ["reproduce 2D-E --networks 100", "as many as the paper"],
    ["reproduce 6 --minutes 20", "what 20 minutes allow"],
    ["reproduce ks2021 --networks 2", "the second paper with a few networks"],
    ["reproduce 1C --collect", "table and figure of what is there"],
  ],
  needs: ({ flags, operands: [name] }) =>
    name === "list"
      ? {}
      : together(readWrite(flags.output_dir), engineNeeds(flags.engine)),
  async run(given: Invocation<typeof reproduceFlags>) {
    await (await import("../work/reproduce.ts")).run(given);
  },
});
