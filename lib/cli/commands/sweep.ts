/** `sweep`: many networks by a plan, on this machine or on a cluster. */
import { defineCommand, type Invocation } from "../command.ts";
import { readWrite, together } from "../../runs/needs.ts";
import {
  engineNeeds,
  sweepActions,
  sweepFlags,
} from "../../runs/sweep/flags.ts";

/** Runs sweeps and says how they came out. */
export default defineCommand({
  usage: [
    "PLAN.toml|PLAN.json [FLAGS]",
    "status|results|report|archive|cancel FOLDER [FLAGS]",
    "point FOLDER POINT...",
  ],
  description:
    "Trains, maps and evaluates a network for every point of a plan: every combination of the settings that it varies, with every seed. Each point has a folder of its own under FOLDER/NAME/points and continues from its last checkpoint when you run the same command again; points that are done are not run again. `status` says how much of a sweep is done, `results` prints one row for each network, `report` writes tables and figures, `archive` puts networks that are done into archives of a hundred, `point` runs single points in this process, `cancel` cancels what is queued on a cluster.",
  operands: {
    name: "PLAN|ACTION",
    brief: "a plan, or what to do with a sweep's folder",
    words: sweepActions,
    least: 1,
    most: Infinity,
  },
  flags: sweepFlags,
  examples: [
    ["sweep sizes.toml", "all points, on all cores"],
    [
      "sweep sizes.toml --engine slurm",
      "on a cluster: submit, follow, collect",
    ],
    ["sweep status sweeps/sizes", "how many are done, which failed and why"],
    ["sweep results sweeps/sizes > sizes.csv", "one row for each network"],
    ["sweep report sweeps/sizes", "tables and figures, with intervals"],
    [
      "sweep sizes.toml --archive",
      "a hundred networks a file, in place of a folder each",
    ],
  ],
  needs({ flags, operands: [first, folder] }) {
    if (["status", "results"].includes(first)) return { read: [folder] };
    const run = engineNeeds(first === "cancel" ? "slurm" : flags.engine);
    return (sweepActions as readonly string[]).includes(first)
      ? together(readWrite(folder), first === "cancel" ? run : {})
      : together({ read: [first] }, readWrite(flags.output_dir), run);
  },
  async run(given: Invocation<typeof sweepFlags>) {
    await (await import("../work/sweep.ts")).run(given);
  },
});
