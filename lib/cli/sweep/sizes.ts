/** How large the network and the trials of a point are. */
import type { PointSize } from "../../sweep/memory.ts";
import type { Point } from "../../sweep/types.ts";
import { underPreset } from "../preset.ts";
import { sizesOf, trainFlags } from "../train_flags.ts";
import type { TrainSettings } from "../train_run.ts";
import { flagValues } from "./settings.ts";

/** Steps of a trial where neither the point nor anything at hand says them. */
const usualSteps = 400;

/** The size of a point, by its settings. */
export function pointSizes({ train }: Point): PointSize {
  const settings = underPreset(
    flagValues(trainFlags, train) as TrainSettings,
    new Set(Object.keys(train)),
  );
  return {
    units: sizesOf(settings).reduce((sum, size) => sum + size, 0),
    batch: settings.batch,
    steps: settings.T ?? usualSteps,
  };
}
