/** A training run from its flags to the saved model. */
import { countOf } from "../count.ts";
import { DivergedError } from "../network/diverged.ts";
import type { Model } from "../network/records.ts";
import type { Progress, Stopped, TrainingEvent } from "../records/events.ts";
import { train } from "../train/train.ts";
import { withBackend } from "./backend_choice.ts";
import { tellMemory } from "./memory.ts";
import { asUsage, FailureError, InterruptedError } from "./errors.ts";
import { formatDuration, formatNumber, formatPercent } from "./format.ts";
import { interruptible } from "./interrupt.ts";
import { withoutBulk } from "./json.ts";
import { messageOf } from "./messages.ts";
import type { Reporter } from "./reporter.ts";
import { TrainingStatus } from "./progress/training.ts";
import { presetText, underPreset } from "./preset.ts";
import { drawSeed, prepareFolder } from "./resources.ts";
import { checkSameTask, type ResumedRun, resumeRun } from "./resume.ts";
import { RunFolder } from "./run_folder.ts";
import { checkOutput, saveModel } from "./save_model.ts";
import { openCurriculum, openTask } from "./task.ts";
import { trainFlags } from "./train_flags.ts";
import { dated, folderOf, pathOf } from "./train_files.ts";
import {
  describe,
  firstly,
  remarksOn,
  returnRemark,
  stillRemark,
} from "./train_remarks.ts";
import { openPanels } from "./train_panels.ts";
import {
  networkOf,
  recorded,
  resolved,
  trainOptions,
  type TrainSettings,
  workOf,
} from "./train_settings.ts";
import { openWatch, type Watch, type WatchedRun } from "./watch.ts";

/** What a run left. */
export interface TrainedModel {
  readonly model: Model;
  readonly path: string;
  readonly seed: number;
  /** How training ended. */
  readonly stopped: Stopped;
}

/** Something that listens to a run's events: figures, a log, a page. */
export type Listener = (event: Progress) => void | Promise<void>;

/**
 * Trains a network under a preset, or goes on with a run that `resume` names.
 *
 * @param flags of the run
 * @param given names of those that were given; they win over the preset
 * @param output who hears of it
 * @throws as {@linkcode trainAndSave}
 */
export async function trainAsAsked(
  flags: TrainSettings,
  given: ReadonlySet<string>,
  output: Reporter,
): Promise<TrainedModel> {
  if (flags.resume === undefined) {
    return await trainAndSave(underPreset(flags, given), output);
  }
  const run = await resumeRun(flags, given, output);
  try {
    return await trainAndSave(run.settings, output, [], run);
  } finally {
    await run.folder.close(false);
  }
}

/**
 * Trains a network as the flags say, shows how it goes, and saves it.
 *
 * @param settings of the run, as its flags give them
 * @param output where its progress and result go
 * @param listeners that hear of every event
 * @param resumed the run to go on with, in place of a new one
 * @throws {UsageError} for settings that are not allowed
 * @throws {FailureError} if the model cannot be saved, or training diverged
 * @throws {InterruptedError} after Ctrl-C, once the model is saved
 */
