/** The pieces that figures are put together from. */
import { ink, roleColours, seriesColour, seriesDash } from "../theme.ts";
import type { LegendEntry, Spec, TimeWindow } from "../types.ts";

/** A scale with exactly these bounds. */
export function bounds(from: number, to: number): Spec {
  return { domain: [from, to], nice: false, zero: false };
}

/** A quantitative channel. */
export function quantity(
  field: string,
  title: string,
  more: Spec = {},
): Spec {
  return { field, type: "quantitative", title, ...more };
}

/** The time axis of a trial. */
export function time(duration: number, field = "time"): Spec {
  return quantity(field, "Time (ms)", {
    scale: bounds(0, duration),
    axis: { format: "d" },
  });
}

/** Colours of the values of a field, in the order given. */
export function colourBy(
  field: string,
  values: readonly string[],
  colours: readonly string[],
): Spec {
  return {
    field,
    type: "nominal",
    scale: { domain: values, range: colours },
    legend: null,
  };
}

/** Dashes of the values of a field, in the order given. */
export function dashBy(
  field: string,
  values: readonly string[],
  dashes: readonly (readonly number[])[],
): Spec {
  return {
    field,
    type: "nominal",
    scale: { domain: values, range: dashes },
    legend: null,
  };
}

/** Lines of several alike things in a legend, the k-th by its series' look. */
export function seriesLegend(labels: readonly string[]): LegendEntry[] {
  return labels.map((label, k) => ({
    label,
    colour: seriesColour(k),
    mark: "line",
    ...(seriesDash(k)[1] > 0 && { dash: seriesDash(k) }),
  }));
}

/** The window of an answer, as a bar along the top of a plot. */
export function responseBar(window: TimeWindow): Spec {
  return {
    data: { values: [window] },
    mark: { type: "rule", color: ink, strokeWidth: 2 },
    encoding: {
      x: { field: "from", type: "quantitative" },
      x2: { field: "to" },
      y: { value: 1 },
    },
  };
}

/** The performance at one place of an axis, by one of the rules. */
export interface RulePoint {
  readonly rule: "paper" | "strict";
  readonly value: number;
}

/** The two rules in a legend, as `ruleCurves` draws them. */
export const ruleLegend: Readonly<Record<RulePoint["rule"], LegendEntry>> = {
  paper: {
    label: "paper’s rule",
    colour: roleColours.paper,
    mark: "line",
    dash: [2.5, 1.5],
  },
  strict: { label: "strict rule", colour: roleColours.strict, mark: "line" },
};

/**
 * Performance by both rules: the paper's dashed and with smaller points over the
 * strict one's, so that both are seen where they agree.
 */
export function ruleCurves(
  points: readonly RulePoint[],
  encoding: { readonly x: Spec; readonly y: Spec },
): Spec[] {
  const curve = (rule: RulePoint["rule"], size: number): Spec => ({
    data: { values: points.filter((point) => point.rule === rule) },
    mark: {
      type: "line",
      color: roleColours[rule],
      strokeDash: ruleLegend[rule].dash ?? [1, 0],
      point: { filled: true, size, opacity: 1, color: roleColours[rule] },
    },
    encoding,
  });
  const both = points.some(({ rule }) => rule === "strict");
  return [curve("strict", 16), curve("paper", both ? 5 : 12)];
}

/** Windows of time as grey bands behind the data. */
export function shade(windows: readonly TimeWindow[]): Spec[] {
  if (windows.length === 0) return [];
  return [{
    data: { values: windows },
    mark: { type: "rect", color: ink, opacity: 0.1, clip: true },
    encoding: {
      x: { field: "from", type: "quantitative" },
      x2: { field: "to" },
    },
  }];
}

/** A picture over the whole plotting area; entries of a matrix keep their edges. */
export function image(uri: string, smooth = false): Spec {
  return {
    data: { values: [{}] },
    mark: {
      type: "image",
      url: uri,
      width: { expr: "width" },
      height: { expr: "height" },
      align: "left",
      baseline: "top",
      aspect: false,
      smooth,
    },
    encoding: { x: { value: 0 }, y: { value: 0 } },
  };
}

/** Axes without a mark, for a plot that is a picture. */
export function axes(x: Spec, y: Spec): Spec {
  return {
    data: { values: [{ time: 0, x: 0, y: 0 }] },
    mark: { type: "point", opacity: 0, size: 0 },
    encoding: { x, y },
  };
}

/** A horizontal line at a value. */
export function level(value: number, more: Spec = {}): Spec {
  return {
    data: { values: [{ level: value }] },
    mark: {
      type: "rule",
      color: ink,
      strokeDash: [2, 2],
      opacity: 0.6,
      ...more,
    },
    encoding: { y: { field: "level", type: "quantitative" } },
  };
}

/** A vertical line at a value. */
export function upright(value: number, more: Spec = {}): Spec {
  return {
    data: { values: [{ place: value }] },
    mark: {
      type: "rule",
      color: ink,
      strokeDash: [2, 2],
      opacity: 0.6,
      ...more,
    },
    encoding: { x: { field: "place", type: "quantitative" } },
  };
}

/** Places of at most `most` points among `length`, the last one included. */
export function thinned(length: number, most: number): number[] {
  const stride = Math.max(1, Math.ceil(length / most));
  const places: number[] = [];
  for (let k = 0; k < length; k += stride) places.push(k);
  if (length > 0 && places.at(-1) !== length - 1) places.push(length - 1);
  return places;
}

/** A number to print: at most `digits` digits, with a true minus sign. */
export function show(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return "–";
  return String(Number(value.toPrecision(digits))).replace("-", "−");
}

/** Populations of each layer of a network, ascending. */
export function byLayer<P extends { readonly layer?: number }>(
  populations: readonly P[],
): { readonly name: string; readonly populations: P[] }[] {
  const numbers = [...new Set(populations.map((p) => p.layer ?? 0))];
  return numbers.sort((a, b) => a - b).map((number) => ({
    name: `Layer ${number + 1}`,
    populations: populations.filter((p) => (p.layer ?? 0) === number),
  }));
}
