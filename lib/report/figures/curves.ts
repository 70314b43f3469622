/** Panels that several figures of analyses are made of: curves, points, histograms. */
import { ink } from "../theme.ts";
import type { Panel, Spec } from "../types.ts";
import { histogram } from "./histogram.ts";
import { bounds, colourBy, quantity } from "./layers.ts";

/** A curve with its band, if it has one. */
export interface Curve {
  /** Name, for the legend; a curve without one is not in it. */
  readonly name: string;
  /** CSS colour. */
  readonly colour: string;
  /** Places along x. */
  readonly x: ArrayLike<number>;
  /** Values; those that are not finite leave a gap. */
  readonly y: ArrayLike<number>;
  /** Lower ends of intervals. */
  readonly low?: ArrayLike<number>;
  /** Upper ends of intervals. */
  readonly high?: ArrayLike<number>;
  /** `points`: with points on the line; `bars`: points with intervals, no line. */
  readonly as?: "line" | "points" | "bars";
  /** Dashes of the line. */
  readonly dash?: readonly number[];
}

/** What a panel of curves needs. */
export interface CurvesPanel {
  readonly title: string;
  readonly note?: string;
  readonly x: string;
  readonly y: string;
  readonly curves: readonly Curve[];
  /** Bounds of the axes; defaults to those of the data. */
  readonly xBounds?: readonly [number, number];
  readonly yBounds?: readonly [number, number];
  readonly xScale?: "linear" | "log";
  readonly yScale?: "linear" | "log";
  /** Drawn behind and before the curves. */
  readonly behind?: readonly Spec[];
  /** No legend, where another panel has it. */
  readonly plain?: boolean;
  readonly height?: number;
}

/** Draws curves. */
export function curvesPanel(panel: CurvesPanel): Panel {
  const { curves, xBounds, yBounds, xScale, yScale } = panel;
  const scale = (
    of: readonly [number, number] | undefined,
    type: "linear" | "log" = "linear",
  ) => ({
    scale: {
      ...(of ? bounds(...of) : type === "log" ? {} : { zero: false }),
      ...(type === "log" && { type }),
    },
    axis: { format: "~r" },
  });
  const x = quantity("x", panel.x, scale(xBounds, xScale));
  const y = quantity("y", panel.y, scale(yBounds, yScale));
  const usable = (value: number, type = "linear") =>
    Number.isFinite(value) && (type !== "log" || value > 0);
  return {
    title: panel.title,
    ...(panel.note && { note: panel.note }),
    height: panel.height ?? 130,
    ...(!panel.plain && {
      legend: curves.filter(({ name }) => name !== "").map((
        { name, colour, as, dash },
      ) => ({
        label: name,
        colour,
        mark: as === "bars" ? "point" as const : "line" as const,
        ...(dash && { dash }),
      })),
    }),
    spec: {
      layer: [
        ...(panel.behind ?? []),
        ...curves.flatMap((curve): Spec[] => {
          const rows = Array.from(curve.x, (place, k) => ({
            x: place,
            y: curve.y[k],
            low: curve.low?.[k] ?? NaN,
            high: curve.high?.[k] ?? NaN,
          })).filter((row) => usable(row.x, xScale) && usable(row.y, yScale));
          const banded = rows.filter(({ low, high }) =>
            usable(low, yScale) && usable(high, yScale)
          );
          const bars = curve.as === "bars";
          return [
            ...(banded.length > 0
              ? [{
                data: { values: banded },
                mark: bars
                  ? { type: "rule", color: curve.colour, strokeWidth: 0.8 }
                  : {
                    type: "area",
                    color: curve.colour,
                    opacity: 0.2,
                    clip: true,
                  },
                encoding: {
                  x,
                  y: { ...y, field: "low" },
                  y2: { field: "high" },
                },
              }]
              : []),
            {
              data: { values: rows },
              mark: bars
                ? {
                  type: "point",
                  filled: true,
                  size: 14,
                  opacity: 1,
                  color: curve.colour,
                }
                : {
                  type: "line",
                  color: curve.colour,
                  strokeWidth: 1,
                  clip: true,
                  ...(curve.dash && { strokeDash: curve.dash }),
                  ...(curve.as === "points" && {
                    point: {
                      filled: true,
                      size: 12,
                      opacity: 1,
                      color: curve.colour,
                    },
                  }),
                },
              encoding: { x, y },
            },
          ];
        }),
      ],
    },
  };
}

/** What a panel of histograms needs. */
export interface HistogramPanel {
  readonly title: string;
  readonly note?: string;
  /** The quantity and its unit. */
  readonly x: string;
  readonly groups: readonly {
    readonly name: string;
    readonly colour: string;
    readonly values: ArrayLike<number>;
  }[];
  /** A value that is marked: 1 for a Poisson process. */
  readonly mark?: number;
  /** Values beyond are left out. */
  readonly most?: number;
}

/** Draws shares of each group's values, as steps over common bins. */
export function histogramPanel(panel: HistogramPanel): Panel {
  const { groups, most = Infinity } = panel;
  const names = groups.map(({ name }) => name);
  const bins = histogram(groups.map(({ name, values }) => ({
    name,
    values: Array.from(values).filter((value) => value <= most),
  })));
  const rows = names.flatMap((name) => {
    const own = bins.filter(({ group }) => group === name);
    return own.flatMap(({ from, to, share }, k) => [
      ...(k === 0 ? [{ group: name, x: from, y: 0, order: -1 }] : []),
      { group: name, x: from, y: 100 * share, order: 2 * k },
      { group: name, x: to, y: 100 * share, order: 2 * k + 1 },
      ...(k === own.length - 1
        ? [{ group: name, x: to, y: 0, order: 2 * k + 2 }]
        : []),
    ]);
  });
  const empty = rows.length === 0;
  return {
    title: panel.title,
    note: empty ? "no unit has a value" : panel.note,
    height: 130,
    legend: groups.map(({ name, colour }) => ({
      label: name,
      colour,
      mark: "line" as const,
    })),
    spec: {
      layer: [
        ...(panel.mark === undefined || empty ? [] : [{
          data: { values: [{ place: panel.mark }] },
          mark: { type: "rule", color: ink, strokeDash: [2, 2], opacity: 0.6 },
          encoding: { x: { field: "place", type: "quantitative" } },
        }]),
        {
          data: { values: empty ? [{ x: 0, y: 0, order: 0 }] : rows },
          mark: { type: "line", strokeWidth: 1, ...(empty && { opacity: 0 }) },
          encoding: {
            x: quantity("x", panel.x, { scale: { zero: false, nice: false } }),
            y: quantity("y", "Share (%)"),
            order: { field: "order", type: "quantitative" },
            color: colourBy("group", names, groups.map(({ colour }) => colour)),
          },
        },
      ],
    },
  };
}
