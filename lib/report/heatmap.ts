/** A matrix as a picture, one pixel an entry if there is room. */
import { countOf } from "../count.ts";
import type { FloatArray } from "../network/types.ts";
import type { Rgb } from "./colours.ts";
import { dataUri, encodePng } from "./png.ts";

/** Largest number of pixels along a side: 170 mm at 300 dots an inch. */
const largestSide = 2000;

/**
 * Draws a matrix as a PNG picture in a data URI. Where the matrix is larger
 * than the picture may be, neighbours are averaged.
 *
 * @param values rows×columns, row-major; NaN is left transparent
 * @param colours from `min` to `max`; at most 255
 * @throws {TypeError} if there are not rows·columns values
 */
export function heatMap(
  values: FloatArray,
  rows: number,
  columns: number,
  range: { readonly min: number; readonly max: number },
  colours: readonly Rgb[],
): string {
  if (values.length !== rows * columns || values.length === 0) {
    throw new TypeError(
      `Cannot draw a heat map of ${rows}×${columns}: got ${
        countOf(values.length, "value")
      }`,
    );
  }
  const high = Math.min(rows, largestSide);
  const wide = Math.min(columns, largestSide);
  const pixels = new Uint8Array(high * wide);
  const span = range.max - range.min || 1;
  for (let y = 0; y < high; y++) {
    const top = Math.floor(y * rows / high);
    const bottom = Math.floor((y + 1) * rows / high);
    for (let x = 0; x < wide; x++) {
      const left = Math.floor(x * columns / wide);
      const right = Math.floor((x + 1) * columns / wide);
      let sum = 0;
      for (let i = top; i < bottom; i++) {
        for (let j = left; j < right; j++) sum += values[i * columns + j];
      }
      const mean = sum / ((bottom - top) * (right - left));
      if (Number.isNaN(mean)) continue; // index 0: transparent
      const place = Math.min(Math.max((mean - range.min) / span, 0), 1);
      pixels[y * wide + x] = 1 + Math.round(place * (colours.length - 1));
    }
  }
  const palette = [
    [0, 0, 0, 0] as const,
    ...colours.map(([r, g, b]) => [r, g, b, 255] as const),
  ];
  return dataUri(encodePng(wide, high, pixels, palette));
}
