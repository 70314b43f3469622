/** What stands around a plot: letter, title, legend, scale of colours. */
import { textWidth } from "../font/font.ts";
import { ink, textSize } from "../theme.ts";
import type { ColourBar, LegendEntry, Panel } from "../types.ts";
import { escape, number, text } from "./markup.ts";
import type { DrawnPanel } from "./panel.ts";

/** Heights of lines, in points. */
export const line = { title: 12, note: 9, legend: 10 } as const;
const bar = { gap: 5, width: 6, labels: 28 } as const;

/** What a panel's head is made of. */
interface Headed {
  readonly panel: Panel;
  /** Room from left to right, in points. */
  readonly width: number;
  /** The legend, broken into lines. */
  readonly legend: readonly (readonly LegendEntry[])[];
}

const sample = { width: 12, gap: 3, after: 8 } as const;

function entryWidth(entry: LegendEntry): number {
  return sample.width + sample.gap + textWidth(entry.label, textSize.label);
}

/** Breaks a legend into lines that fit. */
export function flow(
  legend: readonly LegendEntry[],
  width: number,
): LegendEntry[][] {
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
export function heading(
  { panel, width, legend }: Headed,
  letter: string,
  header: number,
): string {
  const parts: string[] = [];
  const indent = letter ? 12 : 0;
  if (letter) {
    parts.push(text(0, 8, textSize.letter, letter, { bold: true }));
  }
  const title = shorten(panel.title, width - indent);
  parts.push(text(indent, 8, textSize.title, title, { bold: true }));
  if (panel.note) {
    parts.push(text(
      indent,
      8 + line.note,
      textSize.label,
      shorten(panel.note, width - indent, textSize.label, false),
    ));
  }
  // The legend stands on the plot, whatever the height of the neighbours' headers.
  parts.push(drawLegend(legend, header - 2));
  return parts.join("");
}

/** Lines of a legend, the last of which ends at a height. */
export function drawLegend(
  legend: readonly (readonly LegendEntry[])[],
  bottom: number,
): string {
  const parts: string[] = [];
  legend.forEach((entries, k) => {
    const y = bottom - 3 - line.legend * (legend.length - 1 - k);
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
    case "diamond":
      return `<path d="M${number(x + sample.width / 2)} ${
        number(y - 3)
      }l2.4 3l-2.4 3l-2.4 -3z" fill="${colour}"/>`;
    default:
      return `<line x1="${number(x)}" x2="${number(to)}" y1="${
        number(y)
      }" y2="${number(y)}" stroke="${colour}" stroke-width="1.2"` +
        (entry.mark === "dashed" || entry.dash
          ? ` stroke-dasharray="${(entry.dash ?? [3, 2]).join(" ")}"/>`
          : "/>");
  }
}

export function barWidth(colourBar: ColourBar): number {
  const labels = Math.max(
    ...[colourBar.min, colourBar.max].map((value) =>
      textWidth(tick(value), textSize.label)
    ),
  );
  return bar.gap + bar.width + Math.max(bar.labels, labels + 16);
}

/** A scale of colours to the right of a plot. */
export function drawBar(
  colourBar: ColourBar,
  panel: DrawnPanel,
  id: string,
): string {
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
