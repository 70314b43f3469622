/** Trajectories of a rate and a spiking network in the same plane. */
import { ink, seriesColour, seriesDash } from "../theme.ts";
import type { Figure, Panel } from "../types.ts";
import {
  bounds,
  colourBy,
  dashBy,
  quantity,
  seriesLegend,
  show,
} from "./layers.ts";

/** The course of one condition in a plane. */
export interface PlaneCourse {
  /** Condition, in words. */
  readonly condition: string;
  /** Along the first component, one a bin. */
  readonly x: ArrayLike<number>;
  /** Along the second component, one a bin. */
  readonly y: ArrayLike<number>;
}

/** What the figure needs. */
export interface TrajectoriesData {
  /** One panel a network, the rate network first. */
  readonly networks: readonly {
    readonly name: string;
    readonly courses: readonly PlaneCourse[];
    /** Unit of its activity: "Hz", or none. */
    readonly unit?: string;
    /** Share of its variance in this plane, 0 to 1. */
    readonly held: number;
    /** Cumulative share of its variance by number of its own components. */
    readonly cumulative: ArrayLike<number>;
    readonly colour: string;
  }[];
  /** Bins whose places are marked, with what begins there. */
  readonly marks: readonly { readonly name: string; readonly bin: number }[];
  /** Whose components span the plane: "rate". */
  readonly plane: string;
}

/** Most components whose share of variance is drawn. */
const mostComponents = 20;

/**
 * Draws trial-averaged trajectories in the plane of two principal components,
 * and how many components hold the variance.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { trajectoriesFigure } from "@spikernn/spikernn/report";
 * const figure = trajectoriesFigure({
 *   networks: [{
 *     name: "Rate",
 *     courses: [{ condition: "go", x: [0, 1], y: [0, 2] }],
 *     held: 0.9,
 *     cumulative: [0.6, 0.9, 1],
 *     colour: "#009E73",
 *   }],
 *   marks: [],
 *   plane: "rate",
 * });
 * assert(figure.panels.length === 2);
 * ```
 */
export function trajectoriesFigure(data: TrajectoriesData): Figure {
  const names = [
    ...new Set(
      data.networks.flatMap(({ courses }) =>
        courses.map(({ condition }) => condition)
      ),
    ),
  ];
  const panels = data.networks.map((network): Panel => {
    const rows = network.courses.flatMap(({ condition, x, y }) =>
      Array.from(
        x,
        (value, order) => ({ condition, order, x: value, y: y[order] }),
      )
    );
    const places = network.courses.flatMap(({ condition, x, y }) =>
      data.marks.filter(({ bin }) => bin < x.length)
        .map(({ name, bin }) => ({ condition, name, x: x[bin], y: y[bin] }))
    );
    const range = (field: "x" | "y") => {
      let low = Infinity;
      let high = -Infinity;
      for (const row of rows) {
        low = Math.min(low, row[field]);
        high = Math.max(high, row[field]);
      }
      const margin = (high - low || 1) * 0.05;
      return bounds(low - margin, high + margin);
    };
    const unit = network.unit ? ` (${network.unit})` : " (a.u.)";
    const x = quantity("x", `Component 1${unit}`, { scale: range("x") });
    const y = quantity("y", `Component 2${unit}`, { scale: range("y") });
    return {
      title: `${network.name} network`,
      note: `${show(100 * network.held, 2)} % of its variance`,
      height: 150,
      square: true,
      legend: seriesLegend(names),
      spec: {
        layer: [
          {
            data: { values: rows },
            mark: { type: "line", strokeWidth: 1, clip: true },
            encoding: {
              x,
              y,
              order: { field: "order", type: "quantitative" },
              color: colourBy(
                "condition",
                names,
                names.map((_, k) => seriesColour(k)),
              ),
              strokeDash: dashBy(
                "condition",
                names,
                names.map((_, k) => seriesDash(k)),
              ),
            },
          },
          {
            data: { values: places },
            mark: {
              type: "point",
              filled: true,
              size: 14,
              opacity: 1,
              clip: true,
            },
            encoding: {
              x,
              y,
              shape: {
                field: "name",
                type: "nominal",
                scale: {
                  domain: data.marks.map(({ name }) => name),
                  range: data.marks.map((_, k) => shapes[k % shapes.length]),
                },
                legend: null,
              },
              color: colourBy(
                "condition",
                names,
                names.map((_, k) => seriesColour(k)),
              ),
            },
          },
        ],
      },
    };
  });
  return {
    name: "trajectories",
    title: "Trajectories",
    description: "Activity averaged over the trials of each condition, in " +
      `the plane of the first two principal components of the ${data.plane} ` +
      "network" +
      (data.marks.length > 0
        ? `; symbols: ${
          data.marks.map(({ name }, k) =>
            `${shapes[k % shapes.length]}, ${name} begins`
          ).join("; ")
        }`
        : "") +
      ". Last panel: share of each network’s variance in its own first " +
      "components; dashed, 90 %.",
    width: "double",
    columns: data.networks.length + 1,
    narrowest: 130,
    panels: [...panels, variancePanel(data)],
  };
}

const shapes = ["circle", "square", "triangle", "diamond", "cross"] as const;

function variancePanel({ networks }: TrajectoriesData): Panel {
  const names = networks.map(({ name }) => name);
  const most = Math.min(
    mostComponents,
    Math.max(...networks.map(({ cumulative }) => cumulative.length)),
  );
  const rows = networks.flatMap(({ name, cumulative }) =>
    Array.from(cumulative).slice(0, most).map((share, k) => ({
      name,
      components: k + 1,
      share: 100 * share,
    }))
  );
  return {
    title: "Explained variance",
    height: 150,
    legend: networks.map(({ name, colour }) => ({
      label: name.toLowerCase(),
      colour,
      mark: "line",
    })),
    spec: {
      layer: [
        {
          data: { values: [{ level: 90 }] },
          mark: { type: "rule", color: ink, strokeDash: [2, 2], opacity: 0.6 },
          encoding: { y: { field: "level", type: "quantitative" } },
        },
        {
          data: { values: rows },
          mark: { type: "line", point: { filled: true, size: 10, opacity: 1 } },
          encoding: {
            x: quantity("components", "Components", {
              scale: bounds(0.5, most + 0.5),
              axis: { format: "d" },
            }),
            y: quantity("share", "Variance (%)", { scale: bounds(0, 100) }),
            color: colourBy("name", names, networks.map((n) => n.colour)),
          },
        },
      ],
    },
  };
}
