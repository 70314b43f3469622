/** How fast the units fire: distributions by population. */
import { mean } from "simple-statistics";
import { countOf } from "../../count.ts";
import { populationColours, populationNames } from "../theme.ts";
import type { Figure, LegendEntry, Population } from "../types.ts";
import { type Bin, histogram } from "./histogram.ts";
import { byLayer, colourBy, quantity, show } from "./layers.ts";

/** What the figure needs. */
export interface RatesData {
  /** Trials that the rates are means over. */
  readonly trials: number;
  /** Populations, layer by layer; each layer has a panel of its own. */
  readonly populations: readonly {
    /** Index of the layer. Defaults to 0. */
    readonly layer?: number;
    readonly type: Population;
    /** Firing rate of each unit, Hz. */
    readonly rates: ArrayLike<number>;
  }[];
}

/**
 * Draws the distribution of firing rates over the units of each population.
 *
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
  const bins = histogram(
    layers.flatMap(({ populations }, l) =>
      populations.map((p, k) => ({ name: `${l} ${k}`, values: p.rates }))
    ),
  );
  return {
    name: "rates",
    title: "Firing rates",
    description: "Firing rates of the spiking units by " +
      `${several ? "layer and " : ""}population, over ${
        countOf(data.trials, "trial")
      }. ` +
      layers.map(({ name, populations }) =>
        (several ? `${name}: ` : "") +
        populations.map((p) =>
          `${populationNames[p.type]}: ${
            countOf(p.rates.length, "unit")
          }, mean ${show(mean(Array.from(p.rates)))} Hz`
        ).join("; ")
      ).join(". ") + ". Dashed: means.",
    width: several ? "double" : "single",
    columns: several ? 2 : 1,
    narrowest: 150,
    panels: layers.map(({ name, populations }, l) => ({
      title: several ? `${name}: firing rates` : "Firing rates by population",
      ...layerPanel(
        populations,
        bins.filter(({ group }) => group.startsWith(`${l} `)),
        bins,
      ),
    })),
  };
}

/** One panel; `all` are the bins of all panels, whose axes are the same. */
function layerPanel(
  populations: RatesData["populations"],
  own: readonly Bin[],
  all: readonly Bin[],
) {
  const names = populations.map((p) => populationNames[p.type]);
  const means = populations.map((p) => mean(Array.from(p.rates)));
  const colours = populations.map((p) => populationColours[p.type]);
  const bins = own.map((bin) => ({
    ...bin,
    group: names[Number(bin.group.split(" ")[1])],
  }));
  const first = Math.min(...all.map(({ from }) => from));
  const last = Math.max(...all.map(({ to }) => to));
  const highest = Math.max(...all.map(({ share }) => share), 0);
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
            x: quantity("from", "Firing rate (Hz)", {
              scale: { domain: [first, last] },
            }),
            x2: { field: "to" },
            y: quantity("share", "Units", {
              scale: { domain: [0, 1.05 * highest] },
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
