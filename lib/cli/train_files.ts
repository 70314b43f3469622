/** Where a training run puts its model. */
import { modelFolder, modelPath } from "../formats/model_path.ts";
import type { Model } from "../network/records.ts";
import type { RateNetwork } from "../network/types.ts";
import type { Task } from "../tasks/types.ts";
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

/** The model, with the time at which it was saved. */
export function dated(model: Model, time: Date): Model {
  return model.provenance
    ? {
      ...model,
      provenance: { ...model.provenance, created: time.toISOString() },
    }
    : model;
}
