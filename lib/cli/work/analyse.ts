/** What `analyse` does: what activity says, in numbers, tables and figures. */
import { join } from "node:path";
import { unitCount } from "../../network/geometry.ts";
import { readSpikes } from "../../formats/spikes/read.ts";
import {
  analyse,
  type AnalyseOptions,
  nothingMade,
} from "../../runs/analyse/analyse.ts";
import { spikesToAnalyse } from "../../runs/analyse/recorded.ts";
import {
  type AnalysisFile,
  filesOf,
  sharedFiles,
} from "../../runs/analyse/files.ts";
import { analysisNames } from "../../runs/analyse/registry.ts";
import type {
  AnalysisEvent,
  AnalysisResult,
} from "../../runs/analyse/types.ts";
import { type PlannedWork, withBackend } from "../../runs/backend_choice.ts";
import {
  asUsage,
  FailureError,
  InterruptedError,
  UsageError,
} from "../../runs/errors.ts";
import {
  interruptible,
  type Interruption,
  isAbort,
} from "../../runs/interrupt.ts";
import { theModel } from "../../runs/newest_model.ts";
import { readModelFor, remarkOn } from "../../runs/model_remarks.ts";
import { prepareFolder } from "../../runs/resources.ts";
import { openTaskOf } from "../../runs/task.ts";
import { nearest } from "../../tasks/nearest.ts";
import type { Invocation } from "../command.ts";
import { figureSeed, twinOf } from "../figure_flags.ts";
import { type analyseFlags, folderOf, placesOf } from "../flags/analyse.ts";
import type { Output } from "../output.ts";
import { checkFolder, checkTarget, writeTarget } from "../overwriting.ts";
import { analysisProgress } from "../progress/analyses.ts";

type Given = Invocation<typeof analyseFlags>;

/** Analyses a network, or spikes. */
export async function run(given: Given): Promise<void> {
  const { flags, operands, output } = given;
  const { named, asked } = placesOf(flags, operands);
  const analyses = asked.map(analysisName);
  const { spikes: file } = flags;
  if (file === undefined) {
    for (const name of ["condition", "align"] as const) {
      if (flags[name] !== undefined) {
        throw new UsageError(`Cannot use --${name} without --spikes`);
      }
    }
    const path = await theModel(named, "analyse", output);
    return await analyseModel(given, path, analyses);
  }
  const recorded = await asUsage(() =>
    readSpikes(file, { condition: flags.condition, align: flags.align })
  );
  for (const remark of recorded.remarks) remarkOn(file, output, remark);
  await written(
    given,
    folderOf(file, flags),
    (options, listen) =>
      listen(analyse(spikesToAnalyse(recorded), {
        ...options,
        ...requested(analyses),
        seed: flags.seed ?? 1,
      })),
  );
}

async function analyseModel(
  given: Given,
  path: string,
  analyses: readonly string[],
): Promise<void> {
  const { flags, output } = given;
  const model = await readModelFor(path, output);
  using opened = await openTaskOf(
    model,
    flags,
    (remark) => remarkOn(path, output, remark),
  );
  const { task } = opened;
  const twin = await twinOf(flags, model, task);
  const seed = figureSeed(flags.seed, model);
  const work: PlannedWork = {
    kind: twin ? "simulate" : "train",
    units: unitCount(model.network),
    steps: task.steps,
    trials: flags.trials * task.conditions.length,
    times: 1,
  };
  await written(
    given,
    folderOf(path, flags),
    (options, listen, interruption) =>
      withBackend(
        flags,
        work,
        { output, interruption },
        (backend) =>
          listen(analyse(
            { model, task, twin, trials: flags.trials, backend },
            { ...options, ...requested(analyses), seed },
          )),
      ),
  );
}

/** Of several analyses, those that cannot be made do not stop the others. */
function requested(
  analyses: readonly string[],
): Pick<AnalyseOptions, "analyses" | "leaveOut"> {
  return { analyses, leaveOut: new Set(analyses).size > 1 };
}

