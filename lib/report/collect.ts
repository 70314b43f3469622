/** Every figure of a model by its name, with the data that it needs gathered. */
import { heard } from "../heard.ts";
import { type Activity, collectActivity } from "./collect/activity.ts";
import type { FigureName } from "./names.ts";
import { figureRegistry } from "./registry.ts";
import { figureSettings } from "./settings.ts";
import type { FigureSource } from "./source.ts";
import { usual } from "../settings/kinds.ts";
import type { Figure } from "./types.ts";

export { type FigureName, figureNames } from "./names.ts";
export type { FigureSource } from "./source.ts";

const usualFigures = usual(figureSettings);

/**
 * Why a figure cannot be drawn, or `undefined` if it can.
 *
 * @param source the model, and its spiking twin if there is one
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
  const { simulates, lack } = figureRegistry[name];
  if (simulates === "spiking" && !source.spiking) {
    return "no scaling factor is known (run map first, or give one)";
  }
  return lack?.(source.model);
}

/**
 * Whether a figure needs trials to be simulated.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { needsSimulation } from "@spikernn/spikernn/report";
 * assert(needsSimulation("raster") && !needsSimulation("weights"));
 * ```
 */
export function needsSimulation(name: FigureName): boolean {
  return figureRegistry[name].simulates !== undefined;
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
  const begun = beginFigures(source, names);
  try {
    return await begun.finish();
  } finally {
    begun.stop();
  }
}

/** Figures that are being made. */
export interface BegunFigures {
  /** Simulates the trials of those that need some; all figures, in order. */
  finish(): Promise<Figure[]>;
  /** Ends what is still computed. */
  stop(): void;
}

/**
 * Begins the figures that need no trials: threads of their own compute the large
 * ones, while others do something else.
 *
 * @param source as of `collectFigures`
 * @param names which figures
 * @param onFigure is given each figure that is made
 * @throws {RangeError} for a figure that the model has no data for
 */
export function beginFigures(
  source: FigureSource,
  names: readonly FigureName[],
  onFigure: (figure: Figure) => void = () => {},
): BegunFigures {
  for (const name of names) {
    const reason = whyNot(source, name);
    if (reason) throw new RangeError(`Cannot draw ${name}: ${reason}`);
  }
  const stop = new AbortController();
  const signal = source.signal
    ? AbortSignal.any([source.signal, stop.signal])
    : stop.signal;
  const stoppable = { ...source, signal };
  const draw = async (
    name: FigureName,
    from: FigureSource,
    activity?: Activity,
  ) => {
    const figure = await figureRegistry[name].draw(from, activity!);
    onFigure(figure);
    return figure;
  };
  const begun = new Map(
    names.filter((name) => !needsSimulation(name)).map((name) => {
      // Not before it is waited for: one line shows this and what trials tell.
      let told = false;
      const figure = heard(draw(name, {
        ...stoppable,
        onProgress: (event) => told && source.onProgress?.(event),
      }));
      return [name, { figure, tell: () => told = true }];
    }),
  );
  return {
    async finish() {
      const activity = names.some(needsSimulation)
        ? await activityOf(stoppable)
        : undefined;
      const figures: Figure[] = [];
      for (const name of names) {
        signal.throwIfAborted();
        const early = begun.get(name);
        early?.tell();
        figures.push(
          await (early?.figure ?? draw(name, stoppable, activity)),
        );
      }
      return figures;
    },
    stop: () => stop.abort(),
  };
}

/** Trials, simulated once for all figures. */
function activityOf(source: FigureSource): Promise<Activity> {
  return collectActivity({
    ...source,
    network: source.model.network,
    trials: source.trials ?? usualFigures.trials,
    rasterTrials: source.rasterTrials ?? usualFigures.rasterTrials,
  });
}
