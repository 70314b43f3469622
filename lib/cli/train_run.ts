/** A training run from its flags to the saved model. */
import { DivergedError } from "../errors.ts";
import { writeModel } from "../formats/model_file.ts";
import { modelFolder, modelPath } from "../formats/model_path.ts";
import type { Model } from "../formats/types.ts";
import { createNetwork } from "../network/create.ts";
import { usualBetweenGain, usualInhibition } from "../network/settings.ts";
import type { RateNetwork } from "../network/types.ts";
import { randomStream } from "../random/stream.ts";
import { unitCount } from "../spiking/units.ts";
import type { Task } from "../tasks/types.ts";
import type { Progress, Stopped } from "../progress.ts";
import { train } from "../train/train.ts";
import { type PlannedWork, withBackend } from "./backend_choice.ts";
import { tellMemory } from "./memory.ts";
import { asUsage, FailureError, InterruptedError } from "./errors.ts";
import type { Values } from "./flags.ts";
import { formatDuration, formatNumber, formatPercent } from "./format.ts";
import { interruptible } from "./interrupt.ts";
import { withoutBulk } from "./json.ts";
import type { Output } from "./output.ts";
import { TrainingStatus } from "./progress/training.ts";
import { presetText } from "./preset.ts";
import { drawSeed, freePath, prepareFolder } from "./resources.ts";
import { checkSameTask, type ResumedRun } from "./resume.ts";
import { RunFolder } from "./run_folder.ts";
import { openTask } from "./task.ts";
import { openPanels } from "./train_panels.ts";
import { sizesOf, type trainFlags } from "./train_flags.ts";
import { openWatch, type Watch, type WatchedRun } from "./watch.ts";

/** Values of the flags of a training run. */
export type TrainSettings = Values<typeof trainFlags>;

/** What a run left. */
export interface TrainedModel {
  readonly model: Model;
  readonly path: string;
  readonly seed: number;
}

/** Something that listens to a run's events: figures, a log, a page. */
export type Listener = (event: Progress) => void | Promise<void>;

/**
 * Trains a network as the flags say, shows how it goes, and saves it.
 *
 * @param settings of the run, as its flags give them
 * @param output where its progress and result go
 * @param listeners that hear of every event
 * @param resumed the run to go on with, in place of a new one
 * @throws {UsageError} for settings that are not allowed
 * @throws {FailureError} where the model cannot be saved, or training diverged
 * @throws {InterruptedError} after Ctrl-C, once the model is saved
 */
