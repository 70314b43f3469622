/** What perturbations do to performance: a heat map, and curves. */
import type { PairedDifference } from "../../simulate/paired.ts";
import type { Proportion } from "../../network/scores.ts";
import { sequential, toHex } from "../colours.ts";
import { ink, roleColours, seriesColour } from "../theme.ts";
import type { Figure, Panel } from "../types.ts";
import { curvesPanel } from "./curves.ts";
import { level, show } from "./layers.ts";
import { rowsPanel } from "./rows.ts";

/** One point: a network, what was done, how much. */
export interface PerturbationPoint {
  /** Which network. */
  readonly network: "rate" | "spiking";
  /** What was changed, without the amount: "scale I to E". */
  readonly series: string;
  /** Amount of the change. */
  readonly amount: number;
  /** Performance by the strict rule. */
  readonly strict: Proportion;
  /** Performance less that of the intact network. */
  readonly difference: PairedDifference;
}

/** What both figures need. */
export interface PerturbationData {
  /** Points of the grid, in the order of the rows. */
  readonly points: readonly PerturbationPoint[];
}

/**
 * Draws strict performance by what was changed (rows) and how much (columns), a
 * panel for each network. A dot marks a difference with p below 0.05.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { comparePaired, wilson } from "@spikernn/spikernn";
 * import { perturbationMapFigure } from "@spikernn/spikernn/report";
 * const figure = perturbationMapFigure({
 *   points: [{
 *     network: "rate",
 *     series: "scale I to E",
 *     amount: 0.5,
 *     strict: wilson(3, 4),
 *     difference: comparePaired([true, true], [true, false]),
 *   }],
 * });
 * assert(figure.panels.length === 1);
 * ```
 */
export function perturbationMapFigure({ points }: PerturbationData): Figure {
  const networks = [...new Set(points.map(({ network }) => network))];
  return {
    name: "perturbation_map",
    title: "Performance under perturbation",
    description:
      "Performance by the strict rule, by what was changed and how " +
      "much. Dots: different from the intact network (McNemar's exact p below " +
      "0.05, not corrected for the number of points).",
    width: "double",
    columns: networks.length,
    narrowest: 190,
    panels: networks.map((network) =>
      mapPanel(network, points.filter((point) => point.network === network))
    ),
  };
}

function mapPanel(
  network: PerturbationPoint["network"],
  points: readonly PerturbationPoint[],
): Panel {
  const series = [...new Set(points.map(({ series }) => series))];
  const amounts = [...new Set(points.map(({ amount }) => amount))]
    .sort((a, b) => a - b).map((amount) => show(amount));
  const colours = sequential(13).map(toHex);
  const rows = points.map(({ series, amount, strict, difference }) => ({
    series,
    amount: show(amount),
    strict: 100 * strict.value,
    differs: difference.p < 0.05,
  }));
  const place = {
    x: {
      field: "amount",
      type: "ordinal",
      sort: amounts,
      title: "Amount",
      axis: { labelAngle: 0 },
    },
    y: { field: "series", type: "ordinal", sort: series, title: null },
  };
  return {
    title: `${network[0].toUpperCase()}${network.slice(1)} network`,
    height: Math.max(90, 40 + 13 * series.length),
    colourBar: { label: "Strict performance (%)", min: 0, max: 100, colours },
    spec: {
      data: { values: rows },
      layer: [
        {
          mark: { type: "rect" },
          encoding: {
            ...place,
            color: {
              field: "strict",
              type: "quantitative",
              scale: { domain: [0, 100], range: colours },
              legend: null,
            },
          },
        },
        {
          transform: [{ filter: "datum.differs" }],
          mark: {
            type: "point",
            filled: true,
            size: 7,
            color: ink,
            stroke: "#ffffff",
            strokeWidth: 0.5,
            opacity: 1,
          },
          encoding: place,
        },
      ],
    },
  };
}

/**
 * Draws the change of strict performance against the amount, with Newcombe's
 * paired 95 % intervals: a panel for each thing that was changed.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { comparePaired, wilson } from "@spikernn/spikernn";
 * import { perturbationCurvesFigure } from "@spikernn/spikernn/report";
 * const point = (amount: number) => ({
 *   network: "rate" as const,
 *   series: "scale I to E",
 *   amount,
 *   strict: wilson(1, 2),
 *   difference: comparePaired([true, true], [true, false]),
 * });
 * const figure = perturbationCurvesFigure({ points: [point(0), point(0.5)] });
 * assert(figure.panels[0].title === "scale I to E");
 * ```
 */
