/** `eval`: how well saved networks do their task. */
import { join } from "node:path";
import { defineCommand, type Invocation } from "../command.ts";
import { evalFlags } from "../../runs/eval_flags.ts";

/** Evaluates networks, or networks and their spiking twins. */
export default defineCommand({
  usage: [
    "[MODEL.mat|FOLDER...] [--spiking] [FLAGS]",
  ],
  description:
    "Evaluates a saved network on fresh trials of its task (or of another, by --task), by the paper's rule and by the strict one, as a whole and by condition, with 95 % intervals. With --spiking it also evaluates the spiking twin. For several models, or folders of them, it prints a line for each and their mean. Without a file: the newest model under models/, or the newest that was trained with the settings given (--task, --N, --P_rec, …), as with the original's --mode eval.",
  operands: {
    name: "MODEL.mat|FOLDER",
    brief: "model files, of this program or of the original, or folders",
    least: 0,
    most: Infinity,
  },
  flags: evalFlags,
  main: [
    "spiking",
    "trials",
    "task",
    "factor",
    "model",
    "seed",
    "backend",
    "workers",
    "json",
  ],
  examples: [
    ["eval", "the newest model, on 100 trials"],
    ["eval model.mat --trials 1000 --seed 1", "more of them, always the same"],
    ["eval model.mat --spiking", "rate and spiking network side by side"],
    [
      "eval model.mat --spiking --factor 50",
      "with a scaling factor of your own",
    ],
    ["eval model.mat --from I --to I --scale 0.7", "with weaker synapses"],
    ["eval model.mat --lesion SST", "without a population"],
    ["eval models --spiking", "every model in a folder, and their mean"],
  ],
  needs: ({ flags, operands }) => ({
    read: operands.length > 0 ? operands : [join(flags.output_dir, "models")],
  }),
  async run(given: Invocation<typeof evalFlags>) {
    await (await import("../work/eval.ts")).run(given);
  },
});