export async function trainAndSave(
  given: TrainSettings,
  output: Reporter,
  listeners: readonly Listener[] = [],
  resumed?: ResumedRun,
): Promise<TrainedModel> {
  const settings = await asUsage(() => resolved(given));
  const over = await checkOutput(settings, resumed?.checkpoint);
  const seed = settings.seed ?? drawSeed();
  using opened = await openTask(settings);
  const { task } = opened;
  using easier = await openCurriculum(settings, task, settings.curriculum);
  const begun = resumed?.checkpoint;
  if (begun) await checkSameTask(begun, task);
  await asUsage(() => tellMemory(settings, task.steps, output));
  const network = begun?.state.network ??
    await asUsage(() => networkOf(settings, task, seed));
  const prepared = await prepareFolder(folderOf(settings, task, network));
  const work = workOf(network, task, settings);
  const panels = settings.plots
    ? await openPanels(
      settings,
      task,
      network,
      output,
      begun?.state.evaluations,
    )
    : undefined;
  let watch: Watch | undefined;
  let watched: WatchedRun | undefined;
  let run = resumed?.folder;
  let saved = false;
  let finished = false;
  /** Why the model is not where it belongs, and where it is. */
  let elsewhere: string | undefined;

  /** Saves what a run gave; once it is on disk the folders stay. */
  async function save(model: Model): Promise<string> {
    output.endProgress();
    const time = new Date();
    const place = pathOf(settings, task, network, time);
    const { path, misplaced } = await saveModel(place, dated(model, time), {
      instead: settings.output_dir,
      over,
    });
    saved = true;
    output.saved(path);
    await watched?.saved(path);
    await drawn(async () => {
      for (const file of await panels?.finish(path) ?? []) {
        output.event({ kind: "drawn", path: file });
      }
    });
    if (misplaced !== undefined) {
      elsewhere = `Cannot save the network where it belongs, ${place}: ` +
        `${misplaced}; it was saved as ${path}`;
    }
    return path;
  }

  /** Panels may fail: the training is worth more. */
  async function drawn(draw: () => Promise<void> | undefined): Promise<void> {
    try {
      await draw();
    } catch (error) {
      output.unwritten("the panels", messageOf(error));
    }
  }

  try {
    if (settings.checkpoints) {
      const path = pathOf(settings, task, network, new Date());
      run ??= await RunFolder.make(path, output);
      await run.describe(
        task,
        seed,
        recorded(trainFlags, settings, seed),
        settings,
      );
    }
    watch = await openWatch(settings, output);
    watched = await watch.run(`${task.name}_seed${seed}`);
    const stopped = await interruptible((interruption) => {
      watch?.attach(interruption);
      return withBackend(
        settings,
        work,
        {
          output,
          interruption,
          keep: { folder: folderOf(settings, task, network), write: true },
        },
        async (backend) => {
          output.note(
            `${begun ? `update ${begun.state.update}: going on ` : ""}` +
              `training ${describe(network, task)}` +
              `${
                firstly(easier.tasks)
              } on ${backend.description}, seed ${seed}`,
          );
          output.note(presetText(settings));
          // A run that goes on has said it before.
          const remarks = begun
            ? []
            : remarksOn(network, task, settings, easier.tasks);
          for (const remark of remarks) output.note(remark);
          const status = new TrainingStatus(settings.n_trials);
          const events = train(network, task, {
            ...trainOptions(settings),
            curriculum: easier.tasks,
            seed,
            backend,
            signal: interruption.signal,
            // What was taken, in place of `auto`: another machine may take another.
            settings: recorded(
              trainFlags,
              { ...settings, backend: backend.name },
              seed,
            ),
            checkpoints: settings.checkpoints,
            resume: begun?.state,
          });
          for await (const event of events) {
            if (event.kind === "checkpoint") {
              await run?.listen(event);
              continue;
            }
            output.event(withoutBulk(event));
            for (const listener of listeners) await listener(event);
            await drawn(() => panels?.listen(event));
            await watched?.listen(event);
            const remark = remarkOf(event);
            if (remark !== undefined) output.note(remark);
            const now = status.take(event);
            if (now) output.progress(now);
            if (event.kind === "stopped") return event;
          }
          throw new FailureError("Cannot save the network: training gave none");
        },
      );
    }, {
      output,
      next: "the network after this update is saved",
    });
    const path = await save(stopped.model);
    finished = stopped.reason !== "interrupted" && elsewhere === undefined;
    const trained = conclude(stopped, { path, seed }, output);
    if (elsewhere !== undefined) throw new FailureError(elsewhere);
    return trained;
  } catch (error) {
    if (!(error instanceof InterruptedError)) await watched?.failed(error);
    if (error instanceof DivergedError && error.model) {
      const path = await save(error.model);
      // It would diverge again: nothing is left to go on from, once the model
      // is where it belongs.
      finished = elsewhere === undefined;
      throw new FailureError(
        `${error.message}; the last good state is ${path}`,
        {
          cause: error,
        },
      );
    }
    throw error;
  } finally {
    await run?.close(finished);
    if (!saved) {
      await panels?.discard();
      await prepared.undo();
    }
    await watched?.[Symbol.asyncDispose]();
    await watch?.close();
  }
}

/** What to say of an event beside the progress. */
function remarkOf(event: TrainingEvent): string | undefined {
  if (event.kind === "trained") return stillRemark(event);
  return event.kind === "evaluated" ? returnRemark(event) : undefined;
}

function conclude(
  stopped: Stopped,
  { path, seed }: { path: string; seed: number },
  output: Reporter,
): TrainedModel {
  const { reason, update, seconds, model } = stopped;
  if (reason === "interrupted") {
    throw new InterruptedError(
      `Interrupted after ${
        countOf(update, "update")
      }: the network so far was saved as ${path}`,
    );
  }
  output.result(
    `trained ${countOf(update, "update")} in ${formatDuration(seconds)}: ` +
      criteriaText(stopped),
  );
  const last = model.training?.evaluations.at(-1);
  if (last) {
    output.result(
      `last evaluation: performance ${formatPercent(last.performance)} ` +
        `(strict rule ${formatPercent(last.strict)}), ` +
        `loss ${formatNumber(last.loss)}`,
    );
  }
  output.result(`seed ${seed}`);
  output.result(`saved ${path}`);
  return { model, path, seed, stopped };
}

function criteriaText({ reason, update, firstMet, kept }: Stopped): string {
  const first = firstMet === undefined || firstMet === update
    ? ""
    : `, first at update ${firstMet}`;
  if (reason === "criterion") return `the criteria are met${first}`;
  if (firstMet === undefined) return "the criteria are not met";
  const met = `the criteria are met${first}, but not at every level of noise`;
  // Checkpoints of earlier versions kept no such network.
  return kept === undefined
    ? met
    : `${met}; the network of update ${kept}, the last that met them, is the ` +
      "one saved";
}