export function perturbationCurvesFigure({ points }: PerturbationData): Figure {
  const series = [...new Set(points.map(({ series }) => series))];
  return {
    name: "perturbation_curves",
    title: "Change of performance",
    description: "Strict performance less that of the intact network on the " +
      "same trials, with paired 95 % intervals. Dashed: no change.",
    width: "double",
    columns: Math.min(4, series.length),
    narrowest: 110,
    panels: series.map((name) => {
      const own = points.filter((point) => point.series === name);
      const networks = [...new Set(own.map(({ network }) => network))];
      return curvesPanel({
        title: name,
        x: "Amount",
        y: "Change (% points)",
        xBounds: padded(own.map(({ amount }) => amount)),
        yBounds: [-104, 104],
        height: 105,
        behind: [level(0)],
        curves: networks.map((network) => {
          const rows = own.filter((point) => point.network === network)
            .sort((a, b) => a.amount - b.amount);
          return {
            name: network,
            colour: roleColours[network],
            as: "points" as const,
            x: rows.map(({ amount }) => amount),
            y: rows.map(({ difference }) => 100 * difference.difference),
            low: rows.map(({ difference }) => 100 * difference.low),
            high: rows.map(({ difference }) => 100 * difference.high),
          };
        }),
      });
    }),
  };
}

/**
 * Draws the change of strict performance, with Newcombe's paired 95 %
 * intervals, for perturbations without an amount: a row for each.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { comparePaired, wilson } from "@spikernn/spikernn";
 * import { perturbationPointsFigure } from "@spikernn/spikernn/report";
 * const figure = perturbationPointsFigure({
 *   points: [{
 *     network: "rate",
 *     series: "shuffle I to E",
 *     strict: wilson(1, 2),
 *     difference: comparePaired([true, true], [true, false]),
 *   }],
 * });
 * assert(figure.panels[0].legend?.[0].label === "rate");
 * ```
 */
export function perturbationPointsFigure(
  { points }: {
    /** In the order of the rows. */
    readonly points: readonly Omit<PerturbationPoint, "amount">[];
  },
): Figure {
  const networks = [...new Set(points.map(({ network }) => network))];
  return {
    name: "perturbation_points",
    title: "Change of performance",
    description: "Strict performance less that of the intact network on the " +
      "same trials, with paired 95 % intervals. Dashed: no change.",
    width: "double",
    columns: 1,
    narrowest: 190,
    panels: [
      rowsPanel({
        title: "",
        axis: "Change of strict performance (% points)",
        points: points.map(({ network, series, difference }) => ({
          place: series,
          group: network,
          value: 100 * difference.difference,
          low: 100 * difference.low,
          high: 100 * difference.high,
        })),
        groups: networks.map((name) => ({ name, colour: roleColours[name] })),
        zero: 0,
        ends: [-104, 104],
      }),
    ],
  };
}

/** A number that analyses give, along the amounts of what was changed. */
export interface PerturbedMeasure {
  /** What it is: "median tau, E". */
  readonly title: string;
  /** Which analysis found it, in which network: "timescales, spiking". */
  readonly note: string;
  /** Its unit; none for a pure number. */
  readonly unit?: string;
  /** Its value in the intact network. */
  readonly intact: number;
  /** Its values in perturbed networks. */
  readonly points: readonly {
    readonly series: string;
    readonly amount: number;
    readonly value: number;
  }[];
}

/**
 * Draws what analyses find in perturbed networks against the amount: a panel for
 * each number, a curve for each thing that was changed.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { perturbationMeasuresFigure } from "@spikernn/spikernn/report";
 * const points = [{ series: "scale I to I", amount: 0.5, value: 60 }];
 * const figure = perturbationMeasuresFigure([
 *   { title: "median tau, E", note: "timescales", intact: 80, points },
 * ]);
 * assert(figure.panels[0].title === "median tau, E");
 * ```
 */
export function perturbationMeasuresFigure(
  measures: readonly PerturbedMeasure[],
): Figure {
  const series = [
    ...new Set(measures.flatMap(({ points }) => points.map((p) => p.series))),
  ];
  const xBounds = padded(
    measures.flatMap(({ points }) => points.map(({ amount }) => amount)),
  );
  return {
    name: "perturbation_measures",
    title: "Perturbed networks measured",
    description: "What analyses find in the perturbed networks. Dashed: in " +
      "the intact network.",
    width: "double",
    columns: Math.min(3, measures.length),
    narrowest: 150,
    panels: measures.map(({ title, note, unit, intact, points }, k) =>
      curvesPanel({
        title,
        note,
        x: "Amount",
        y: unit === undefined ? "Value" : `Value (${unit})`,
        xBounds,
        yBounds: padded([
          ...(Number.isFinite(intact) ? [intact] : []),
          ...points.map(({ value }) => value).filter(Number.isFinite),
        ]),
        height: 105,
        plain: k > 0,
        behind: Number.isFinite(intact) ? [level(intact)] : [],
        curves: series.map((name) => {
          const own = points.filter((point) => point.series === name)
            .sort((a, b) => a.amount - b.amount);
          return {
            name,
            colour: seriesColour(series.indexOf(name)),
            as: "points" as const,
            x: own.map(({ amount }) => amount),
            y: own.map(({ value }) => value),
          };
        }),
      })
    ),
  };
}

/** Bounds with room for the points at their ends. */
function padded(values: readonly number[]): [number, number] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = 0.04 * (most - least || 1);
  return [least - room, most + room];
}
