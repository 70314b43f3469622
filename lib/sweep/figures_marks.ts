/** The marks of a sweep's figure: shares, networks one by one, known values. */
import { bounds, level, quantity } from "../report/figures/layers.ts";
import { ink } from "../report/theme.ts";
import type { Spec } from "../report/types.ts";
import type { Layout } from "./figures_layout.ts";

/** A value with the ends of its bar. */
export interface Marked {
  readonly x: string;
  readonly series: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A value known from elsewhere; no bar where `low` is `high`. */
export type Known = Marked;

/** One network. */
export interface Dot {
  readonly x: string;
  readonly series: string;
  readonly value: number;
}

/** What the layers of one panel share. */
export interface Frame {
  readonly layout: Layout;
  /** Title of the vertical axis. */
  readonly title: string;
  /** Whether it is a proportion, from 0 to 1. */
  readonly share: boolean;
  readonly colours: readonly string[];
  /** Whether networks are shown one by one, beside their summary. */
  readonly dots: boolean;
  /** Whether known values are shown, which get a place beside the others. */
  readonly known: boolean;
}

const knownSlot = "known";

/** The horizontal places of a group: its networks, then their summary. */
function slots({ layout, dots, known }: Frame): string[] {
  return [
    ...layout.series.flatMap((name) => [
      ...(dots ? [`${name}|dots`] : []),
      `${name}|mark`,
    ]),
    ...(known ? [knownSlot] : []),
  ];
}

function across(frame: Frame): Spec {
  const { places, title, ordered } = frame.layout;
  const angle = labelAngle(places);
  return {
    x: {
      field: "x",
      type: "ordinal",
      title: title === "" ? null : title,
      scale: { type: "band", domain: places, padding: 0.15 },
      axis: {
        labelAngle: angle,
        // A number may be left out, between its neighbours; a name may not.
        labelOverlap: angle === 0 && ordered ? "greedy" : false,
        labelLimit: longestLabel,
        ticks: false,
      },
    },
    xOffset: {
      field: "slot",
      type: "nominal",
      scale: { domain: slots(frame) },
    },
  };
}

/** Room for a name of a place, in points; what is longer is cut. */
const longestLabel = 110;

/** More places than this lie too close for slanted names. */
const mostSlanted = 10;

/** How names of places are turned, in degrees: level, slanted, or upright. */
export function labelAngle(places: readonly string[]): 0 | -40 | -90 {
  const widest = Math.max(0, ...places.map((place) => place.length));
  if (widest * places.length <= 32 || widest <= 4) return 0;
  return places.length <= mostSlanted ? -40 : -90;
}

/** How much higher a panel is than with level names, in points. */
export function labelRoom(places: readonly string[]): number {
  const angle = labelAngle(places);
  if (angle === 0) return 0;
  if (angle === -40) return 30;
  const widest = Math.max(...places.map((place) => place.length));
  return Math.min(longestLabel, 5 * widest);
}

function upwards({ title, share }: Frame, field = "value"): Spec {
  return quantity(
    field,
    title,
    share
      ? {
        scale: bounds(0, 1.03),
        axis: { format: "%", values: [0, 0.25, 0.5, 0.75, 1] },
      }
      : { scale: { zero: true } },
  );
}

function colour({ layout, colours }: Frame): Spec {
  return {
    field: "series",
    type: "nominal",
    scale: { domain: layout.series, range: colours },
    legend: null,
  };
}

/** Axes, whatever there is to show. */
function empty(frame: Frame): Spec {
  return {
    data: {
      values: frame.layout.places.map((x) => ({ x, slot: slots(frame)[0] })),
    },
    mark: { type: "point", opacity: 0 },
    encoding: { ...across(frame), y: { datum: 0, ...upwardsOf(frame) } },
  };
}

function upwardsOf(frame: Frame): Spec {
  const { field: _, ...rest } = upwards(frame);
  return rest;
}

/** Points with bars, joined where the places are numbers. */
function marks(frame: Frame, values: readonly Marked[]): Spec[] {
  const data = {
    values: values.map((mark) => ({ ...mark, slot: `${mark.series}|mark` })),
  };
  const shared = { ...across(frame), color: colour(frame) };
  return [
    {
      data,
      mark: { type: "rule", strokeWidth: 1, clip: true },
      encoding: { ...shared, y: upwards(frame, "low"), y2: { field: "high" } },
    },
    ...(frame.layout.ordered
      ? [{
        data,
        mark: { type: "line", strokeWidth: 0.8, opacity: 0.6 },
        encoding: { ...shared, y: upwards(frame) },
      }]
      : []),
    {
      data,
      mark: { type: "point", filled: true, size: 22, opacity: 1 },
      encoding: { ...shared, y: upwards(frame) },
    },
  ];
}

/** Every network as a small ring. */
function dots(frame: Frame, values: readonly Dot[]): Spec[] {
  return [{
    data: {
      values: values.map((dot) => ({ ...dot, slot: `${dot.series}|dots` })),
    },
    mark: {
      type: "point",
      filled: false,
      size: 10,
      strokeWidth: 0.6,
      opacity: 0.6,
    },
    encoding: { ...across(frame), y: upwards(frame), color: colour(frame) },
  }];
}

/** Known values as diamonds. */
function knowns(frame: Frame, values: readonly Known[]): Spec[] {
  if (values.length === 0) return [];
  const data = { values: values.map((mark) => ({ ...mark, slot: knownSlot })) };
  return [
    {
      data,
      mark: { type: "rule", color: ink, strokeWidth: 0.8, clip: true },
      encoding: {
        ...across(frame),
        y: upwards(frame, "low"),
        y2: { field: "high" },
      },
    },
    {
      data,
      mark: {
        type: "point",
        shape: "diamond",
        filled: true,
        size: 34,
        color: ink,
        opacity: 1,
      },
      encoding: { ...across(frame), y: upwards(frame) },
    },
  ];
}

/** A panel's specification from all of its marks. */
export function layers(frame: Frame, content: {
  readonly marks: readonly Marked[];
  readonly dots?: readonly Dot[];
  readonly known: readonly Known[];
  /** A value that a dashed line marks. */
  readonly level?: number;
}): Spec {
  return {
    layer: [
      empty(frame),
      ...(content.level === undefined ? [] : [level(content.level)]),
      ...dots(frame, content.dots ?? []),
      ...marks(frame, content.marks),
      ...knowns(frame, content.known),
    ],
  };
}
