/** A figure as an SVG drawing: panels in a grid, titles, letters, legends. */
import { textWidth } from "../font/font.ts";
import { fontFamily, ink, points, textSize, widthInMm } from "../theme.ts";
import type {
  ColourBar,
  Figure,
  FigureWidth,
  LegendEntry,
  Panel,
} from "../types.ts";
import { type Engine, localEngine } from "./engine.ts";
import { type DrawnPanel, drawPanel } from "./panel.ts";

/** How a figure is to be drawn. */
export interface SvgOptions {
  /** Width; the figure's own when left out. */
  readonly width?: FigureWidth;
  /** Colour behind the figure; white unless told, "none" for a page with a colour of its own. */
  readonly background?: string;
  /** Put before every id, where several drawings share a document. */
  readonly idPrefix?: string;
  /** What draws; the engine of this thread unless told. */
  readonly engine?: Engine;
}

/** Gaps and heights, in points. */
const gap = { columns: 14, rows: 10, edge: 3 } as const;
const line = { title: 12, note: 9, legend: 10 } as const;
const bar = { gap: 5, width: 6, labels: 28 } as const;

/** A panel with its place in the grid. */
interface Cell {
  readonly panel: Panel;
  readonly row: number;
  readonly left: number;
  readonly width: number;
  readonly legend: LegendEntry[][];
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
  const tops: number[] = [];
  let height: number = gap.edge;
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
    body.join("") + "</svg>\n";
}

/** Puts the panels into the grid; the cells come row by row. */
function place(figure: Figure, width: number): Cell[] {
  const room = width - 2 * gap.edge + gap.columns;
  const columns = Math.max(
    1,
    Math.min(
      figure.columns,
      Math.floor(room / (figure.narrowest + gap.columns)),
    ),
  );
  const column = room / columns - gap.columns;
  return rowsOf(figure, columns).flatMap((panels, row) => {
    let used = 0;
    return panels.map(({ panel, span }): Cell => {
      const left = gap.edge + used * (column + gap.columns);
      const cellWidth = span * column + (span - 1) * gap.columns;
      used += span;
      return {
        panel,
        row,
        left,
        width: cellWidth,
        legend: flow(panel.legend ?? [], cellWidth),
      };
    });
  });
}

/** The panels of each row, with the columns that each takes. */
function rowsOf(figure: Figure, columns: number) {
  const { panels, stacked = 1 } = figure;
  const rows: { panel: Panel; span: number }[][] = [];
  let used = columns;
  for (let k = 0; k < panels.length; k += stacked) {
    const span = Math.min(panels[k].span ?? 1, columns);
    if (used + span > columns) {
      for (let s = 0; s < stacked; s++) rows.push([]);
      used = 0;
    }
    for (let s = 0; s < stacked; s++) {
      rows.at(s - stacked)!.push({ panel: panels[k + s], span });
    }
    used += span;
  }
  return rows;
}

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

const sample = { width: 12, gap: 3, after: 8 } as const;

function entryWidth(entry: LegendEntry): number {
  return sample.width + sample.gap + textWidth(entry.label, textSize.label);
}

/** Breaks a legend into lines that fit. */
function flow(legend: readonly LegendEntry[], width: number): LegendEntry[][] {
  const lines: LegendEntry[][] = [];
  let used = Infinity;
  for (const entry of legend) {
    const size = entryWidth(entry);
    if (used + size > width) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1)!.push(entry);
    used += size + sample.after;
  }
  return lines;
}

/** Letter, title, note and legend of a panel. */
function heading(cell: Cell, letter: string, header: number): string {
  const parts: string[] = [];
  const indent = letter ? 12 : 0;
  if (letter) {
    parts.push(text(0, 8, textSize.letter, letter, { bold: true }));
  }
  const title = shorten(cell.panel.title, cell.width - indent);
  parts.push(text(indent, 8, textSize.title, title, { bold: true }));
  if (cell.panel.note) {
    parts.push(text(
      indent,
      8 + line.note,
      textSize.label,
      shorten(cell.panel.note, cell.width - indent, textSize.label, false),
    ));
  }
  // The legend stands on the plot, whatever the height of the neighbours' headers.
  cell.legend.forEach((entries, k) => {
    const y = header - 5 - line.legend * (cell.legend.length - 1 - k);
    let x = 0;
    for (const entry of entries) {
      parts.push(drawSample(entry, x, y - 2.5));
      parts.push(
        text(x + sample.width + sample.gap, y, textSize.label, entry.label),
      );
      x += entryWidth(entry) + sample.after;
    }
  });
  return parts.join("");
}