/** What every analysis of the command is made with. */
type Shared = Pick<AnalyseOptions, "binMs" | "signal" | "pause">;

/** Runs analyses into a folder, which Ctrl-C can stop. */
async function written(
  given: Given,
  folder: string,
  work: (
    options: Shared,
    listen: (events: AsyncIterable<AnalysisEvent>) => Promise<void>,
    interruption: Interruption,
  ) => Promise<void>,
): Promise<void> {
  const { flags, output } = given;
  await checkFolder(folder, "analyses");
  const prepared = await prepareFolder(folder);
  const done: string[] = [];
  try {
    await interruptible((interruption) =>
      work(
        {
          binMs: flags.bin,
          signal: interruption.signal,
          pause: interruption.breathe,
        },
        (events) => asUsage(() => follow(given, events, folder, done)),
        interruption,
      ), { output, next: "analyses that are not done yet are left out" });
  } catch (error) {
    if (!isAbort(error)) throw error;
    throw new InterruptedError(
      done.length === 0
        ? "Interrupted: nothing was written"
        : `Interrupted: written are ${done.join(", ")}, in ${folder}`,
      { cause: error },
    );
  } finally {
    if (done.length === 0) await prepared.undo();
  }
}

/** Prints and writes what analyses find, as they find it. */
async function follow(
  { flags, operands, output }: Given,
  events: AsyncIterable<AnalysisEvent>,
  folder: string,
  done: string[],
): Promise<void> {
  const write = (file: AnalysisFile) => writeFile(file, folder, flags, output);
  const show = analysisProgress(output);
  const { asked } = placesOf(flags, operands);
  for await (const event of events) {
    switch (event.kind) {
      case "simulated":
      case "analysing":
        show(event);
        break;
      case "leftOut":
        output.note(`leaving out ${event.analysis}: ${event.reason}`);
        output.event({ ...event });
        break;
      case "analysis": {
        output.endProgress();
        const { analysis, result, seconds } = event;
        for (const file of await filesOf(analysis, result, flags.format)) {
          await write(file);
        }
        done.push(analysis);
        tell(analysis, result, output);
        output.event({
          kind: "analysis",
          analysis,
          seconds,
          scalars: result.scalars,
          summary: result.summary,
          remarks: result.remarks ?? [],
        });
        break;
      }
      case "analysed": {
        const { results, leftOut } = event;
        if (done.length === 0) throw nothingMade(leftOut);
        for (const file of sharedFiles(results)) await write(file);
        output.result(`\nsaved in ${folder}: ${done.join(", ")}`);
        if (asked.length > 0) checkAllMade(leftOut);
      }
    }
  }
}

/** @throws {FailureError} if an analysis that was named could not be made */
function checkAllMade(leftOut: Readonly<Record<string, string>>): void {
  const names = Object.keys(leftOut);
  if (names.length === 0) return;
  throw new FailureError(
    `Cannot analyse ${names.join(", ")}: the other analyses were made`,
  );
}

function tell(name: string, result: AnalysisResult, output: Output): void {
  output.result(`\n${name}`);
  for (const line of result.summary) output.result(`  ${line}`);
  for (const remark of result.remarks ?? []) output.note(`  ${remark}`);
}

async function writeFile(
  { name, kind, bytes }: AnalysisFile,
  folder: string,
  { force }: Given["flags"],
  output: Output,
): Promise<void> {
  const place = await checkTarget(join(folder, name), {
    kind,
    force,
    named: true,
  });
  const path = await writeTarget(place, bytes, (remark) => output.note(remark));
  output.saved(path);
}

function analysisName(name: string): string {
  const known = analysisNames.find((other) => other === name.toLowerCase());
  if (known) return known;
  const near = nearest(name, analysisNames);
  throw new UsageError(
    /[./\\]/.test(name)
      ? `Cannot analyse ${JSON.stringify(name)}: one model at a time is ` +
        "analysed, run analyse for each"
      : `Cannot analyse ${JSON.stringify(name)}: the analyses are ` +
        analysisNames.join(", ") + (near ? ` (did you mean ${near}?)` : ""),
  );
}
