/** Performance where trials differ from those of the training. */
import type { Proportion } from "../../network/scores.ts";
import { roleColours } from "../theme.ts";
import type { Figure } from "../types.ts";
import { curvesPanel } from "./curves.ts";
import { upright } from "./layers.ts";

/** What the figure needs. */
export interface GeneralisationData {
  /** One panel a quantity that is varied. */
  readonly panels: readonly {
    /** What is varied. */
    readonly name: string;
    /** The quantity and its unit, for the axis. */
    readonly quantity: string;
    /** The task's own value. */
    readonly own: number;
    /** One curve a network. */
    readonly networks: readonly {
      /** "rate" or "spiking". */
      readonly network: "rate" | "spiking";
      /** Places of the grid. */
      readonly values: readonly number[];
      /** Performance by the strict rule. */
      readonly strict: readonly Proportion[];
    }[];
  }[];
}

/**
 * Draws the strict performance of both networks on grids of delays, noise and
 * stimulus amplitudes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { wilson } from "@spikernn/spikernn";
 * import { generalisationFigure } from "@spikernn/spikernn/report";
 * const figure = generalisationFigure({
 *   panels: [{
 *     name: "noise",
 *     quantity: "Noise",
 *     own: 1,
 *     networks: [{
 *       network: "rate",
 *       values: [1, 2],
 *       strict: [wilson(10, 10), wilson(8, 10)],
 *     }],
 *   }],
 * });
 * assert(figure.panels.length === 1);
 * ```
 */
export function generalisationFigure(data: GeneralisationData): Figure {
  return {
    name: "generalisation",
    title: "Generalisation",
    description: "Performance by the strict rule, with 95 % intervals, where " +
      `${data.panels.map(({ name }) => name).join(", ")} differ from those ` +
      "of the task (dashed).",
    width: "double",
    columns: data.panels.length,
    narrowest: 130,
    panels: data.panels.map(({ name, quantity, own, networks }) =>
      curvesPanel({
        title: name[0].toUpperCase() + name.slice(1),
        x: quantity,
        y: "Strict performance (%)",
        yBounds: [0, 102],
        behind: [upright(own)],
        curves: networks.map(({ network, values, strict }) => ({
          name: network,
          colour: roleColours[network],
          as: "points" as const,
          x: values,
          y: strict.map(({ value }) => 100 * value),
          low: strict.map(({ low }) => 100 * low),
          high: strict.map(({ high }) => 100 * high),
        })),
      })
    ),
  };
}
