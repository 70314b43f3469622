/** How fast the units fire: distributions by population. */
import { mean } from "simple-statistics";
import { populationColours, populationNames } from "../theme.ts";
import type { Figure, LegendEntry, Population } from "../types.ts";
import { histogram } from "./histogram.ts";
import { byLayer, colourBy, quantity, show } from "./layers.ts";

/** What the figure needs. */
export interface RatesData {
  /** Trials that the rates are means over. */
  readonly trials: number;
  /** Populations, layer by layer; each layer has a panel of its own. */
  readonly populations: readonly {
    /** Index of the layer; 0 unless told. */
    readonly layer?: number;
    readonly type: Population;
    /** Firing rate of each unit, Hz. */
    readonly rates: ArrayLike<number>;
  }[];
}

/** Draws the distribution of firing rates over the units of each population. *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ratesFigure } from "@spikernn/spikernn/report";
 * const figure = ratesFigure({
 *   trials: 1,
 *   populations: [{ type: "E", rates: [2, 3, 5] }],
 * });
 * assert(figure.name === "rates");
 * ```
 */
export function ratesFigure(data: RatesData): Figure {
  const layers = byLayer(data.populations.filter((p) => p.rates.length > 0));
  const several = layers.length > 1;
  return {
    name: "rates",
    title: "Firing rates",
    description: "Firing rates of the spiking units by " +
      `${several ? "layer and " : ""}population, over ${data.trials} trials. ` +
      layers.map(({ name, populations }) =>
        (several ? `${name}: ` : "") +
        populations.map((p) =>
          `${populationNames[p.type]}: ${p.rates.length} units, mean ${
            show(mean(Array.from(p.rates)))
          } Hz`
        ).join("; ")
      ).join(". ") + ". Dashed: means.",
    width: several ? "double" : "single",
    columns: several ? 2 : 1,
    narrowest: 150,
    panels: layers.map(({ name, populations }) => ({
      title: several ? `${name}: firing rates` : "Firing rates by population",
      ...layerPanel(populations),
    })),
  };
}

function layerPanel(populations: RatesData["populations"]) {
  const names = populations.map((p) => populationNames[p.type]);
  const means = populations.map((p) => mean(Array.from(p.rates)));
  const colours = populations.map((p) => populationColours[p.type]);
  const bins = histogram(
    populations.map((p, k) => ({ name: names[k], values: p.rates })),
  );
  const colour = colourBy("group", names, colours);
  return {
    height: 130,
    legend: names.map((name, k): LegendEntry => ({
      label: `${name}: mean ${show(means[k])} Hz`,
      colour: colours[k],
      mark: "area",
    })),
    spec: {
      layer: [
        {
          data: { values: bins.filter((bin) => bin.count > 0) },
          mark: { type: "rect", opacity: 0.4 },
          encoding: {
            x: quantity("from", "Firing rate (Hz)"),
            x2: { field: "to" },
            y: quantity("share", "Units", {
              axis: { format: "%", tickCount: 4 },
            }),
            y2: { datum: 0 },
            color: colour,
          },
        },
        {
          data: {
            values: names.map((group, k) => ({ group, place: means[k] })),
          },
          mark: { type: "rule", strokeDash: [3, 2], strokeWidth: 1 },
          encoding: {
            x: { field: "place", type: "quantitative" },
            color: colour,
          },
        },
      ],
    },
  };
}
