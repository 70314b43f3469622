/** `perturb`: what changed synapses, lesions, noise and stimulation do. */
import { dirname } from "node:path";
import { defineCommand, type Invocation } from "../command.ts";
import { readWrite, together } from "../../runs/needs.ts";
import { perturbFlags } from "../../runs/perturb_flags.ts";

/** Perturbs a network, at one point or on a grid. */
export default defineCommand({
  usage: ["MODEL.mat --scale|--cut|--shuffle|--lesion|--noise|--stim [FLAGS]"],
  description:
    "Changes a saved network and says what that does: synapses between classes of units scaled, cut or shuffled, for whole trials or in windows of time, units lesioned or stimulated, noise made stronger. Rate network and spiking twin have the same synapses changed and run the same trials as the intact network, so that each point is compared trial by trial: change of performance with its paired 95 % interval and McNemar's exact p. Several classes, amounts and windows make a grid; a table and figures of it are written into a folder.",
  operands: { name: "MODEL.mat", brief: "a model file", least: 1, most: 1 },
  flags: perturbFlags,
  main: [
    "from",
    "to",
    "scale",
    "cut",
    "shuffle",
    "window",
    "lesion",
    "noise",
    "stim",
    "stim_window",
    "together",
    "network",
    "trials",
    "output",
    "save",
    "seed",
    "workers",
  ],
  examples: [
    [
      "perturb model.mat --from I --to I --scale 0.7",
      "weaken the synapses between inhibitory units",
    ],
    [
      "perturb model.mat --from E I --to E I --scale 0 0.3 0.7 1 1.5 2",
      "a grid of classes and strengths",
    ],
    [
      "perturb model.mat --from SST --to all --cut 0.1 0.3 --window delay 375:1000",
      "cut shares of synapses, in parts of the trial",
    ],
    [
      "perturb model.mat --lesion 0.1 0.3 --units E PV",
      "lesion shares of the units of two classes",
    ],
    [
      "perturb model.mat --from I --to I --scale 0.7 1.3 --measure timescales",
      "what that does to timescales",
    ],
    [
      "perturb model.mat --from E --to E --scale 1.2 --noise 2 --together",
      "several at once",
    ],
    [
      "perturb model.mat --from I --to E --scale 0.5 --save weak.mat",
      "the changed network as a model of its own",
    ],
  ],
  needs: ({ flags: { output: out, save }, operands: [path] }) =>
    together(
      { read: [path] },
      readWrite(dirname(out ?? path)),
      ...(save === undefined ? [] : [readWrite(dirname(save))]),
    ),
  async run(given: Invocation<typeof perturbFlags>) {
    await (await import("../work/perturb.ts")).run(given);
  },
});
