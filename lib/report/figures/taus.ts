/** Decay time constants of the synapses. */
import { median } from "simple-statistics";
import { ink, populationColours, populationNames } from "../theme.ts";
import type { Figure, Population } from "../types.ts";
import { histogram, stackedBars } from "./histogram.ts";
import { bounds, byLayer, colourBy, quantity, show } from "./layers.ts";

/** What the figure needs; all times in ms. */
export interface TausData {
  /** Populations, layer by layer; each layer has a panel of its own. */
  readonly populations: readonly {
    /** Index of the layer. Defaults to 0. */
    readonly layer?: number;
    readonly type: Population;
    readonly taus: ArrayLike<number>;
  }[];
  /** All units before training, layer by layer. */
  readonly before?: ArrayLike<number>;
  /** One value: fixed; two: the range that training stayed within. */
  readonly bounds: readonly [number] | readonly [number, number];
}

/**
 * Draws the distribution of the decay time constants by population.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { tausFigure } from "@spikernn/spikernn/report";
 * const figure = tausFigure({
 *   populations: [{ type: "E", taus: [20, 25, 70] }],
 *   bounds: [20, 100],
 * });
 * assert(figure.name === "taus");
 * ```
 */
export function tausFigure(data: TausData): Figure {
  const [low, high] = data.bounds;
  const layers = byLayer(data.populations.filter((p) => p.taus.length > 0));
  const several = layers.length > 1;
  let first = 0;
  const panels = layers.map(({ name, populations }) => {
    const units = populations.reduce((sum, p) => sum + p.taus.length, 0);
    const before = data.before &&
      Array.from(data.before).slice(first, first + units);
    first += units;
    return {
      title: several ? `${name}: decay time constants` : "Decay time constants",
      ...layerPanel({ ...data, populations, before }),
    };
  });
  return {
    name: "taus",
    title: "Decay time constants",
    description: "Synaptic decay time constants by " +
      `${several ? "layer and " : ""}population` +
      (high === undefined
        ? `, fixed at ${show(low)} ms`
        : `, trained between ${show(low)} and ${show(high)} ms`) +
      ". Medians: " +
      layers.map(({ name, populations }) =>
        (several ? `${name}: ` : "") +
        populations.map((p) =>
          `${populationNames[p.type]} ${show(median(Array.from(p.taus)))} ms`
        ).join(", ")
      ).join("; ") +
      (data.before ? ". Line: all units before training." : "."),
    width: several ? "double" : "single",
    columns: several ? 2 : 1,
    narrowest: 150,
    panels,
  };
}

function layerPanel(data: TausData) {
  const [low, high] = data.bounds;
  const { populations } = data;
  const names = populations.map((p) => populationNames[p.type]);
  const colours = populations.map((p) => populationColours[p.type]);
  const before = "before training";
  const counted = histogram([
    ...populations.map((p, k) => ({ name: names[k], values: p.taus })),
    ...(data.before ? [{ name: before, values: data.before }] : []),
  ]);
  const bins = counted.filter((bin) => bin.group !== before);
  const earlier = counted.filter((bin) => bin.group === before)
    .flatMap((bin) => [
      { place: bin.from, count: bin.count },
      { place: bin.to, count: bin.count },
    ]);
  const x = (field: string) =>
    quantity(field, "Decay time constant (ms)", {
      scale: high === undefined
        ? bounds(0.5 * low, 1.5 * low)
        : bounds(low, high),
    });
  return {
    height: 130,
    legend: [
      ...names.map((label, k) => ({
        label,
        colour: colours[k],
        mark: "area" as const,
      })),
      ...(data.before
        ? [{ label: before, colour: ink, mark: "line" as const }]
        : []),
    ],
    spec: {
      layer: [
        {
          data: { values: stackedBars(bins, names) },
          mark: { type: "rect", opacity: 0.6, clip: true },
          encoding: {
            x: x("from"),
            x2: { field: "to" },
            y: quantity("bottom", "Units"),
            y2: { field: "top" },
            color: colourBy("group", names, colours),
          },
        },
        ...(data.before
          ? [{
            data: { values: earlier },
            mark: {
              type: "line",
              color: ink,
              strokeWidth: 0.8,
              clip: true,
            },
            encoding: { x: x("place"), y: quantity("count", "Units") },
          }]
          : []),
      ],
    },
  };
}
