/** `train`: trains a rate network, saves it, says how well it does. */
import { defineCommand, type Invocation } from "../command.ts";
import { trainNeeds } from "../../runs/train_files.ts";
import { trainFlags } from "../../runs/train_flags.ts";

/** Trains a rate network. */
export default defineCommand({
  usage: ["[FLAGS]"],
  description:
    "Trains a rate network on a task by backpropagation through time, until its criteria are met or the updates are used up, and saves it as a MATLAB file under FOLDER/models. Flags may be written with dashes or underscores, as --flag value or --flag=value. Ctrl-C stops the training and saves the network so far; --resume continues a run that was stopped or killed.",
  flags: trainFlags,
  main: [
    "task",
    "N",
    "preset",
    "n_trials",
    "seed",
    "output_dir",
    "output",
    "resume",
    "P_inh",
    "apply_dale",
    "act",
    "decay_taus",
    "n_layers",
    "workers",
    "config",
    "dashboard",
  ],
  examples: [
    ["train --task go-nogo", "200 units, 80 % of them excitatory, seed drawn"],
    [
      "train --task xor --N 250 --decay_taus 4 25 --seed 1 --output_dir runs",
      "a larger network with decay time constants of 20 to 125 ms",
    ],
    ["train --task mante --act softplus --loss_fn l1", "another activation"],
    [
      "train --task xor --preset paper",
      "the original's recipe, one trial per update",
    ],
    ["train --config network.toml --seed 2", "settings from a file"],
    ["train --resume models/xor/…/NAME.run", "continue a killed run"],
    ["train --task ./my_task.ts --json", "a task of your own, events as JSON"],
  ],
  needs: ({ flags }) => trainNeeds(flags),
  async run({ flags, given, output }: Invocation<typeof trainFlags>) {
    if (given.has("gpu_frac")) {
      output.note("--gpu_frac: no effect here, memory is taken as needed");
    }
    const { trainAsAsked } = await import("../../runs/train_run.ts");
    await trainAsAsked(flags, given, output);
  },
});
