/** Spikes as a picture: what a raster of many spikes is embedded as. */
import { fromHex } from "../colours.ts";
import { dataUri, encodePng } from "../png.ts";

/** Steps of opacity of each colour. */
const shades = 15;
/** Lightest shade of a spike, so that a lonely one is seen. */
const faintest = 0.5;

/** Rows of a raster that are high enough to be a tick each: 2 points of 140. */
const fewRows = 70;
/** Most rows that a tick is high: more, and spikes of neighbours run together. */
const mostTickRows = 2.5;

/**
 * How high a spike's tick is, in rows. If there are few, it leaves a gap to the
 * next row; if there are many, it reaches over its neighbours, so that it is a
 * tick and no speck.
 */
export function tickRows(rowCount: number): number {
  return Math.min(Math.max(0.85, rowCount / fewRows), mostTickRows);
}

/** Spikes to draw: one row a line of the raster, from the top. */
export interface SpikeRows {
  /** Times in ms. */
  readonly times: Float32Array;
  readonly rows: Uint32Array;
}

/**
 * Draws spikes into a transparent picture that spans all rows and the whole
 * duration. Where several spikes share a pixel, its opacity tells how many.
 *
 * @param rowCount lines of the raster
 * @param colourOf index into `colours`, for each row
 * @param colours `#rrggbb`, at most 17
 */
export function rasterImage(
  spikes: SpikeRows,
  rowCount: number,
  duration: number,
  colourOf: Uint8Array,
  colours: readonly string[],
  size: { readonly width: number; readonly height: number },
): string {
  const { width, height } = size;
  const counts = new Uint16Array(width * height);
  const rowHeight = height / rowCount;
  const tickHeight = Math.max(1, Math.round(rowHeight * tickRows(rowCount)));
  const { times, rows } = spikes;
  // Few spikes are drawn wide enough to be seen, many as thin as they go.
  const room = 0.12 * width * height / (times.length * tickHeight || 1);
  const tickWidth = Math.min(Math.max(Math.round(room), 1), 3);
  for (let s = 0; s < times.length; s++) {
    const left = Math.min(
      Math.floor(times[s] / duration * width),
      width - tickWidth,
    );
    const middle = (rows[s] + 0.5) * rowHeight;
    const top = Math.min(
      Math.max(0, Math.round(middle - tickHeight / 2)),
      height - tickHeight,
    );
    if (left < 0 || top < 0) continue;
    for (let y = top; y < top + tickHeight; y++) {
      for (let x = left; x < left + tickWidth; x++) {
        const at = y * width + x;
        if (counts[at] < 65535) counts[at]++;
      }
    }
  }
  const full = typicalHigh(counts);
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.min(Math.floor(y / rowHeight), rowCount - 1);
    const first = 1 + colourOf[row] * shades;
    for (let x = 0; x < width; x++) {
      const count = counts[y * width + x];
      if (count === 0) continue;
      const part = Math.min(count / full, 1);
      pixels[y * width + x] = first + Math.round(part * (shades - 1));
    }
  }
  const palette = [[0, 0, 0, 0] as const];
  const coloured = colours.flatMap((colour) => {
    const [r, g, b] = fromHex(colour);
    return Array.from({ length: shades }, (_, k) => {
      const opacity = faintest + (1 - faintest) * k / (shades - 1);
      return [r, g, b, Math.round(255 * opacity)] as const;
    });
  });
  return dataUri(encodePng(width, height, pixels, [...palette, ...coloured]));
}

/** The count that nine of ten pixels with a spike stay within. */
function typicalHigh(counts: Uint16Array): number {
  const tally = new Map<number, number>();
  let filled = 0;
  for (const count of counts) {
    if (count === 0) continue;
    tally.set(count, (tally.get(count) ?? 0) + 1);
    filled++;
  }
  let seen = 0;
  for (const count of [...tally.keys()].sort((a, b) => a - b)) {
    seen += tally.get(count)!;
    if (seen >= 0.9 * filled) return count;
  }
  return 1;
}
