/** `demo`: from nothing to a verified spiking network. */
import { defineCommand, type Invocation } from "../command.ts";
import { readWrite } from "../../runs/needs.ts";
import { demoFlags } from "../flags/demo.ts";

/** Trains, maps and compares. */
export default defineCommand({
  usage: ["[FLAGS]"],
  description:
    "Trains a Go-NoGo network of 200 units to its stopping rule, maps it to a network of leaky integrate-and-fire units, evaluates both side by side, makes a report with all figures, and says which files it wrote.",
  flags: demoFlags,
  examples: [
    ["demo", "into the folder demo"],
    ["demo --seed 2 --output_dir elsewhere", "another network, another folder"],
  ],
  needs: ({ flags }) => readWrite(flags.output_dir),
  async run(given: Invocation<typeof demoFlags>) {
    await (await import("../work/demo.ts")).run(given);
  },
});
