/** How many points this machine's memory holds at once. */
import { trainingBytes } from "../../backend/memory.ts";
import type { Point } from "../../sweep/types.ts";
import { getTask } from "../../tasks/registry.ts";
import { freeMemory } from "../../platform/system.ts";
import { trainingSizeOf } from "../memory.ts";
import { underPreset } from "../preset.ts";
import { isTaskFile } from "../../tasks/task_source.ts";
import { usualTask } from "../task.ts";
import { trainFlags } from "../train_flags.ts";
import type { TrainSettings } from "../train_settings.ts";
import { flagValues } from "./settings.ts";

/** Steps of a trial of a task of your own that the point does not say: many. */
const assumedSteps = 1000;

/** Of the memory that is free, this much may be taken. */
const share = 0.8;

/** An estimate of the memory that the training of a point takes, bytes. */
export function pointBytes({ train }: Point): number {
  const settings = underPreset(
    flagValues(trainFlags, train) as TrainSettings,
    new Set(Object.keys(train)),
  );
  const size = trainingSizeOf(settings, settings.T ?? stepsOf(settings.task));
  return trainingBytes({ ...size, workers: settings.workers ?? 1 });
}

function stepsOf(task = usualTask): number {
  return isTaskFile(task) ? assumedSteps : getTask(task).steps;
}

/**
 * How many workers the machine has room for: one per core, but fewer where the
 * largest points would not fit beside each other in the memory that is free.
 *
 * @param cores of the machine
 * @param points to run
 * @param free memory, bytes; undefined if it cannot be known: one per core
 * @returns number of workers, 1 or more
 */
export function workersWithin(
  cores: number,
  points: readonly Point[],
  free = freeMemory(),
): number {
  if (free === undefined || points.length === 0) return cores;
  const largest = points.reduce((most, point) => {
    const bytes = pointBytes(point);
    return bytes > most ? bytes : most;
  }, 0);
  return Math.min(cores, Math.max(1, Math.floor(share * free / largest)));
}
