/** `info`: what a model file holds. */
import { defineCommand, type Invocation } from "../command.ts";
import { outputFlags } from "../../runs/common_flags.ts";

/** Says what a model file holds. */
export default defineCommand({
  usage: ["MODEL.mat [FLAGS]"],
  description:
    "Says what a model file holds: units by type, synapses, decay time constants, spectral radius of the effective weights, how the network was trained, and its scaling factor if it has been searched. Reads files of the original as well.",
  operands: { name: "MODEL.mat", brief: "a model file", least: 1, most: 1 },
  flags: outputFlags,
  examples: [
    ["info model.mat", "in words"],
    ["info model.mat --json", "as one JSON object"],
  ],
  needs: ({ operands }) => ({ read: operands }),
  async run(given: Invocation<typeof outputFlags>) {
    await (await import("../work/info.ts")).run(given);
  },
});
