/** Fixed points among trajectories, and the eigenvalues there. */
import { ink, okabeIto, roleColours } from "../theme.ts";
import type { Figure, LegendEntry, Panel } from "../types.ts";
import { bounds, quantity, show, upright } from "./layers.ts";

/** A point as it is drawn. */
export interface DrawnPoint {
  /** Along the first component. */
  readonly x: number;
  /** Along the second component. */
  readonly y: number;
  /** Fixed or slow. */
  readonly kind: "fixed" | "slow";
  /** Number of unstable directions; NaN if not known. */
  readonly unstable: number;
  /** Eigenvalues, 1/ms; absent if not computed. */
  readonly eigenvalues?: {
    /** Real parts. */
    readonly real: ArrayLike<number>;
    /** Imaginary parts. */
    readonly imaginary: ArrayLike<number>;
  };
}

/** What the figures need. */
export interface FixedPointsData {
  /** One panel an input. */
  readonly inputs: readonly {
    /** The input in words. */
    readonly name: string;
    /** Points at this input. */
    readonly points: readonly DrawnPoint[];
  }[];
  /** Trial-averaged courses in the same plane. */
  readonly courses: readonly {
    /** Along the first component. */
    readonly x: ArrayLike<number>;
    /** Along the second component. */
    readonly y: ArrayLike<number>;
  }[];
}

const kinds = {
  stable: { shape: "circle", filled: true, colour: roleColours.rate },
  saddle: { shape: "circle", filled: false, colour: okabeIto.vermilion },
  slow: { shape: "diamond", filled: true, colour: okabeIto.blue },
} as const;

type Kind = keyof typeof kinds;

function kindOf({ kind, unstable }: DrawnPoint): Kind {
  if (kind === "slow") return "slow";
  return unstable > 0 ? "saddle" : "stable";
}

const legend: readonly LegendEntry[] = [
  { label: "stable", colour: kinds.stable.colour, mark: "point" },
  { label: "saddle (open)", colour: kinds.saddle.colour, mark: "point" },
  { label: "slow", colour: kinds.slow.colour, mark: "diamond" },
  { label: "trials’ means", colour: "#aaaaaa", mark: "line" },
];

/**
 * Draws fixed and slow points of a rate network into its trajectories, one panel
 * an input.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fixedPointsFigure } from "@spikernn/spikernn/report";
 * const figure = fixedPointsFigure({
 *   inputs: [{
 *     name: "none",
 *     points: [{ x: 0, y: 1, kind: "fixed", unstable: 0 }],
 *   }],
 *   courses: [{ x: [0, 1], y: [0, 2] }],
 * });
 * assert(figure.panels[0].title === "no input");
 * ```
 */
export function fixedPointsFigure(data: FixedPointsData): Figure {
  const every = [
    ...data.courses.flatMap(({ x, y }) =>
      Array.from(x, (value, k) => ({ x: value, y: y[k] }))
    ),
    ...data.inputs.flatMap(({ points }) => points),
  ];
  const range = (axis: "x" | "y") => {
    let [low, high] = [Infinity, -Infinity];
    for (const point of every) {
      low = Math.min(low, point[axis]);
      high = Math.max(high, point[axis]);
    }
    const margin = (high - low || 1) * 0.06;
    return bounds(low - margin, high + margin);
  };
  const x = quantity("x", "Component 1 (a.u.)", { scale: range("x") });
  const y = quantity("y", "Component 2 (a.u.)", { scale: range("y") });
  const rows = data.courses.flatMap((course, c) =>
    Array.from(course.x, (value, order) => ({
      course: c,
      order,
      x: value,
      y: course.y[order],
    }))
  );
  const panels = data.inputs.map(({ name, points }, k): Panel => ({
    title: short(name),
    note: kindCounts(points),
    height: 130,
    square: true,
    ...(k === 0 && { legend }),
    spec: {
      layer: [
        {
          data: { values: rows },
          mark: {
            type: "line",
            color: "#aaaaaa",
            strokeWidth: 0.7,
            clip: true,
          },
          encoding: {
            x,
            y,
            order: { field: "order", type: "quantitative" },
            detail: { field: "course", type: "nominal" },
          },
        },
        ...marks(
          points.map((point) => ({
            x: point.x,
            y: point.y,
            kind: kindOf(point),
          })),
          { x, y },
          { size: 26, strokeWidth: 1.2, opacity: 1 },
        ),
      ],
    },
  }));
  return {
    name: "fixed-points",
    title: "Fixed points",
    description: "Fixed and slow points of the rate network at constant " +
      "inputs, in the plane of the first two principal components of its " +
      "trial-averaged rates (grey). " +
      data.inputs.map(({ name, points }) =>
        `${inputText(name)}: ${kindCounts(points)}`
      )
        .join("; ") +
      ".",
    ...grid(panels),
  };
}

