/** Spikes of a trial, a block for each bin of time in which a unit fired. */
import type { ThinRaster } from "../../records/log_lines.ts";
import { populationNames } from "../../report/theme.ts";
import { populationColour } from "./colours.ts";
import { ticksOn } from "./pixels.ts";

/** Populations of a raster, each once, with what they look like. */
export function populationsOf(
  { groups }: ThinRaster,
): { readonly name: string; readonly colour: string }[] {
  const types = new Set(groups.map(({ type }) => type));
  return Array.from(
    types,
    (type) => ({
      name: populationNames[type],
      colour: populationColour(type),
    }),
  );
}

/** Draws a raster; what does not fit the bits it was sent with is left out. */
export function drawRaster(
  canvas: HTMLCanvasElement,
  { columns, groups, bits }: ThinRaster,
): void {
  const bytes = atob(bits);
  const stride = Math.ceil(columns / 8);
  const tick = ticksOn(
    canvas,
    groups.reduce((sum, { rows }) => sum + rows, 0),
  );
  let row = 0;
  for (const group of groups) {
    const colour = populationColour(group.type);
    for (const end = row + group.rows; row < end; row++) {
      for (let column = 0; column < columns; column++) {
        const byte = bytes.charCodeAt(row * stride + (column >> 3));
        if (byte & 0x80 >> (column & 7)) {
          tick(column / columns, 1 / columns, row, colour);
        }
      }
    }
  }
}
