/** The recurrent weights as they act: sorted by population, signed. */
import type { FloatArray } from "../../network/types.ts";
import { diverging, toHex } from "../colours.ts";
import { heatMap } from "../heatmap.ts";
import { ink, populationColours, populationNames } from "../theme.ts";
import type { Figure, Panel, Population, Spec } from "../types.ts";
import { histogram } from "./histogram.ts";
import { axes, bounds, colourBy, image, quantity, show } from "./layers.ts";

/** Populations in the sorted order of units. */
export type Populations = readonly {
  readonly type: Population;
  readonly size: number;
}[];

/** The weights within a layer, or from one to another. */
export interface LayerWeights {
  /** Name, the title of its panel. */
  readonly name: string;
  /** The effective matrix, N×M, rows and columns sorted by population. */
  readonly matrix: FloatArray;
  /** Postsynaptic populations; the sizes add up to N. */
  readonly populations: Populations;
  /** Presynaptic populations, of M units. Defaults to the postsynaptic ones. */
  readonly sources?: Populations;
}

/** What the figure needs. */
export interface WeightsData {
  /** The matrices to draw. */
  readonly layers: readonly LayerWeights[];
}

/**
 * Draws each effective weight matrix, and how its weights are distributed.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { weightsFigure } from "@spikernn/spikernn/report";
 * const figure = weightsFigure({
 *   layers: [{
 *     name: "Recurrent",
 *     matrix: Float32Array.of(0, -1, 1, 0),
 *     populations: [{ type: "E", size: 1 }, { type: "I", size: 1 }],
 *   }],
 * });
 * assert(figure.name === "weights");
 * ```
 */
export function weightsFigure(data: WeightsData): Figure {
  return {
    name: "weights",
    title: "Weights",
    description: "Effective weights, rows postsynaptic and columns " +
      "presynaptic units, sorted by population: vermilion excites, blue " +
      "inhibits. Colours saturate at the 99th percentile. Beside it, the " +
      "distribution of the weights that are not zero, by presynaptic population. " +
      data.layers.map((layer) => `${layer.name}: ${share(layer)}`).join("; ") +
      ".",
    width: "double",
    columns: 2,
    narrowest: 180,
    panels: data.layers.flatMap((layer) => [
      matrixPanel(layer),
      distributionPanel(layer),
    ]),
  };
}

/** How many synapses there are, in words. */
function share(layer: LayerWeights): string {
  let present = 0;
  for (const weight of layer.matrix) if (weight !== 0) present++;
  return `${show(100 * present / layer.matrix.length)} % of the ` +
    "possible synapses are present";
}

function matrixPanel(layer: LayerWeights): Panel {
  const rows = unitsOf(layer.populations);
  const sources = layer.sources ?? layer.populations;
  const columns = unitsOf(sources);
  const magnitudes = Float64Array.from(layer.matrix, Math.abs)
    .filter((w) => w > 0).sort();
  const limit = magnitudes[Math.floor(0.99 * (magnitudes.length - 1))] ?? 1;
  const colours = diverging(255);
  return {
    title: `${layer.name}: effective weights`,
    note: share(layer),
    height: 200,
    square: true,
    colourBar: {
      label: "Weight",
      min: -limit,
      max: limit,
      colours: diverging(13).map(toHex),
    },
    spec: {
      view: { stroke: ink, strokeWidth: 0.6 },
      layer: [
        image(heatMap(
          layer.matrix,
          rows,
          columns,
          { min: -limit, max: limit },
          colours,
        )),
        axes(
          axisOf("x", "Presynaptic", sources),
          axisOf("y", "Postsynaptic", layer.populations, { reverse: true }),
        ),
        ...borders(layer.populations).map((border) =>
          rule({ y: { datum: border, type: "quantitative" } })
        ),
        ...borders(sources).map((border) =>
          rule({ x: { datum: border, type: "quantitative" } })
        ),
      ],
    },
  };
}

function unitsOf(populations: Populations): number {
  return populations.reduce((sum, { size }) => sum + size, 0);
}

/** Where each population ends. */
function endsOf(populations: Populations): number[] {
  let end = 0;
  return populations.map(({ size }) => end += size);
}

/** Where one population ends and the next begins. */
function borders(populations: Populations): number[] {
  const end = unitsOf(populations);
  return endsOf(populations).slice(0, -1)
    .filter((place) => place > 0 && place < end);
}

/** An axis of units, labelled by population. */
function axisOf(
  field: string,
  title: string,
  populations: Populations,
  more: Spec = {},
): Spec {
  const ends = endsOf(populations);
  const middles = populations.map((population, k) => ({
    place: ends[k] - population.size / 2,
    label: population.type === "units" ? "" : population.type,
    size: population.size,
  })).filter((middle) => middle.size > 0 && middle.label);
  const axis = middles.length > 0
    ? {
      values: middles.map((middle) => middle.place),
      labelExpr: middles.map((middle) =>
        `abs(datum.value - ${middle.place}) < 0.01 ? '${middle.label}' : `
      ).join("") + "''",
      ticks: false,
      domain: false,
    }
    : { tickCount: 4, domain: false };
  const scale = { ...bounds(0, unitsOf(populations)), ...more };
  return quantity(field, title, { scale, axis });
}

/** A thin line where one population ends; grey shows on the white matrix. */
function rule(encoding: Spec): Spec {
  return {
    data: { values: [{}] },
    mark: { type: "rule", color: "#777777", strokeWidth: 0.5 },
    encoding,
  };
}

function distributionPanel(layer: LayerWeights): Panel {
  const rows = unitsOf(layer.populations);
  const sources = layer.sources ?? layer.populations;
  const columns = unitsOf(sources);
  let from = 0;
  const groups = sources.map((population) => {
    const values: number[] = [];
    for (let j = from; j < from + population.size; j++) {
      for (let i = 0; i < rows; i++) {
        const weight = layer.matrix[i * columns + j];
        if (weight !== 0) values.push(weight);
      }
    }
    from += population.size;
    return { name: population.type, values };
  }).filter((group) => group.values.length > 0);
  const bins = histogram(groups, 40).filter((bin) => bin.count > 0);
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  return {
    title: "Distribution of the weights",
    height: 200,
    legend: groups.map((group) => ({
      label: `from ${
        populationNames[group.name].replace(/^\w/, (c) => c.toLowerCase())
      }${group.name === "units" ? "" : " units"}`,
      colour: populationColours[group.name],
      mark: "area",
    })),
    spec: {
      data: { values: bins.map((bin) => ({ ...bin, base: 0.7 })) },
      mark: { type: "rect", opacity: 0.5 },
      encoding: {
        x: quantity("from", "Weight"),
        x2: { field: "to" },
        y: quantity("count", "Synapses", {
          // A few synapses still get an axis of whole numbers.
          scale: {
            type: "log",
            domain: [0.7, Math.max(10, most)],
            nice: false,
          },
          axis: { tickCount: 4, format: "~s" },
        }),
        y2: { field: "base" },
        color: colourBy(
          "group",
          groups.map((group) => group.name),
          groups.map((group) => populationColours[group.name]),
        ),
      },
    },
  };
}
