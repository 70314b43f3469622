/** The grid of a figure: which panel goes where. */
import type { Figure, LegendEntry, Panel } from "../types.ts";
import { flow } from "./furniture.ts";

/** Gaps, in points. */
export const gap = { columns: 14, rows: 10, edge: 3, legend: 6 } as const;

/** A panel with its place in the grid. */
export interface Cell {
  readonly panel: Panel;
  readonly row: number;
  readonly left: number;
  readonly width: number;
  readonly legend: LegendEntry[][];
}

/**
 * The legend of a whole figure: that of its panels, where several have one and all
 * of them the same; nothing if they differ.
 */
export function sharedLegend(
  { panels }: Figure,
): readonly LegendEntry[] | undefined {
  const legends = panels.flatMap(({ legend }) =>
    legend?.length ? [legend] : []
  );
  const [first, ...others] = legends.map((legend) => JSON.stringify(legend));
  return others.length > 0 && others.every((other) => other === first)
    ? legends[0]
    : undefined;
}

/** Puts the panels into the grid; the cells come row by row. */
export function place(figure: Figure, width: number): Cell[] {
  const shared = sharedLegend(figure) !== undefined;
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
        legend: shared ? [] : flow(panel.legend ?? [], cellWidth),
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
