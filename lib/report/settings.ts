/**
 * Settings of figures and reports, by the names of the command line, with the
 * library's defaults.
 */
import { type Flag, grouped, oneOf, option } from "../settings/kinds.ts";
import { whole } from "../settings/numbers.ts";
import { usualTrials } from "../simulate/settings.ts";
import { figureFormats } from "./names.ts";
import { columnWidths, widestFigure, widthInMm } from "./theme.ts";
import type { FigureWidth } from "./types.ts";

const [narrowest, widest] = widestFigure;

const widthFlag: Flag<FigureWidth | undefined> = {
  brief:
    `width in mm, or that of one or both columns of a paper (${columnWidths.single}, ${columnWidths.double} mm)`,
  placeholder: "single|double|MM",
  fallback: undefined,
  shown: "what suits the figure",
  allowed: `single, double and widths from ${narrowest} to ${widest} mm`,
  takes: {
    kind: "real",
    min: narrowest,
    max: widest,
    names: Object.keys(columnWidths),
  },
  accepts: (value) => widthFlag.parse(String(value)) !== undefined,
  parse(value) {
    if (/^(single|double)$/i.test(value)) {
      return value.toLowerCase() as "single" | "double";
    }
    const mm = Number(value.replace(/\s*mm$/i, ""));
    try {
      return widthInMm(mm);
    } catch {
      return undefined;
    }
  },
};

/** Files of figures. */
export const drawSettings = grouped("Figures", {
  format: option(
    "format",
    oneOf("format of the files", { names: figureFormats, fallback: "svg" }),
  ),
  width: option("width", widthFlag),
});

/** Trials behind figures. */
export const figureSettings = grouped("Figures", {
  trials: option(
    "trials",
    whole("trials of each condition behind means and firing rates", {
      min: 1,
      max: 100_000,
      fallback: 25,
    }),
  ),
  raster_trials: option(
    "rasterTrials",
    whole("trials of each condition in a raster", {
      min: 1,
      max: 10_000,
      fallback: 1,
    }),
  ),
});

/** A report. */
export const reportSettings = grouped("Report", {
  trials: option(
    "trials",
    whole("trials behind the performances", {
      min: 1,
      max: 1_000_000,
      fallback: usualTrials,
    }),
  ),
});
