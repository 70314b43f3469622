/** Tables in plain text. */
import { printableLine } from "../printable.ts";

/** How a column is set; texts to the left, numbers to the right. */
export type Align = "left" | "right";

/**
 * Lines of a table: a head, and rows with columns two spaces apart.
 *
 * @param head names of the columns
 * @param rows cells, as many as there are names
 * @param align of each column. Defaults to left
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly Align[] = [],
): string[] {
  const lines = [head, ...rows].map((line) => line.map(printableLine));
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => columnsOf(line[column])))
  );
  return lines.map((line) =>
    line.map((cell, column) => {
      const padding = " ".repeat(widths[column] - columnsOf(cell));
      return align[column] === "right" ? padding + cell : cell + padding;
    }).join("  ").trimEnd()
  );
}

/** Lines of names and values: `units      200`. */
export function pairs(
  entries: readonly (readonly [name: string, value: string])[],
): string[] {
  const lines = entries.map((entry) => entry.map(printableLine));
  const width = Math.max(0, ...lines.map(([name]) => columnsOf(name)));
  return lines.map(([name, value]) =>
    `${name}${" ".repeat(width - columnsOf(name))}  ${value}`.trimEnd()
  );
}

/** Columns that a text takes: its characters, not their code units. */
function columnsOf(text: string): number {
  return [...text].length;
}
