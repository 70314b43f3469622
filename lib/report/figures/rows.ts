/** A row a place, with points of groups and their intervals. */
import { ink } from "../theme.ts";
import type { Panel } from "../types.ts";
import { bounds, colourBy, quantity } from "./layers.ts";

/** A point with its interval. */
export interface RowPoint {
  /** In which row. */
  readonly place: string;
  /** Which group's. */
  readonly group: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What a panel of rows shows. */
export interface RowsOptions {
  readonly title: string;
  /** Title of the axis. */
  readonly axis: string;
  /** Rows from top to bottom are their places, each once. */
  readonly points: readonly RowPoint[];
  /** Groups in the order of the legend, with their colours. */
  readonly groups: readonly {
    readonly name: string;
    readonly colour: string;
  }[];
  /** Where a dashed line stands; absent: none. */
  readonly zero?: number;
  /** Ends of the axis; defaults to those of the intervals, with room. */
  readonly ends?: readonly [least: number, most: number];
}

/** Draws points of groups with their intervals, a row a place. */
export function rowsPanel(
  { title, axis, points, groups, zero, ends }: RowsOptions,
): Panel {
  const places = [...new Set(points.map(({ place }) => place))];
  const names = groups.map(({ name }) => name);
  const place = {
    y: { field: "place", type: "nominal", sort: places, title: null },
    yOffset: {
      field: "group",
      type: "nominal",
      sort: names,
      scale: { paddingOuter: 1 },
    },
    color: colourBy("group", names, groups.map(({ colour }) => colour)),
  };
  const [least, most] = ends ?? endsOf(points, zero);
  const x = (field: string) =>
    quantity(field, axis, {
      scale: bounds(least, most),
      axis: { format: "~r" },
    });
  return {
    title,
    height: 24 + 20 * places.length,
    legend: groups.map(({ name, colour }) => ({
      label: name,
      colour,
      mark: "point",
    })),
    spec: {
      data: { values: points },
      layer: [
        ...(zero === undefined ? [] : [{
          data: { values: [{ zero }] },
          mark: { type: "rule", color: ink, strokeDash: [2, 2] },
          encoding: { x: x("zero") },
        }]),
        {
          mark: { type: "rule" },
          encoding: { ...place, x: x("low"), x2: { field: "high" } },
        },
        {
          mark: { type: "point", filled: true, size: 16, opacity: 1 },
          encoding: { ...place, x: x("value") },
        },
      ],
    },
  };
}

/** Points at the ends stand clear of the axes. */
function endsOf(
  points: readonly RowPoint[],
  zero: number | undefined,
): [number, number] {
  const all = points.flatMap(({ low, high }) => [low, high]).concat(zero ?? []);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const room = 0.05 * (most - least || 1);
  return [least - room, most + room];
}
