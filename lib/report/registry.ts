/**
 * The figures of a model: what each needs, and how it is drawn. What draws is loaded
 * when it is called, so that the names cost nothing.
 */
import { countOf } from "../count.ts";
import { unitCount } from "../network/geometry.ts";
import type { Model } from "../network/records.ts";
import type { Activity } from "./collect/activity.ts";
import type { FigureSource } from "./source.ts";
import type { Figure } from "./types.ts";

/** Name of a figure. */
export type FigureName =
  | "task"
  | "training"
  | "output"
  | "search"
  | "raster"
  | "rates"
  | "weights"
  | "spectrum"
  | "taus";

/** A figure of a model. */
export interface FigureEntry {
  /** Of which network it needs trials; absent: of none. */
  readonly simulates?: "rate" | "spiking";
  /** Why it cannot be drawn of a model; undefined if it can. */
  lack?(model: Model): string | undefined;
  /**
   * Draws it.
   *
   * @param activity of the trials, if it needs them
   */
  draw(source: FigureSource, activity: Activity): Promise<Figure>;
}

/** Most units of which eigenvalues are computed: the time grows as their cube. */
const mostUnitsOfSpectrum = 2000;

/** Gathers what figures need that no trials are simulated for. */
const data = () => import("./collect/network.ts");

/** The figures by their names, in the order in which a report shows them. */
export const figureRegistry: Readonly<Record<FigureName, FigureEntry>> = {
  task: {
    draw: async ({ task, seed }) =>
      (await import("./figures/task.ts")).taskFigure(
        await (await data()).taskData(task, seed),
      ),
  },
  training: {
    lack: ({ training }) =>
      training?.evaluations.length || training?.losses.length
        ? undefined
        : "the file holds no record of training",
    draw: async ({ model, task }) =>
      (await import("./figures/training.ts")).trainingFigure(
        (await data()).trainingData(model, task),
      ),
  },
  output: {
    simulates: "rate",
    draw: async (_, { output }) =>
      (await import("./figures/output.ts")).outputFigure(output),
  },
  search: {
    lack: ({ search }) =>
      search
        ? undefined
        : "no scaling factor has been searched yet (run map first)",
    draw: async ({ model }) =>
      (await import("./figures/search.ts")).searchFigure(
        (await data()).searchData(model),
      ),
  },
  raster: {
    simulates: "spiking",
    draw: async (_, { raster }) =>
      (await import("./figures/raster.ts")).rasterFigure(raster!),
  },
  rates: {
    simulates: "spiking",
    draw: async (_, { rates }) =>
      (await import("./figures/rates.ts")).ratesFigure(rates!),
  },
  weights: {
    draw: async ({ model }) =>
      (await import("./figures/weights.ts")).weightsFigure(
        (await data()).weightsData(model),
      ),
  },
  spectrum: {
    lack({ network }) {
      const units = unitCount(network);
      return units > mostUnitsOfSpectrum
        ? `eigenvalues of ${countOf(units, "unit")} would take too long, ` +
          `${mostUnitsOfSpectrum} are the most`
        : undefined;
    },
    draw: async ({ model, signal, onProgress }) =>
      (await import("./figures/spectrum.ts")).spectrumFigure(
        await (await data()).spectrumData(model, { signal, onProgress }),
      ),
  },
  taus: {
    draw: async ({ model, task }) =>
      (await import("./figures/taus.ts")).tausFigure(
        (await data()).tausData(model, task.stepMs),
      ),
  },
};
