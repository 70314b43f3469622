/** A figure as an SVG drawing: panels in a grid, titles, letters, legends. */
import { fontFamily, points, widthInMm } from "../theme.ts";
import type { Figure, FigureWidth } from "../types.ts";
import { type Engine, localEngine } from "./engine.ts";
import {
  barWidth,
  drawBar,
  drawLegend,
  flow,
  heading,
  line,
} from "./furniture.ts";
import { type Cell, gap, place, sharedLegend } from "./grid.ts";
import { escape, number } from "./markup.ts";
import { type DrawnPanel, drawPanel } from "./panel.ts";

/** How a figure is to be drawn. */
export interface SvgOptions {
  /** Width; the figure's own when left out. */
  readonly width?: FigureWidth;
  /** Colour behind the figure. Defaults to white; "none" for a page with a colour of its own. */
  readonly background?: string;
  /** Put before every id, where several drawings share a document. */
  readonly idPrefix?: string;
  /** What draws. Defaults to the engine of this thread. */
  readonly engine?: Engine;
}

/**
 * Draws a figure.
 *
 * @returns an SVG document, its size in mm, its units points
 * @throws {RangeError} for a width outside 40 to 400 mm
 */
export async function drawSvg(
  figure: Figure,
  options: SvgOptions = {},
): Promise<string> {
  const width = points(widthInMm(options.width ?? figure.width));
  const prefix = options.idPrefix ?? `${figure.name}-`;
  const cells = place(figure, width);
  const engine = options.engine ?? localEngine();
  const drawn = await Promise.all(
    cells.map(({ panel, width }, k) =>
      drawPanel(engine, panel.spec, {
        width: width - (panel.colourBar ? barWidth(panel.colourBar) : 0),
        height: panel.height,
        square: panel.square ?? false,
      }, `${prefix}${k}-`)
    ),
  );
  const rows = heights(cells, drawn);
  const legend = flow(sharedLegend(figure) ?? [], width - 2 * gap.edge);
  const tops: number[] = [];
  let height: number = gap.edge + line.legend * legend.length +
    (legend.length > 0 ? gap.legend : 0);
  for (const row of rows) {
    tops.push(height);
    height += row.header + row.body + gap.rows;
  }
  height += gap.edge - gap.rows;

  const letters = cells.length > 1;
  const body = cells.map((cell, k) => {
    const top = tops[cell.row];
    const header = rows[cell.row].header;
    return `<g transform="translate(${number(cell.left)},${number(top)})">` +
      heading(cell, letters ? letter(k) : "", header) +
      `<g transform="translate(0,${number(header)})">${drawn[k].svg}` +
      (cell.panel.colourBar
        ? drawBar(cell.panel.colourBar, drawn[k], `${prefix}${k}-bar`)
        : "") +
      "</g></g>";
  });
  const background = options.background ?? "white";
  const mm = (size: number) => number(size * 25.4 / 72);
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
    `width="${mm(width)}mm" height="${mm(height)}mm" ` +
    `viewBox="0 0 ${number(width)} ${number(height)}" ` +
    `font-family="${fontFamily}" role="img" ` +
    `aria-labelledby="${prefix}title ${prefix}description"` +
    // On a page the page's own ink applies.
    (background === "none" ? ">" : ` color="#1a1a1a">`) +
    `<title id="${prefix}title">${escape(figure.title)}</title>` +
    `<desc id="${prefix}description">${escape(figure.description)}</desc>` +
    (background === "none"
      ? ""
      : `<rect width="100%" height="100%" fill="${background}"/>`) +
    (drawn.some(({ svg }) => svg.includes("<image")) ? sharpPictures : "") +
    (legend.length > 0
      ? `<g transform="translate(${gap.edge},${gap.edge})">` +
        drawLegend(legend, line.legend * legend.length) + "</g>"
      : "") +
    body.join("") + "</svg>\n";
}

/**
 * Chromium smooths an enlarged picture, which makes blurs of a matrix's entries,
 * unless CSS says otherwise. What makes PNG and PDF goes by the attribute: it
 * leaves out what depends on the medium.
 */
const sharpPictures =
  "<style>@media all{image{image-rendering:pixelated}}</style>";

/** Height of each row's titles and legends, and of its plots. */
function heights(cells: readonly Cell[], drawn: readonly DrawnPanel[]) {
  const rows: { header: number; body: number }[] = [];
  cells.forEach((cell, k) => {
    const header = line.title + (cell.panel.note ? line.note : 0) +
      line.legend * cell.legend.length + 2;
    // A square plot decides its own height: below it, the axis.
    const below = cell.panel.height;
    const body = cell.panel.square
      ? drawn[k].plot.top + drawn[k].plot.height + 28
      : below;
    const row = rows[cell.row] ??= { header: 0, body: 0 };
    row.header = Math.max(row.header, header);
    row.body = Math.max(row.body, body);
  });
  return rows;
}

function letter(k: number): string {
  return String.fromCharCode(65 + k % 26);
}
