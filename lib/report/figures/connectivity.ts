/** Degrees, balance and singular values of the effective weights. */
import { ink, populationColours } from "../theme.ts";
import type { Figure, Population } from "../types.ts";
import { curvesPanel, histogramPanel } from "./curves.ts";

/** What the figure needs. */
export interface ConnectivityData {
  /** Units by population. */
  readonly populations: readonly {
    /** The population's name. */
    readonly name: string;
    /** Its type, for the colour. */
    readonly type: Population;
    /** Incoming synapses of each unit. */
    readonly inDegrees: readonly number[];
    /** Outgoing synapses of each unit. */
    readonly outDegrees: readonly number[];
    /** Excitatory over inhibitory summed input of each unit. */
    readonly ratios: readonly number[];
  }[];
  /** Singular values, descending; none if they were not computed. */
  readonly singular: ArrayLike<number>;
}

/**
 * Draws the distributions of degrees and of the balance of summed inputs by
 * population, and the singular values of the effective weights.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { connectivityFigure } from "@spikernn/spikernn/report";
 * const figure = connectivityFigure({
 *   populations: [{
 *     name: "E",
 *     type: "E",
 *     inDegrees: [3, 4],
 *     outDegrees: [2, 5],
 *     ratios: [1.1, 0.9],
 *   }],
 *   singular: [2, 1],
 * });
 * assert(figure.panels.length === 4);
 * ```
 */
export function connectivityFigure(data: ConnectivityData): Figure {
  const groups = (of: "inDegrees" | "outDegrees" | "ratios") =>
    data.populations.map((population) => ({
      name: population.name,
      colour: populationColours[population.type],
      values: population[of],
    }));
  const places = Array.from(data.singular, (_, k) => k + 1);
  return {
    name: "weights",
    title: "Weights",
    description: "Distributions over units of the numbers of incoming and " +
      "outgoing synapses and of the excitatory over the inhibitory summed " +
      "input (dashed: balance), by population; singular values of the " +
      "effective weights, descending.",
    width: "double",
    columns: 2,
    narrowest: 150,
    panels: [
      histogramPanel({
        title: "In-degree",
        x: "Incoming synapses",
        groups: groups("inDegrees"),
      }),
      histogramPanel({
        title: "Out-degree",
        x: "Outgoing synapses",
        groups: groups("outDegrees"),
      }),
      histogramPanel({
        title: "Balance",
        x: "E/I of summed input",
        groups: groups("ratios"),
        mark: 1,
        most: 10,
      }),
      curvesPanel({
        title: "Singular values",
        note: places.length === 0 ? "not computed" : undefined,
        x: "Number",
        y: "Singular value",
        plain: true,
        curves: [{ name: "all", colour: ink, x: places, y: data.singular }],
      }),
    ],
  };
}
