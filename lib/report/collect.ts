/** Every figure of a model by its name, with the data that it needs gathered. */
import type { Backend } from "../backend/types.ts";
import type { Model } from "../network/records.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import type { Task } from "../tasks/types.ts";
import type { Decomposed, Simulated } from "../records/events.ts";
import { type Activity, collectActivity } from "./collect/activity.ts";
import {
  lack,
  searchData,
  spectrumData,
  taskData,
  tausData,
  trainingData,
  weightsData,
} from "./collect/network.ts";
import { outputFigure } from "./figures/output.ts";
import { rasterFigure } from "./figures/raster.ts";
import { ratesFigure } from "./figures/rates.ts";
import { searchFigure } from "./figures/search.ts";
import { spectrumFigure } from "./figures/spectrum.ts";
import { taskFigure } from "./figures/task.ts";
import { tausFigure } from "./figures/taus.ts";
import { trainingFigure } from "./figures/training.ts";
import { weightsFigure } from "./figures/weights.ts";
import type { FigureName } from "./names.ts";
import { figureSettings } from "./settings.ts";
import { usual } from "../settings/kinds.ts";
import type { Figure } from "./types.ts";

export { type FigureName, figureNames } from "./names.ts";

const usualFigures = usual(figureSettings);

/** What figures are drawn of. */
export interface FigureSource {
  /** The model. */
  readonly model: Model;
  /** The task that it does. */
  readonly task: Task;
  /** The spiking twin, from `convert`; without it there are no rasters and rates. */
  readonly spiking?: SpikingNetwork;
  /** Of the trials that are drawn and simulated. */
  readonly seed: number;
  /** Trials of each condition behind means and firing rates, 25 unless told. */
  readonly trials?: number;
  /** Trials of each condition in a raster, 1 unless told. */
  readonly rasterTrials?: number;
  /** Conditions to show in `output`, `raster` and `rates`; all unless told. */
  readonly conditions?: readonly string[];
  /** Where to run. Defaults to `simd` with one worker. */
  readonly backend?: Backend;
  /** Stops between chunks of trials. */
  readonly signal?: AbortSignal;
  /** Is told of trials done, and of a spectrum's part that is computed. */
  readonly onProgress?: (event: Simulated | Decomposed) => void;
}

/**
 * Why a figure cannot be drawn, or `undefined` where it can.
 *
 * @param source the model, and its spiking twin where there is one
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, randomStream } from "@spikernn/spikernn";
 * import { whyNot } from "@spikernn/spikernn/report";
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * assert(whyNot({ model: { network } }, "search") !== undefined);
 * assert(whyNot({ model: { network } }, "weights") === undefined);
 * ```
 */
export function whyNot(
  source: Pick<FigureSource, "model" | "spiking">,
  name: FigureName,
): string | undefined {
  if ((name === "raster" || name === "rates") && !source.spiking) {
    return "no scaling factor is known (run map first, or give one)";
  }
  return lack(source.model, name);
}

/** Whether a figure needs trials to be simulated. *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { needsSimulation } from "@spikernn/spikernn/report";
 * assert(needsSimulation("raster") && !needsSimulation("weights"));
 * ```
 */
export function needsSimulation(name: FigureName): boolean {
  return name === "output" || name === "raster" || name === "rates";
}

/**
 * Gathers what the figures need, and makes them; trials are simulated once for
 * all of them.
 *
 * @param source model, task, spiking twin, seed
 * @param names which figures
 * @returns the figures, in the order of the names
 * @throws {RangeError} for a figure that the model has no data for
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, getTask, randomStream } from "@spikernn/spikernn";
 * import { collectFigures } from "@spikernn/spikernn/report";
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const source = { model: { network }, task: getTask("go-nogo"), seed: 1 };
 * const [task, weights] = await collectFigures(source, ["task", "weights"]);
 * assert(task.panels.length === 4 && weights.columns === 2);
 * ```
 */
export async function collectFigures(
  source: FigureSource,
  names: readonly FigureName[],
): Promise<Figure[]> {
  for (const name of names) {
    const reason = whyNot(source, name);
    if (reason) throw new RangeError(`Cannot draw ${name}: ${reason}`);
  }
  const activity = names.some(needsSimulation)
    ? await collectActivity({
      ...source,
      network: source.model.network,
      trials: source.trials ?? usualFigures.trials,
      rasterTrials: source.rasterTrials ?? usualFigures.rasterTrials,
    })
    : undefined;
  const figures: Figure[] = [];
  for (const name of names) {
    source.signal?.throwIfAborted();
    figures.push(await figure(name, source, activity));
  }
  return figures;
}

async function figure(
  name: FigureName,
  { model, task, seed, signal, onProgress }: FigureSource,
  activity: Activity | undefined,
): Promise<Figure> {
  switch (name) {
    case "task":
      return taskFigure(await taskData(task, seed));
    case "training":
      return trainingFigure(trainingData(model, task));
    case "output":
      return outputFigure(activity!.output);
    case "search":
      return searchFigure(searchData(model));
    case "raster":
      return rasterFigure(activity!.raster!);
    case "rates":
      return ratesFigure(activity!.rates!);
    case "weights":
      return weightsFigure(weightsData(model));
    case "spectrum":
      return spectrumFigure(await spectrumData(model, { signal, onProgress }));
    case "taus":
      return tausFigure(tausData(model, task.stepMs));
  }
}
