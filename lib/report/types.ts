/**
 * What a figure is before it is drawn: plain data. A figure is a grid of
 * panels; each panel is one Vega-Lite specification without size, colours of
 * the theme, title or legend, which the renderer adds.
 */

/** A piece of a Vega-Lite specification, as JSON. */
export type Spec = Readonly<Record<string, unknown>>;

/** One entry of a panel's legend. */
export interface LegendEntry {
  /** What the sample stands for. */
  readonly label: string;
  /** CSS colour of the sample. */
  readonly colour: string;
  /** What the sample looks like. */
  readonly mark: "line" | "dashed" | "area" | "block" | "point" | "diamond";
  /** Dashes of a line, in points: drawn, left out, and so on. */
  readonly dash?: readonly number[];
}

/** A scale of colours beside a panel. */
export interface ColourBar {
  /** The quantity and its unit. */
  readonly label: string;
  /** Value of the first colour. */
  readonly min: number;
  /** Value of the last colour. */
  readonly max: number;
  /** CSS colours from `min` to `max`, equally spaced. */
  readonly colours: readonly string[];
}

/** One panel of a figure. */
export interface Panel {
  /** The title above it. */
  readonly title: string;
  /** A Vega-Lite unit or layer specification. */
  readonly spec: Spec;
  /** Height of the plot with its axes, in points (1/72 inch). */
  readonly height: number;
  /** Whether the plotting area is a square, regardless of `height`. */
  readonly square?: boolean;
  /** Columns of the grid it takes. Defaults to 1. */
  readonly span?: number;
  /** What lines and areas stand for. */
  readonly legend?: readonly LegendEntry[];
  /** The scale of its colours. */
  readonly colourBar?: ColourBar;
  /** A second, small line under the title. */
  readonly note?: string;
}

/** A width in mm, or the width of one or of both columns of a paper. */
export type FigureWidth = number | "single" | "double";

/** A figure, ready to be drawn. */
export interface Figure {
  /** Short name, as on the command line. */
  readonly name: string;
  /** The title above it. */
  readonly title: string;
  /** What it shows, in a sentence or two: the caption and the text for those who cannot see it. */
  readonly description: string;
  /** Width unless the caller asks for another. */
  readonly width: FigureWidth;
  /** Number of panels side by side, if the width allows it. */
  readonly columns: number;
  /** Narrowest that a column may be, in points, before there are fewer of them. */
  readonly narrowest: number;
  /** Number of panels that are stacked as one. Defaults to 1. */
  readonly stacked?: number;
  /** From left to right, those of one stack after each other from the top. */
  readonly panels: readonly Panel[];
}

/** A window of time in a figure, in ms. */
export interface TimeWindow {
  /** What happens in it. */
  readonly name: string;
  /** Start, ms. */
  readonly from: number;
  /** End, ms. */
  readonly to: number;
}

/** Populations of units, in the order in which figures list them. */
export type Population = "E" | "I" | "PV" | "SST" | "units";
