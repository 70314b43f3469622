/** Tuning of units by population: how many tell conditions apart. */
import { ink, populationColours, populationNames } from "../theme.ts";
import type { Figure, Panel, Population } from "../types.ts";
import { bounds, quantity } from "./layers.ts";

/** Share of selective units of one population in one window. */
export interface TunedShare {
  /** Name of the population, with its layer if there are several. */
  readonly population: string;
  /** Its type, for the colour. */
  readonly type: Population;
  /** Window, in the words of the task. */
  readonly window: string;
  /** Share of its units that are selective, 0 to 1. */
  readonly share: number;
  /** Lower end of the share's interval. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
}

/** What the figure needs. */
export interface TuningData {
  /** One panel a network and variable. */
  readonly panels: readonly {
    readonly title: string;
    /** A second line. */
    readonly note?: string;
    readonly shares: readonly TunedShare[];
  }[];
  /** Panels beside each other: those of one network, up to 4. */
  readonly columns: number;
}

/**
 * Draws the share of selective units by window and population.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { tuningFigure } from "@spikernn/spikernn/report";
 * const figure = tuningFigure({
 *   columns: 1,
 *   panels: [{
 *     title: "Rate: match",
 *     shares: [{
 *       population: "E", type: "E", window: "delay", share: 0.5, low: 0.3, high: 0.7,
 *     }],
 *   }],
 * });
 * assert(figure.name === "tuning");
 * ```
 */
export function tuningFigure({ panels, columns }: TuningData): Figure {
  return {
    name: "tuning",
    title: "Tuning",
    description: "Share of units whose activity in a window tells two values " +
      "of a variable apart (area under the ROC curve, Mann–Whitney, false " +
      "discovery rate 0.05 over all units), or has an interaction of two " +
      "variables, by population, with 95 % Wilson intervals.",
    width: "double",
    columns,
    narrowest: 110,
    panels: panels.map(sharePanel),
  };
}

function sharePanel(
  { title, note, shares }: TuningData["panels"][number],
): Panel {
  const windows = [...new Set(shares.map(({ window }) => window))];
  const populations = [...new Set(shares.map(({ population }) => population))];
  const types = populations.map((name) =>
    shares.find(({ population }) => population === name)!.type
  );
  // Side by side within a window, which takes the unit of the axis.
  const width = 0.8 / populations.length;
  const rows = shares.map((row) => {
    const from = windows.indexOf(row.window) - 0.4 +
      populations.indexOf(row.population) * width;
    return {
      ...row,
      from,
      to: from + 0.9 * width,
      middle: from + 0.45 * width,
      share: 100 * row.share,
      low: 100 * row.low,
      high: 100 * row.high,
      none: 0,
    };
  });
  const labels =
    windows.map((name, k) =>
      `datum.value === ${k} ? ${JSON.stringify(name)} : `
    ).join("") + "''";
  const x = (field: string) => ({
    field,
    type: "quantitative",
    title: null,
    scale: bounds(-0.5, windows.length - 0.5),
    axis: {
      values: windows.map((_, k) => k),
      labelExpr: labels,
      labelAngle: windows.length > 2 ? -35 : 0,
      labelOverlap: false,
      ticks: false,
    },
  });
  const y = (field: string) =>
    quantity(field, "Selective units (%)", { scale: bounds(0, 100) });
  return {
    title,
    note,
    height: 130,
    legend: populations.map((population, k) => ({
      label: population === types[k] ? populationNames[types[k]] : population,
      colour: populationColours[types[k]],
      mark: "area",
    })),
    spec: {
      layer: [
        ...rows.map((row) => ({
          data: { values: [row] },
          mark: {
            type: "rect",
            color: populationColours[row.type],
            opacity: 0.6,
          },
          encoding: {
            x: x("from"),
            x2: { field: "to" },
            y: y("none"),
            y2: { field: "share" },
          },
        })),
        {
          data: { values: rows },
          mark: { type: "rule", color: ink, strokeWidth: 0.7 },
          encoding: { x: x("middle"), y: y("low"), y2: { field: "high" } },
        },
      ],
    },
  };
}
