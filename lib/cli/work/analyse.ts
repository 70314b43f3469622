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
  figureFiles,
  filesOf,
  sharedFiles,
} from "../../runs/analyse/files.ts";
import { analysisNames } from "../../runs/analyse/registry.ts";
import type {
  AnalysisEvent,
  AnalysisResult,
} from "../../runs/analyse/types.ts";
import { type PlannedWork, withBackend } from "../../runs/backend_choice.ts";
import { workersOf } from "../../runs/common_flags.ts";
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
import { type Engine, localEngine } from "../../report/render/engine.ts";
import {
  type WorkerEngine,
  workerEngine,
} from "../../report/render/worker_engine.ts";
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
  const { spikes: file } = flags;
  const analyses = asked.map((name) => analysisName(name, file));
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
  const writing = new Writing(given, folder);
  try {
    await interruptible(
      (interruption) =>
        work(
          {
            binMs: flags.bin,
            signal: interruption.signal,
            pause: interruption.breathe,
          },
          (events) => asUsage(() => follow(given, events, writing)),
          interruption,
        ),
      { output, next: "analyses that are not done yet are left out" },
    );
  } catch (error) {
    if (!isAbort(error)) throw error;
    await writing.drawn();
    throw new InterruptedError(
      writing.done.length === 0
        ? "Interrupted: nothing was written"
        : `Interrupted: written are ${writing.done.join(", ")}, in ${folder}`,
      { cause: error },
    );
  } finally {
    await writing.end();
    if (writing.done.length === 0) await prepared.undo();
  }
}

/** Prints and writes what analyses find, as they find it. */
async function follow(
  { flags, operands, output }: Given,
  events: AsyncIterable<AnalysisEvent>,
  writing: Writing,
): Promise<void> {
  const show = analysisProgress(output);
  const { asked } = placesOf(flags, operands);
  for await (const event of events) {
    switch (event.kind) {
      case "simulated":
      case "analysing":
        writing.prepare();
        show(event);
        break;
      case "leftOut":
        output.note(`leaving out ${event.analysis}: ${event.reason}`);
        output.event({ ...event });
        break;
      case "analysis": {
        output.endProgress();
        const { analysis, result, seconds } = event;
        await writing.write(analysis, result);
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
        const { done, folder } = writing;
        const { leftOut } = event;
        if (done.length === 0) throw nothingMade(leftOut);
        await writing.drawn();
        output.event({ kind: "analysed", made: done, leftOut });
        output.result(`\nsaved in ${folder}: ${done.join(", ")}`);
        if (asked.length > 0) checkAllMade(leftOut);
      }
    }
  }
}

/**
 * The files of analyses: tables and arrays as soon as an analysis is done, and
 * with them the tables of all that are. Figures are drawn in a worker, while the
 * next analysis computes; in this thread if it is to be the only one, since the
 * start of another one takes longer than drawing.
 */
class Writing {
  /** Names of the analyses whose tables and arrays are written. */
  readonly done: string[] = [];
  readonly folder: string;
  readonly #given: Given;
  readonly #results: Record<string, AnalysisResult> = {};
  /** Files that were told of: those of all analyses are written again and again. */
  readonly #told = new Set<string>();
  readonly #alone: boolean;
  #engine: WorkerEngine | undefined;
  #drawing: Promise<void> = Promise.resolve();
  #failed = false;

  constructor(given: Given, folder: string) {
    this.#given = given;
    this.folder = folder;
    this.#alone = workersOf(given.flags) === 1;
  }

  /** Loads what draws, beside the work that is going on. */
  prepare(): void {
    if (this.#engine || this.#alone) return;
    this.#engine = workerEngine();
    // What fails now fails again where a figure is drawn, and is told there.
    this.#engine.prepare().catch(() => {});
  }

  /**
   * Writes what an analysis found, and has its figures drawn.
   *
   * @throws what went wrong with figures before, and with these files
   */
  async write(analysis: string, result: AnalysisResult): Promise<void> {
    if (this.#failed) await this.#drawing;
    this.#results[analysis] = result;
    for (const file of filesOf(analysis, result)) await this.#writeFile(file);
    for (const file of sharedFiles(this.#results)) await this.#writeFile(file);
    this.done.push(analysis);
    this.prepare();
    const { format } = this.#given.flags;
    const engine: Engine = this.#engine ?? localEngine();
    const drawing = this.#drawing.then(async () => {
      for await (const file of figureFiles(result, format, engine)) {
        await this.#writeFile(file);
      }
    });
    drawing.catch(() => this.#failed = true);
    this.#drawing = drawing;
  }

  /**
   * Waits for the figures.
   *
   * @throws what went wrong with one of them
   */
  drawn(): Promise<void> {
    return this.#drawing;
  }

  /** Ends the worker, whose figures that are not drawn yet are not. */
  async end(): Promise<void> {
    this.#engine?.close();
    await this.#drawing.catch(() => {});
  }

  async #writeFile({ name, kind, bytes }: AnalysisFile): Promise<void> {
    const { flags: { force }, output } = this.#given;
    const place = await checkTarget(join(this.folder, name), {
      kind,
      force,
      named: true,
    });
    const note = (remark: string) => output.note(remark);
    const path = await writeTarget(place, bytes, note);
    if (this.#told.has(path)) return;
    this.#told.add(path);
    output.saved(path);
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

function analysisName(name: string, spikes?: string): string {
  const known = analysisNames.find((other) => other === name.toLowerCase());
  if (known) return known;
  const near = nearest(name, analysisNames);
  throw new UsageError(
    /[./\\]/.test(name)
      ? `Cannot analyse ${JSON.stringify(name)}: ` +
        (spikes === undefined
          ? "one model at a time is analysed, run analyse for each"
          : `--spikes ${spikes} is analysed in place of a network; leave one ` +
            "of them out")
      : `Cannot analyse ${JSON.stringify(name)}: the analyses are ` +
        analysisNames.join(", ") + (near ? ` (did you mean ${near}?)` : ""),
  );
}
