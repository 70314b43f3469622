/** `simulate`: runs trials of a saved network and writes what they gave. */
import { dirname } from "node:path";
import { defineCommand, type Invocation } from "../command.ts";
import {
  folderOfModel,
  readWrite,
  together,
  usualModels,
} from "../../runs/needs.ts";
import { newestOperand } from "../flags/shared.ts";
import { simulateFlags } from "../flags/simulate.ts";

/** Runs trials and saves them. */
export default defineCommand({
  usage: ["[MODEL.mat|FOLDER] [FLAGS]"],
  description:
    "Runs trials of a spiking network (or, with --rate, of the rate network that it comes from) and writes stimuli, outputs, spikes, firing rates and what else is recorded to a file of MATLAB, NumPy or NWB. Both networks take the same stimuli, for the same seed, and the same perturbations.",
  operands: newestOperand,
  flags: simulateFlags,
  main: [
    "trial",
    "trials",
    "stimulus",
    "rate",
    "factor",
    "stim",
    "stim_units",
    "stim_window",
    "lesion",
    "noise",
    "output",
    "format",
    "record",
    "seed",
  ],
  examples: [
    ["simulate model.mat", "one trial of every condition"],
    [
      "simulate model.mat --trial go --trials 20 --record voltages rates",
      "20 Go trials, with membrane voltages",
    ],
    [
      "simulate model.mat --stim inh --stim_units SST --stim_window 250:375",
      "inhibit the SST units while the cue is on",
    ],
    [
      "simulate model.mat --lesion PV --output lesioned.npz",
      "without PV units",
    ],
    [
      "simulate model.mat --from SST --scale 0 --window 375:750",
      "without the synapses of SST units for a while",
    ],
    ["simulate model.mat --stimulus u.mat --rate", "a stimulus of your own"],
    [
      "simulate model.mat --trials 50 --format nwb",
      "a file for pynapple, Elephant, SpikeInterface",
    ],
  ],
  needs: ({ flags, operands: [path = usualModels] }) =>
    together(
      { read: [path] },
      readWrite(
        flags.output ? dirname(flags.output) : folderOfModel(path),
      ),
    ),
  async run(given: Invocation<typeof simulateFlags>) {
    await (await import("../work/simulate.ts")).run(given);
  },
});
