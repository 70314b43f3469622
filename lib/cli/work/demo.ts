/** What `demo` does. */
import type { Invocation } from "../command.ts";
import { fallbacks, type Flags, type Values } from "../../settings/kinds.ts";
import { commandLine } from "../../runs/command_line.ts";
import { formatDuration } from "../../runs/format.ts";
import { trainFlags } from "../../runs/train_flags.ts";
import { underPreset } from "../../runs/preset.ts";
import { mapFlags } from "../../runs/map_flags.ts";
import { mapModels } from "../../runs/map_run.ts";
import { trainAndSave } from "../../runs/train_run.ts";
import { run as evaluate } from "./eval.ts";
import { run as report } from "./report.ts";
import { evalFlags } from "../../runs/eval_flags.ts";
import { reportFlags } from "../flags/report.ts";
import type { demoFlags } from "../flags/demo.ts";

/** Trains, maps and compares. */
export async function run(
  { flags, output, commands }: Invocation<typeof demoFlags>,
): Promise<void> {
  const start = performance.now();
  const { seed, backend, workers, trials } = flags;
  const shared = { seed, backend, workers, trials };
  output.result(`Train: ${flags.N} units on Go-NoGo, to the stopping rule`);
  const { path } = await trainAndSave(
    underPreset(
      // The report shows how training went.
      { ...fallbacks(trainFlags), ...flags, task: "go-nogo", plots: false },
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
  const rest = { operands: [path], output, commands };
  const [evaluated] = await evaluate({
    ...asTyped(evalFlags, { ...shared, spiking: true }),
    ...rest,
  });
  output.result("\nReport: one page with all figures");
  const page = await report({
    ...asTyped(reportFlags, { ...shared, open: flags.open }),
    ...rest,
  }, evaluated);
  const seconds = (performance.now() - start) / 1000;
  const next = (...args: string[]) =>
    "  " + commandLine(args, { folder: flags.output_dir });
  for (
    const line of [
      `\nDone in ${formatDuration(seconds)}. What it made:`,
      `  ${path} (both networks; MATLAB and Python read it)`,
      `  ${page} (open it in a browser)`,
      "\nGo on with",
      next("simulate", path, "--trials", "20", "--record", "voltages", "rates"),
      next("map", path, "--calibrate", "readout", "units"),
      next("train", "--task", "xor", "--output_dir", flags.output_dir),
      `  ${commandLine(["help"], { folder: flags.output_dir })}`,
    ]
  ) output.result(line);
}

/** Flags of another command as if they had been typed. */
function asTyped<F extends Flags>(
  flags: F,
  settings: Partial<Values<F>>,
): Pick<Invocation<F>, "flags" | "given"> {
  return {
    flags: { ...fallbacks(flags), ...settings },
    given: new Set(Object.keys(settings)),
  };
}
