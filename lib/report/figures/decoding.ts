/** Matrices over two times, and courses over one: decoding and discriminability. */
import type { FloatArray } from "../../network/types.ts";
import { diverging, sequential, toHex } from "../colours.ts";
import { heatMap } from "../heatmap.ts";
import { ink, seriesColour, seriesDash } from "../theme.ts";
import type { Figure, Panel, TimeWindow } from "../types.ts";
import {
  axes,
  bounds,
  colourBy,
  dashBy,
  image,
  level,
  quantity,
  seriesLegend,
  shade,
  time,
} from "./layers.ts";

/** A matrix over two times. */
export interface TimeMatrix {
  /** The title of its panel. */
  readonly title: string;
  /** Times×times, row-major; NaN is left blank. */
  readonly values: FloatArray;
  /** Number of times. */
  readonly times: number;
}

/** Accuracy of one variable over time. */
export interface AccuracyCourse {
  /** Name of the variable. */
  readonly variable: string;
  /** Share of correct trials, one for each time. */
  readonly accuracy: ArrayLike<number>;
  /** Lower ends of their intervals. */
  readonly low: ArrayLike<number>;
  /** Upper ends. */
  readonly high: ArrayLike<number>;
}

/** What the figure of decoding needs. */
export interface DecodingData {
  /** Duration of a trial, ms. */
  readonly duration: number;
  /** Times at which it was decoded, ms. */
  readonly times: ArrayLike<number>;
  /** Windows of the stimuli, ms. */
  readonly stimuli: readonly TimeWindow[];
  /** A row of panels for each network. */
  readonly networks: readonly {
    readonly name: string;
    readonly courses: readonly AccuracyCourse[];
    readonly matrices: readonly TimeMatrix[];
  }[];
  /**
   * Share of correct trials expected by chance, the lowest of all variables.
   */
  readonly chance: number;
}

/**
 * Draws accuracies over time.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { decodingFigure } from "@spikernn/spikernn/report";
 * const figure = decodingFigure({
 *   duration: 20,
 *   times: [5, 15],
 *   stimuli: [],
 *   chance: 0.5,
 *   networks: [{
 *     name: "Rate",
 *     courses: [{ variable: "match", accuracy: [0.5, 1], low: [0.4, 0.9], high: [0.6, 1] }],
 *     matrices: [{ title: "match", values: Float64Array.of(0.5, 0.5, 0.5, 1), times: 2 }],
 *   }],
 * });
 * assert(figure.panels.length === 1);
 * ```
 */
export function decodingFigure(data: DecodingData): Figure {
  return {
    name: "decoding",
    title: "Decoding over time",
    description: "Accuracy of a linear discriminant on trials held out, with " +
      "95 % Wilson intervals. Dashed: chance. Grey: stimuli.",
    width: data.networks.length > 1 ? "double" : "single",
    columns: data.networks.length,
    narrowest: 150,
    panels: data.networks.map((network) => coursePanel(data, network)),
  };
}

/**
 * Draws cross-temporal matrices: trained at one time, tested at another.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { crossTemporalFigure } from "@spikernn/spikernn/report";
 * const figure = crossTemporalFigure({
 *   duration: 20,
 *   times: [5, 15],
 *   stimuli: [],
 *   chance: 0.5,
 *   networks: [{
 *     name: "Rate",
 *     courses: [],
 *     matrices: [{ title: "match", values: Float64Array.of(0.5, 0.5, 0.5, 1), times: 2 }],
 *   }],
 * });
 * assert(figure.panels[0].square);
 * ```
 */
export function crossTemporalFigure(data: DecodingData): Figure {
  const most = Math.max(
    ...data.networks.map(({ matrices }) => matrices.length),
  );
  return {
    name: "decoding_times",
    title: "Cross-temporal decoding",
    description: "Accuracy of a linear discriminant, trained at one time and " +
      "tested at another, on trials held out. Lines: stimuli.",
    width: "double",
    columns: Math.min(3, Math.max(2, most)),
    narrowest: 130,
    panels: data.networks.flatMap(({ name, matrices }) =>
      matrices.map((matrix) =>
        matrixPanel(matrix, data, {
          title: `${name}: ${matrix.title}`,
          x: "Test time (ms)",
          y: "Training time (ms)",
          bar: { label: "Accuracy (%)", min: 100 * data.chance, max: 100 },
          range: { min: data.chance, max: 1 },
          diverging: false,
        })
      )
    ),
  };
}

