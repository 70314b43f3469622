/** Where a training run puts its model. */
import { dirname, join } from "../platform/paths.ts";
import { modelFolder, modelPath } from "../formats/model_path.ts";
import type { Model } from "../network/records.ts";
import type { RateNetwork } from "../network/types.ts";
import type { Task } from "../tasks/types.ts";
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
