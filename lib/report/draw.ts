/** Figures as files. */
import type { FigureFormat } from "./names.ts";
import { fileOf } from "./figure_file.ts";
import type { Figure, FigureWidth } from "./types.ts";

export { type FigureFormat, figureFormats } from "./names.ts";

/** How a figure is written. */
export interface DrawOptions {
  /** Format of the file. */
  readonly format: FigureFormat;
  /** Width. Defaults to the figure's own. */
  readonly width?: FigureWidth;
}

/**
 * Draws a figure as the contents of a file: SVG, PDF, PNG at 300 dots an inch,
 * or an HTML page with its caption.
 *
 * @param figure from one of the functions in `figures/`
 * @param options format and width
 * @returns the file's bytes
 * @throws {RangeError} for a width outside 40 to 400 mm
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { drawFigure, tausFigure } from "@spikernn/spikernn/report";
 * const figure = tausFigure({
 *   populations: [{ type: "E", taus: [20, 25, 70] }, { type: "I", taus: [40] }],
 *   bounds: [20, 100],
 * });
 * const png = await drawFigure(figure, { format: "png", width: "single" });
 * assert(png[1] === "P".charCodeAt(0));
 * ```
 */
export function drawFigure(
  figure: Figure,
  options: DrawOptions,
): Promise<Uint8Array> {
  return fileOf(figure, options);
}
