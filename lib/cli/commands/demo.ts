/** `demo`: from nothing to a verified spiking network. */
import { type Command, defineCommand, type Invocation } from "../command.ts";
import { readWrite } from "../../runs/needs.ts";
import { backendFlags, outputFlags } from "../../runs/common_flags.ts";
import {
  fallbacks,
  type Flags,
  grouped,
  hidden,
  text,
} from "../../settings/kinds.ts";
import { whole } from "../../settings/numbers.ts";
import { formatDuration } from "../../runs/format.ts";
import { trainFlags } from "../../runs/train_flags.ts";
import { underPreset } from "../../runs/preset.ts";
import { mapFlags } from "../../runs/map_flags.ts";
import { mapModels } from "../../runs/map_run.ts";
import { trainAndSave } from "../../runs/train_run.ts";
import evalCommand from "./eval.ts";
import reportCommand from "./report.ts";

const demoFlags = {
  ...grouped("Running", {
    // Not every network maps as well: some seeds give spiking networks that
    // answer where they should keep still in every other trial.
    seed: whole("seed of all random numbers; networks differ in how they map", {
      min: 0,
      fallback: 7,
    }),
  }),
  ...backendFlags,
  // For tests and the impatient: a demo that need not succeed.
  ...hidden({
    n_trials: whole("largest number of updates", {
      min: 1,
      fallback: trainFlags.n_trials.fallback as number,
    }),
    trials: whole("trials of a factor, and of the comparison", {
      min: 1,
      fallback: 100,
    }),
  }),
  ...grouped("Output", {
    output_dir: text("folder in which models/… is made", {
      fallback: "demo",
      placeholder: "FOLDER",
      path: "folder",
    }),
  }),
  ...outputFlags,
} satisfies Flags;

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
  async run({ flags, output, commands }: Invocation<typeof demoFlags>) {
    const start = performance.now();
    const { seed, backend, workers, trials } = flags;
    const shared = { seed, backend, workers, trials };
    output.result("Train: 200 units on Go-NoGo, to the stopping rule");
    const { path } = await trainAndSave(
      underPreset(
        { ...fallbacks(trainFlags), ...flags, task: "go-nogo" },
        new Set(Object.keys(flags)),
      ),
      output,
    );
    output.result("\nMap: search the scaling factor of the spiking twin");
    await mapModels([path], {
      flags: { ...fallbacks(mapFlags), ...shared, write_anyway: true },
      output,
    });
    output.result("\nCompare: the rate network and its spiking twin");
    await call(evalCommand, { ...shared, spiking: true }, path, {
      output,
      commands,
    });
    output.result("\nReport: one page with all figures");
    await call(reportCommand, shared, path, { output, commands });
    const seconds = (performance.now() - start) / 1000;
    output.result(
      `\nDone in ${
        formatDuration(seconds)
      }. Files: ${path}, and its report beside it`,
    );
  },
});

/** Runs another command as if it had been typed. */
async function call(
  command: Command,
  settings: Readonly<Record<string, unknown>>,
  operand: string,
  rest: Pick<Invocation<Flags>, "output" | "commands">,
): Promise<void> {
  await command.run({
    flags: { ...fallbacks(command.flags), ...settings },
    given: new Set(Object.keys(settings)),
    operands: [operand],
    ...rest,
  });
}
