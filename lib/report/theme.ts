/**
 * One look for all figures: the colours of Okabe and Ito (2008), which people
 * with colour-blindness can tell apart, sizes for a paper's column, and text of
 * 7 to 9 points.
 */
import type { FigureWidth, Population, Spec } from "./types.ts";

/** The colours, by name; for black there is `ink`. */
export const okabeIto = {
  orange: "#E69F00",
  sky: "#56B4E9",
  green: "#009E73",
  yellow: "#F0E442",
  blue: "#0072B2",
  vermilion: "#D55E00",
  purple: "#CC79A7",
  grey: "#999999",
} as const;

/** Text and lines; black on paper, light on a dark page. */
export const ink = "currentColor";

/** The colour of each population, in every figure. */
export const populationColours: Readonly<Record<Population, string>> = {
  E: okabeIto.vermilion,
  I: okabeIto.blue,
  PV: okabeIto.blue,
  SST: okabeIto.sky,
  units: okabeIto.green,
};

/** A population's name in words. */
export const populationNames: Readonly<Record<Population, string>> = {
  E: "Excitatory",
  I: "Inhibitory",
  PV: "Inhibitory PV",
  SST: "Inhibitory SST",
  units: "Units (no Dale)",
};

/** The colours of rate and spiking networks and of what they are held against. */
export const roleColours = {
  rate: okabeIto.green,
  spiking: okabeIto.purple,
  target: ink,
  strict: okabeIto.blue,
  paper: okabeIto.orange,
  chosen: ink,
} as const;

const series = [
  okabeIto.blue,
  okabeIto.vermilion,
  okabeIto.green,
  okabeIto.orange,
  okabeIto.purple,
  okabeIto.sky,
  okabeIto.grey,
  okabeIto.yellow,
];

/** The colour of the k-th of several alike things (conditions, channels). */
export function seriesColour(k: number): string {
  return series[k % series.length];
}

/** Dashes by which things of one colour are told apart: drawn, left out, points. */
const dashes = [[1, 0], [4, 1.5], [1, 1], [6, 1, 1, 1]] as const;

/** The dashes of the k-th of several alike things: those of one colour differ. */
export function seriesDash(k: number): readonly number[] {
  return dashes[Math.floor(k / series.length) % dashes.length];
}

/** Sizes of text, in points. */
export const textSize = {
  letter: 9,
  title: 8,
  axisTitle: 7.5,
  label: 7,
} as const;

/** Fonts by preference; the first is the one that pictures are drawn with. */
export const fontFamily = "DejaVu Sans, Verdana, Geneva, sans-serif";

/** Widths of a paper's columns, mm. */
export const columnWidths = { single: 85, double: 180 } as const;

/** The narrowest and the widest figure, mm. */
export const widestFigure = [40, 400] as const;

/**
 * Width in mm.
 *
 * @throws {RangeError} for a width outside 40 to 400 mm
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { widthInMm } from "@spikernn/spikernn/report";
 * assert(widthInMm("single") === 85);
 * ```
 */
export function widthInMm(width: FigureWidth): number {
  if (typeof width === "string") return columnWidths[width];
  const [least, most] = widestFigure;
  if (!(width >= least && width <= most)) {
    throw new RangeError(
      `Cannot draw a figure ${width} mm wide: a width is ${least} to ${most} mm, ` +
        `"single" (${columnWidths.single}) or "double" (${columnWidths.double})`,
    );
  }
  return width;
}

/** Millimetres to points. */
export function points(mm: number): number {
  return mm * 72 / 25.4;
}

/** Vega-Lite's configuration, in points. */
export function themeConfig(): Spec {
  return {
    font: fontFamily,
    background: null,
    padding: 0,
    view: { stroke: null },
    axis: {
      grid: false,
      domainColor: ink,
      domainWidth: 0.6,
      tickColor: ink,
      tickWidth: 0.6,
      tickSize: 3,
      labelColor: ink,
      labelFontSize: textSize.label,
      labelPadding: 2,
      labelOverlap: true,
      labelSeparation: 3,
      labelFlush: false,
      titleColor: ink,
      titleFontSize: textSize.axisTitle,
      titleFontWeight: "normal",
      titlePadding: 4,
      tickCount: 5,
    },
    // One extent for all, so that plots above each other line up.
    axisY: { minExtent: 24 },
    line: { strokeWidth: 1, strokeJoin: "round" },
    rule: { strokeWidth: 0.6 },
    area: { line: false },
    text: { color: ink, fontSize: textSize.label },
    mark: { aria: false },
    legend: { disable: true },
  };
}
