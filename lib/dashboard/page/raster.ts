/** Spikes of a trial, a block for each bin of time in which a unit fired. */
import type { ThinRaster } from "../../records/log_lines.ts";
import { okabeIto } from "./colours.ts";

/** Colours of the populations that are read on light and dark alike. */
const colours = {
  E: okabeIto.vermilion,
  I: okabeIto.sky,
  PV: okabeIto.sky,
  SST: okabeIto.purple,
  units: okabeIto.green,
} as const;

/** What they are called. */
const names = {
  E: "excitatory",
  I: "inhibitory",
  PV: "PV",
  SST: "SST",
  units: "units",
} as const;

/** Populations of a raster, each once, with what they look like. */
export function populationsOf(
  { groups }: ThinRaster,
): { readonly name: string; readonly colour: string }[] {
  const types = new Set(groups.map(({ type }) => type));
  return Array.from(
    types,
    (type) => ({ name: names[type], colour: colours[type] }),
  );
}

/** Draws a raster; what does not fit the bits it was sent with is left out. */
export function drawRaster(
  canvas: HTMLCanvasElement,
  { columns, groups, bits }: ThinRaster,
): void {
  const bytes = atob(bits);
  const stride = Math.ceil(columns / 8);
  const rows = Math.max(1, groups.reduce((sum, { rows }) => sum + rows, 0));
  // In pixels of the screen: a spike that falls between two would be lost.
  canvas.width = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio));
  canvas.height = Math.max(
    1,
    Math.round(canvas.clientHeight * devicePixelRatio),
  );
  const width = canvas.width / columns;
  const height = canvas.height / rows;
  const context = canvas.getContext("2d")!;
  let row = 0;
  for (const group of groups) {
    context.fillStyle = colours[group.type];
    for (const end = row + group.rows; row < end; row++) {
      for (let column = 0; column < columns; column++) {
        const byte = bytes.charCodeAt(row * stride + (column >> 3));
        if (byte & 0x80 >> (column & 7)) {
          context.fillRect(
            Math.floor(column * width),
            Math.floor(row * height),
            Math.max(1.5, width),
            Math.max(1, height),
          );
        }
      }
    }
  }
}
