/** What `report` does. */
import { pathOutside } from "../../formats/archive_path.ts";
import { dirname } from "node:path";
import type { Diagnosis } from "../../map/diagnosis_types.ts";
import { makeReport } from "../../report/report.ts";
import { unitCount } from "../../network/geometry.ts";
import { commandLines } from "../../runs/again.ts";
import { type PlannedWork, withBackend } from "../../runs/backend_choice.ts";
import type { Invocation } from "../command.ts";
import { figureSeed, twinOf } from "../figure_flags.ts";
import { isFree } from "../../settings/kinds.ts";
import { interruptible } from "../../runs/interrupt.ts";
import { makeFile } from "../../runs/making.ts";
import { checkTarget, writeTarget } from "../overwriting.ts";
import { asUsage, UsageError } from "../../runs/errors.ts";
import type { Evaluation } from "../../runs/evaluation.ts";
import { analysesOfReport } from "../../runs/report_analyses.ts";
import { analysisProgress } from "../progress/analyses.ts";
import { figureProgress } from "../progress/figures.ts";
import { openPage } from "../../runs/open_page.ts";
import { theModel } from "../../runs/newest_model.ts";
import { readModelFor, remarkOn } from "../../runs/model_remarks.ts";
import { openTaskOf } from "../../runs/task.ts";
import { reportFlags } from "../flags/report.ts";

/**
 * Makes the report.
 *
 * @param evaluated what `eval` found of the model, if it was just evaluated
 * @returns the report's path
 */
export async function run(
  invocation: Invocation<typeof reportFlags>,
  evaluated?: Evaluation,
): Promise<string> {
  const { flags, operands: [named], output } = invocation;
  const path = await theModel(named, "report on", output);
  const model = await readModelFor(path, output);
  using opened = await openTaskOf(
    model,
    flags,
    (remark) => remarkOn(path, output, remark),
  );
  const { task } = opened;
  const spiking = await twinOf(flags, model, task);
  const seed = figureSeed(flags.seed, model);
  const target = flags.output ??
    pathOutside(path).replace(/(\.mat)?$/i, "_report.html");
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
  if (flags.output !== undefined && !/\.html?$/i.test(flags.output)) {
    throw new UsageError(
      `Cannot write the report to ${flags.output}: its name must end in .html`,
    );
  }
  const made = await makeFile(target, output, async () => {
    const page = await interruptible((interruption) =>
      withBackend(
        flags,
        work,
        {
          output,
          interruption,
          keep: { folder: dirname(path), write: false },
        },
        async (backend) => {
          const { signal, breathe: pause } = interruption;
          let onProgress: ReturnType<typeof figureProgress> | undefined;
          const analyses = async () => {
            const found = await asUsage(() =>
              analysesOfReport({ model, task, twin: spiking, backend }, {
                names: flags.analyse?.map((name) => name.toLowerCase()),
                seed,
                signal,
                pause,
                onEvent: analysisProgress(output),
              })
            );
            output.endProgress();
            onProgress = figureProgress("report", output);
            return found;
          };
          return await makeReport({
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
            analyses: analyses(),
            diagnosis: knownDiagnosis(evaluated, {
              seed,
              trials: flags.trials,
              backend: backend.description,
            }),
            backend,
            signal,
            onProgress: (event) => onProgress?.(event),
          });
        },
      ), { output, next: "no report is written" });
    output.endProgress();
    const bytes = new TextEncoder().encode(page);
    return await writeTarget(place, bytes, (remark) => output.note(remark));
  });
  if (flags.open) await openPage(made, output);
  return made;
}

/** The diagnosis of an evaluation, if it is of the report's own trials. */
function knownDiagnosis(
  evaluated: Evaluation | undefined,
  { seed, trials, backend }: {
    readonly seed: number;
    readonly trials: number;
    readonly backend: string;
  },
): Diagnosis | undefined {
  const same = evaluated?.seed === seed && evaluated.trials === trials &&
    evaluated.backend === backend && evaluated.modified === undefined;
  return same ? evaluated.spiking?.diagnosis : undefined;
}

/** What was asked, without what changes nothing of the report. */
function asked(
  { flags, given }: Invocation<typeof reportFlags>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(flags)
      .filter(([name]) => given.has(name) && !isFree(reportFlags, name)),
  );
}