function drawSample(entry: LegendEntry, x: number, y: number): string {
  const { colour } = entry;
  const to = x + sample.width;
  switch (entry.mark) {
    case "area":
    case "block":
      return `<rect x="${number(x)}" y="${
        number(y - 3)
      }" width="${sample.width}" height="6" fill="${colour}" fill-opacity="${
        entry.mark === "block" ? 1 : 0.5
      }"/>`;
    case "point":
      return `<circle cx="${number(x + sample.width / 2)}" cy="${
        number(y)
      }" r="2" fill="${colour}"/>`;
    default:
      return `<line x1="${number(x)}" x2="${number(to)}" y1="${
        number(y)
      }" y2="${number(y)}" stroke="${colour}" stroke-width="1.2"` +
        (entry.mark === "dashed" ? ` stroke-dasharray="3 2"/>` : "/>");
  }
}

function barWidth(colourBar: ColourBar): number {
  const labels = Math.max(
    ...[colourBar.min, colourBar.max].map((value) =>
      textWidth(tick(value), textSize.label)
    ),
  );
  return bar.gap + bar.width + Math.max(bar.labels, labels + 16);
}

/** A scale of colours to the right of a plot. */
function drawBar(colourBar: ColourBar, panel: DrawnPanel, id: string): string {
  const { left, top, width, height } = panel.plot;
  const x = left + width + bar.gap;
  const stops = colourBar.colours.map((colour, k, all) =>
    `<stop offset="${
      number(1 - k / (all.length - 1))
    }" stop-color="${colour}"/>`
  ).reverse();
  const right = x + bar.width + 2;
  const labels = Math.max(
    textWidth(tick(colourBar.min), textSize.label),
    textWidth(tick(colourBar.max), textSize.label),
  );
  const middle = `${number(right + labels + 9)},${number(top + height / 2)}`;
  return `<linearGradient id="${id}" x1="0" x2="0" y1="0" y2="1">${
    stops.join("")
  }</linearGradient>` +
    `<rect x="${number(x)}" y="${number(top)}" width="${bar.width}" height="${
      number(height)
    }" fill="url(#${id})"/>` +
    text(right, top + 5.5, textSize.label, tick(colourBar.max)) +
    text(right, top + height, textSize.label, tick(colourBar.min)) +
    `<text transform="translate(${middle}) rotate(-90)" text-anchor="middle" font-size="${textSize.label}" fill="${ink}">${
      escape(colourBar.label)
    }</text>`;
}

function text(
  x: number,
  y: number,
  size: number,
  content: string,
  style: { bold?: boolean } = {},
): string {
  return `<text x="${number(x)}" y="${
    number(y)
  }" font-size="${size}" fill="${ink}"` +
    (style.bold ? ` font-weight="bold"` : "") + `>${escape(content)}</text>`;
}

/** Cuts a text that is too long for its place. */
function shorten(
  content: string,
  width: number,
  size: number = textSize.title,
  bold = true,
): string {
  if (textWidth(content, size, bold) <= width) return content;
  let cut = content;
  while (cut && textWidth(cut + "…", size, bold) > width) {
    cut = cut.slice(0, -1).trimEnd();
  }
  return cut + "…";
}

/** A number on a colour bar: three digits, and a true minus sign. */
function tick(value: number): string {
  return String(Number(value.toPrecision(2))).replace("-", "−");
}

function letter(k: number): string {
  return String.fromCharCode(65 + k % 26);
}

/** A coordinate, to 0.01 point. */
function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** A text within XML or HTML. */
export function escape(content: string): string {
  return content.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