/** A layer of marks for each kind of point. */
function marks(
  rows: readonly { readonly kind: Kind }[],
  encoding: Readonly<Record<"x" | "y", unknown>>,
  look: Readonly<Record<"size" | "strokeWidth" | "opacity", number>>,
) {
  return (Object.keys(kinds) as Kind[]).map((kind) => {
    const { shape, filled, colour: color } = kinds[kind];
    return {
      data: { values: rows.filter((row) => row.kind === kind) },
      mark: { type: "point", shape, filled, color, ...look, clip: true },
      encoding,
    };
  });
}

/** Panels of inputs, up to three in a row. */
function grid(panels: readonly Panel[]) {
  const columns = Math.min(3, panels.length);
  return { width: "double" as const, columns, narrowest: 120, panels };
}

/** Longest title that a panel has room for. */
const longest = 28;

/** An input in words. */
function inputText(name: string): string {
  return name === "none" ? "no input" : name;
}

/** An input whose channels are named by first letters, if it is long: s1 = 0.5. */
function short(name: string): string {
  if (name.length <= longest) return inputText(name);
  return name.split(", ").map((part) => {
    const [channel, value] = part.split(" = ");
    const letters = channel.split(/\s+/)
      .map((word) => /^\d/.test(word) ? word : word[0]).join("");
    return value === undefined ? part : `${letters} = ${value}`;
  }).join(", ");
}

function kindCounts(points: readonly DrawnPoint[]): string {
  const count = (kind: Kind) =>
    points.filter((point) => kindOf(point) === kind).length;
  const parts = (Object.keys(kinds) as Kind[])
    .filter((kind) => count(kind) > 0)
    .map((kind) => `${count(kind)} ${kind}`);
  return parts.length > 0 ? parts.join(", ") : "no point";
}

/**
 * Draws the eigenvalues of the Jacobian at fixed and slow points, one panel an
 * input.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fixedPointSpectraFigure } from "@spikernn/spikernn/report";
 * const figure = fixedPointSpectraFigure({
 *   inputs: [{
 *     name: "none",
 *     points: [{
 *       x: 0,
 *       y: 1,
 *       kind: "fixed",
 *       unstable: 0,
 *       eigenvalues: { real: [-0.02], imaginary: [0] },
 *     }],
 *   }],
 *   courses: [],
 * });
 * assert(figure.name === "fixed-points_eigenvalues");
 * ```
 */
export function fixedPointSpectraFigure(data: FixedPointsData): Figure {
  const rowsOf = (points: readonly DrawnPoint[]) =>
    points.flatMap((point) => {
      const { eigenvalues } = point;
      if (!eigenvalues) return [];
      return Array.from(eigenvalues.real, (re, k) => ({
        re: 1000 * re,
        im: 1000 * eigenvalues.imaginary[k],
        kind: kindOf(point),
      }));
    });
  const all = data.inputs.flatMap(({ points }) => rowsOf(points));
  let [low, high, tall] = [0, 1, 1];
  for (const { re, im } of all) {
    low = Math.min(low, re);
    high = Math.max(high, re);
    tall = Math.max(tall, Math.abs(im));
  }
  const margin = 0.05 * (high - low);
  const x = quantity("re", "Real part (1/s)", {
    scale: bounds(low - margin, high + margin),
  });
  const y = quantity("im", "Imaginary part (1/s)", {
    scale: bounds(-1.1 * tall, 1.1 * tall),
  });
  const panels = data.inputs.map(({ name, points }, k): Panel => {
    const rows = rowsOf(points);
    return {
      title: short(name),
      note: rows.length === 0
        ? "no point"
        : `largest real part ${show(largest(rows))} 1/s`,
      height: 130,
      ...(k === 0 && { legend: legend.slice(0, 3) }),
      spec: {
        layer: [
          upright(0, { color: ink }),
          ...marks(rows, { x, y }, { size: 7, strokeWidth: 0.6, opacity: 0.8 }),
        ],
      },
    };
  });
  return {
    name: "fixed-points_eigenvalues",
    title: "Eigenvalues at fixed points",
    description: "Eigenvalues of the Jacobian at the fixed and slow points " +
      "of the rate network. Right of the dashed line a direction is unstable.",
    ...grid(panels),
  };
}

function largest(rows: readonly { readonly re: number }[]): number {
  return rows.reduce((most, { re }) => Math.max(most, re), -Infinity);
}
