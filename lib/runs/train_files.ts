/** Where a training run puts its model. */
import { ModelFileError } from "../errors.ts";
import { type Mark, markOf } from "../formats/atomic.ts";
import { readModel } from "../formats/model_file.ts";
import { isThere } from "../platform/files.ts";
import { dirname, join } from "../platform/paths.ts";
import { modelFolder, modelPath } from "../formats/model_path.ts";
import type { Model } from "../network/records.ts";
import type { RateNetwork } from "../network/types.ts";
import type { Task } from "../tasks/types.ts";
import type { ReadCheckpoint } from "../train/checkpoint.ts";
import { UsageError } from "./errors.ts";
import { type Needs, readWrite } from "./needs.ts";
import type { TrainSettings } from "./train_settings.ts";

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
  if (settings.output !== undefined) return dirname(settings.output);
  return modelFolder(folderSettings(settings, task, network));
}

/** The file that the model goes to. */
export function pathOf(
  settings: TrainSettings,
  task: Task,
  network: RateNetwork,
  time: Date,
): string {
  if (settings.output !== undefined) return settings.output;
  return modelPath({
    ...folderSettings(settings, task, network),
    sizes: network.layers.map(({ size }) => size),
    activation: network.activation,
    time,
  });
}

/**
 * Checks that a name that a person gave the model is free: hours of training
 * write over nothing, except over what the same run saved when it was stopped.
 *
 * @param begun where the run goes on from, if it does
 * @returns the mark of the file that may be written over, if there is one
 * @throws {UsageError} if the name is taken, or is no name of a model
 */
export async function checkOutput(
  { output, resume }: Pick<TrainSettings, "output" | "resume">,
  begun: ReadCheckpoint | undefined,
): Promise<Mark | undefined> {
  if (output === undefined) return undefined;
  if (!/[^/\\]\.mat$/i.test(output)) {
    throw new UsageError(
      `Cannot save the model to ${output}: its name must end in .mat`,
    );
  }
  if (!await isThere(output)) return undefined;
  const before = await markOf(output);
  if (begun && await isStopped(output, begun)) return before;
  throw new UsageError(
    `Cannot save the model to ${output}: it is there already; choose ` +
      "another name, or remove it" +
      (resume === undefined ? "" : " (the run that goes on is not lost)"),
  );
}

/** Whether a file is the network that a run saved when it was stopped, and no more. */
async function isStopped(
  path: string,
  { seed, state }: ReadCheckpoint,
): Promise<boolean> {
  let model: Model;
  try {
    model = await readModel(path);
  } catch (error) {
    if (error instanceof ModelFileError) return false;
    throw error;
  }
  const { provenance, training, search } = model;
  if (training?.outcome?.reason !== "interrupted" || search) return false;
  const known = Math.min(training.losses.length, state.losses.length);
  return provenance?.seed === seed &&
    state.losses.slice(0, known).every((loss, k) =>
      loss === training.losses[k]
    );
}

/** The model, with the time at which it was saved. */
export function dated(model: Model, time: Date): Model {
  return model.provenance
    ? {
      ...model,
      provenance: { ...model.provenance, created: time.toISOString() },
    }
    : model;
}

/** What a run reads and writes: models, figures, and what it goes on from. */
export function trainNeeds(
  { output_dir, output, resume, plots }:
    & Pick<TrainSettings, "output_dir" | "resume" | "plots">
    & Partial<Pick<TrainSettings, "output">>,
): Needs {
  const within = (place: string) =>
    readWrite(
      output === undefined ? join(place, "models") : dirname(output),
      ...(plots ? [join(place, "plots")] : []),
    );
  if (resume === undefined) return within(output_dir);
  // A run's folder is beside the model: its place is above the folder models.
  const [, place] = /^(.*?)(?:^|[/\\])models(?=[/\\])/.exec(resume) ?? [];
  return place === undefined ? readWrite(dirname(resume)) : within(place);
}
