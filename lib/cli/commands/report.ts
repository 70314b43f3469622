/** `report`: one page about a saved network. */
import { dirname } from "node:path";
import { makeReport } from "../../report/report.ts";
import { unitCount } from "../../network/geometry.ts";
import { commandLines } from "../../runs/again.ts";
import { type PlannedWork, withBackend } from "../../runs/backend_choice.ts";
import { defineCommand, type Invocation } from "../command.ts";
import { readWrite, together } from "../../runs/needs.ts";
import {
  backendFlags,
  outputFlags,
  taskFlags,
} from "../../runs/common_flags.ts";
import { figureSeed, figureSeedFlags, twinOf } from "../figure_flags.ts";
import {
  apart,
  type Flags,
  grouped,
  isFree,
  text,
} from "../../settings/kinds.ts";
import { whole } from "../../settings/numbers.ts";
import { interruptible } from "../../runs/interrupt.ts";
import { makeFile } from "../../runs/making.ts";
import { checkTarget, forceFlag, writeTarget } from "../overwriting.ts";
import { figureProgress } from "../progress/figures.ts";
import { factorFlags, mappingFlags } from "../../runs/spiking_flags.ts";
import { readModelFor, remarkOn } from "../../runs/model_remarks.ts";
import { openTaskOf } from "../../runs/task.ts";

const reportFlags = {
  ...grouped("Report", {
    ...apart("person", {
      output: {
        ...text("file to write", {
          fallback: undefined,
          placeholder: "FILE.html",
          path: "file",
          shown: "beside the model, …_report.html",
        }),
        aliases: ["out"],
      },
    }),
    trials: whole("trials behind the performances", {
      min: 1,
      max: 1_000_000,
      fallback: 100,
    }),
  }),
  ...taskFlags,
  ...factorFlags,
  ...mappingFlags,
  ...figureSeedFlags,
  ...backendFlags,
  ...forceFlag,
  ...outputFlags,
} satisfies Flags;

/** Makes the report. */
export default defineCommand({
  usage: ["MODEL.mat [FLAGS]"],
  description:
    "Makes a report of a saved network: one HTML page, which needs no network, with performances on fresh trials, all figures, the diagnosis of its conversion to spikes, settings, seed, what to cite and the command lines that give the same again.",
  operands: { name: "MODEL.mat", brief: "a model file", least: 1, most: 1 },
  flags: reportFlags,
  examples: [
    ["report model.mat", "beside the model"],
    ["report model.mat --factor 50", "with a scaling factor of your own"],
    ["report model.mat --output report.html --trials 1000", "more trials"],
  ],
  needs: ({ flags: { output: out }, operands: [path] }) =>
    together({ read: [path] }, readWrite(dirname(out ?? path))),
  async run(invocation: Invocation<typeof reportFlags>) {
    const { flags, operands: [path], output } = invocation;
    const model = await readModelFor(path, output);
    using opened = await openTaskOf(
      model,
      flags,
      (remark) => remarkOn(path, output, remark),
    );
    const { task } = opened;
    const spiking = await twinOf(flags, model, task);
    const seed = figureSeed(flags.seed, model);
    const target = flags.output ?? path.replace(/(\.mat)?$/i, "_report.html");
    const work: PlannedWork = {
      kind: spiking ? "simulate" : "train",
      units: unitCount(model.network),
      steps: task.steps,
      trials: flags.trials,
      times: 1,
    };
    const place = await checkTarget(target, {
      kind: "html",
      force: flags.force,
      named: flags.output !== undefined,
    });
    await makeFile(target, output, async () => {
      const page = await interruptible((interruption) =>
        withBackend(
          flags,
          work,
          {
            output,
            interruption,
            keep: { folder: dirname(path), write: false },
          },
          (backend) =>
            makeReport({
              path,
              model,
              task,
              spiking,
              seed,
              trials: flags.trials,
              again: commandLines(model, path, {
                ...asked(invocation),
                trials: flags.trials,
                seed,
              }),
              backend,
              signal: interruption.signal,
              onProgress: figureProgress("report", output),
            }),
        ), { output, next: "no report is written" });
      output.endProgress();
      const bytes = new TextEncoder().encode(page);
      return await writeTarget(place, bytes, (remark) => output.note(remark));
    });
  },
});

/** What was asked, without what changes nothing of the report. */
function asked(
  { flags, given }: Invocation<typeof reportFlags>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(flags)
      .filter(([name]) => given.has(name) && !isFree(reportFlags, name)),
  );
}