export async function trainAndSave(
  given: TrainSettings,
  output: Output,
  listeners: readonly Listener[] = [],
  resumed?: ResumedRun,
): Promise<TrainedModel> {
  const settings = await asUsage(() => resolved(given));
  const seed = settings.seed ?? drawSeed();
  using opened = await openTask(settings);
  const { task } = opened;
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

  /** Saves what a run gave; once it is on disk the folders stay. */
  async function save(model: Model): Promise<string> {
    output.endProgress();
    const time = new Date();
    const path = await freePath(pathOf(settings, task, network, time));
    await writeModel(path, dated(model, time));
    saved = true;
    output.event({ kind: "saved", path });
    await watched?.saved(path);
    for (const file of await panels?.finish(path) ?? []) {
      output.event({ kind: "drawn", path: file });
    }
    return path;
  }

  try {
    if (settings.checkpoints) {
      const path = pathOf(settings, task, network, new Date());
      run ??= await RunFolder.make(path, output);
      await run.describe(task, seed, recorded(settings, seed));
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
              `training ${
                describe(network, task)
              } on ${backend.description}, ` +
              `seed ${seed}`,
          );
          output.note(presetText(settings));
          const status = new TrainingStatus(settings.n_trials);
          const events = train(network, task, {
            ...optionsOf(settings),
            seed,
            backend,
            signal: interruption.signal,
            settings: recorded(settings, seed),
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
            await panels?.listen(event);
            await watched?.listen(event);
            const now = status.take(event);
            if (now) output.progress(now);
            if (event.kind === "stopped") return event;
          }
          throw new FailureError("Cannot save the network: training gave none");
        },
      );
    });
    const path = await save(stopped.model);
    finished = stopped.reason !== "interrupted";
    return conclude(stopped, { path, seed }, output);
  } catch (error) {
    if (!(error instanceof InterruptedError)) await watched?.failed(error);
    if (error instanceof DivergedError && error.model) {
      const path = await save(error.model);
      // It would diverge again.
      finished = true;
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

/** What is recorded says it all, whatever a later version takes by default. */
function resolved(given: TrainSettings) {
  return {
    ...given,
    inhibitory_scale: given.inhibitory_scale ??
      usualInhibition({ units: sizesOf(given) }),
    inter_gain: given.inter_gain ?? usualBetweenGain({ activation: given.act }),
  };
}

function conclude(
  stopped: Stopped,
  { path, seed }: { path: string; seed: number },
  output: Output,
): TrainedModel {
  const { reason, update, seconds, model } = stopped;
  if (reason === "interrupted") {
    throw new InterruptedError(
      `Interrupted after ${update} updates: what there is was saved as ${path}`,
    );
  }
  output.result(
    `trained ${update} updates in ${formatDuration(seconds)}: ` +
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
  return { model, path, seed };
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

function networkOf(
  settings: TrainSettings,
  task: Task,
  seed: number,
): RateNetwork {
  return createNetwork({
    units: sizesOf(settings),
    channels: task.channels.length,
    inhibitory: settings.P_inh,
    connection: settings.P_rec,
    gain: settings.gain,
    sst: settings.som_N,
    dale: settings.apply_dale,
    activation: settings.act,
    taus: settings.decay_taus as [number] | [number, number],
    weights: settings.w_dist,
    inhibitoryScale: settings.inhibitory_scale,
    betweenConnection: settings.P_inter,
    betweenFrom: settings.inter,
    betweenGain: settings.inter_gain,
    feedback: settings.feedback,
    readout: settings.readout,
    inputTo: settings.input_to,
  }, randomStream(seed).fork("network"));
}

function workOf(
  network: RateNetwork,
  task: Task,
  settings: TrainSettings,
): PlannedWork {
  return {
    kind: "train",
    units: unitCount(network),
    steps: task.steps,
    trials: settings.batch,
    times: settings.n_trials,
  };
}

function optionsOf(settings: TrainSettings) {
  return {
    updates: settings.n_trials,
    batch: settings.batch,
    learningRate: settings.learning_rate,
    loss: settings.loss_fn,
    evalEvery: settings.eval_freq,
    evalTrials: settings.eval_trials,
    stopping: settings.loss_threshold === undefined
      ? undefined
      : { loss: settings.loss_threshold },
    clipNorm: settings.clip_norm,
    answerShare: settings.answer_share,
    noiseLevels: settings.noise_levels,
    criterion: settings.criterion,
  };
}

/** The settings that shape the result, as they go into the model file. */
function recorded(
  settings: TrainSettings,
  seed: number,
): Record<string, unknown> {
  const {
    quiet: _quiet,
    json: _json,
    debug: _debug,
    config: _config,
    output_dir: _folder,
    checkpoints: _checkpoints,
    resume: _resume,
    plots: _plots,
    dashboard: _dashboard,
    port: _port,
    log_dir: _logs,
    gpu: _gpu,
    gpu_frac: _fraction,
    workers: _workers,
    ...shaping
  } = settings;
  return Object.fromEntries(
    Object.entries({ ...shaping, seed })
      .filter(([, value]) => value !== undefined),
  );
}

function folderSettings(
  settings: TrainSettings,
  task: Task,
  network: RateNetwork,
) {
  return {
    outputDir: settings.output_dir,
    task: task.name,
    dale: network.dale,
    connectionProbability: settings.P_rec,
    taus: network.taus,
  };
}

/** The folder that the model goes to. */
export function folderOf(
  settings: TrainSettings,
  task: Task,
  network: RateNetwork,
): string {
  return modelFolder(folderSettings(settings, task, network));
}

/** The file that the model goes to. */
export function pathOf(
  settings: TrainSettings,
  task: Task,
  network: RateNetwork,
  time: Date,
): string {
  return modelPath({
    ...folderSettings(settings, task, network),
    sizes: network.layers.map(({ size }) => size),
    activation: network.activation,
    time,
  });
}

function dated(model: Model, time: Date): Model {
  return model.provenance
    ? {
      ...model,
      provenance: { ...model.provenance, created: time.toISOString() },
    }
    : model;
}

function describe({ layers, activation, taus, dale }: RateNetwork, task: Task) {
  const sizes = layers.map(({ size }) => size).join("+");
  return `${sizes} ${activation} units${
    dale ? "" : " without Dale's principle"
  }` +
    ` (decay ${taus.join(" to ")} steps) on ${task.name}`;
}