function coursePanel(
  data: DecodingData,
  { name, courses }: DecodingData["networks"][number],
): Panel {
  const names = courses.map(({ variable }) => variable);
  const rows = courses.flatMap(({ variable, accuracy, low, high }) =>
    Array.from(accuracy, (value, k) => ({
      variable,
      time: data.times[k],
      accuracy: 100 * value,
      low: 100 * low[k],
      high: 100 * high[k],
    }))
  );
  const colours = names.map((_, k) => seriesColour(k));
  const y = (field: string) =>
    quantity(field, "Accuracy (%)", { scale: bounds(0, 100) });
  return {
    title: `${name} network`,
    height: 130,
    legend: seriesLegend(names),
    spec: {
      layer: [
        ...shade(data.stimuli),
        level(100 * data.chance),
        {
          data: { values: rows },
          mark: { type: "area", opacity: 0.2, clip: true },
          encoding: {
            x: time(data.duration),
            y: y("low"),
            y2: { field: "high" },
            color: colourBy("variable", names, colours),
          },
        },
        {
          data: { values: rows },
          mark: { type: "line", clip: true },
          encoding: {
            x: time(data.duration),
            y: y("accuracy"),
            color: colourBy("variable", names, colours),
            strokeDash: dashBy(
              "variable",
              names,
              names.map((_, k) => seriesDash(k)),
            ),
          },
        },
      ],
    },
  };
}

function matrixPanel(
  { values, times }: TimeMatrix,
  { duration, stimuli }: Pick<DecodingData, "duration" | "stimuli">,
  look: {
    readonly title: string;
    readonly x: string;
    readonly y: string;
    readonly bar: {
      readonly label: string;
      readonly min: number;
      readonly max: number;
    };
    readonly range: { readonly min: number; readonly max: number };
    readonly diverging: boolean;
  },
): Panel {
  const colours = look.diverging ? diverging : sequential;
  // Time goes upwards: the first row is the last one of the picture.
  const upwards = new Float64Array(values.length);
  for (let row = 0; row < times; row++) {
    upwards.set(
      values.subarray(row * times, (row + 1) * times),
      (times - 1 - row) * times,
    );
  }
  const axis = (field: string, title: string) =>
    quantity(field, title, {
      scale: bounds(0, duration),
      axis: { format: "d", tickCount: 4 },
    });
  const edges = stimuli.flatMap(({ from, to }) => [from, to])
    .filter((edge) => edge > 0 && edge < duration);
  return {
    title: look.title,
    height: 125,
    square: true,
    colourBar: { ...look.bar, colours: colours(13).map(toHex) },
    spec: {
      view: { stroke: ink, strokeWidth: 0.6 },
      layer: [
        image(heatMap(upwards, times, times, look.range, colours(255))),
        axes(axis("x", look.x), axis("y", look.y)),
        ...edges.flatMap((edge) =>
          ["x", "y"].map((field) => ({
            data: { values: [{}] },
            mark: {
              type: "rule",
              color: look.diverging ? "#777777" : "#ffffff",
              strokeWidth: 0.4,
              strokeDash: [2, 2],
            },
            encoding: { [field]: { datum: edge, type: "quantitative" } },
          }))
        ),
      ],
    },
  };
}

/** What the figure of discriminability needs. */
export interface DiscriminabilityData {
  /** Duration of a trial, ms. */
  readonly duration: number;
  /** Windows of the stimuli, ms. */
  readonly stimuli: readonly TimeWindow[];
  /** The matrices, correlations from -1 to 1. */
  readonly matrices: readonly TimeMatrix[];
}

/**
 * Draws how similar the difference of two conditions is at different times.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { discriminabilityFigure } from "@spikernn/spikernn/report";
 * const figure = discriminabilityFigure({
 *   duration: 10,
 *   stimuli: [],
 *   matrices: [{ title: "match", values: Float64Array.of(1, 0, 0, 1), times: 2 }],
 * });
 * assert(figure.name === "discriminability");
 * ```
 */
export function discriminabilityFigure(data: DiscriminabilityData): Figure {
  return {
    name: "discriminability",
    title: "Discriminability",
    description: "Correlation over units of the difference of two conditions " +
      "in odd trials at one time with that in even trials at another: 1 where " +
      "the same units tell the conditions apart. Lines: stimuli.",
    width: "double",
    columns: Math.min(3, data.matrices.length),
    narrowest: 130,
    panels: data.matrices.map((matrix) =>
      matrixPanel(matrix, data, {
        title: matrix.title,
        x: "Even trials (ms)",
        y: "Odd trials (ms)",
        bar: { label: "Correlation", min: -1, max: 1 },
        range: { min: -1, max: 1 },
        diverging: true,
      })
    ),
  };
}
