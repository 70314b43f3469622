/**
 * PNG pictures (W3C PNG, second edition) with a palette of up to 256 colours:
 * what heat maps and dense rasters are embedded as.
 */
import { toBase64 } from "../platform/base64.ts";
import { crc32, deflate } from "../platform/zlib.ts";

/** One colour of a palette: red, green, blue, opacity, 0 to 255 each. */
export type PaletteColour = readonly [number, number, number, number];

/**
 * Encodes a picture.
 *
 * @param pixels one palette index a pixel, row by row from the top
 * @throws {TypeError} if there are not width·height pixels
 * @throws {RangeError} if the palette has 0 or more than 256 colours
 */
export function encodePng(
  width: number,
  height: number,
  pixels: Uint8Array,
  palette: readonly PaletteColour[],
): Uint8Array {
  if (pixels.length !== width * height || pixels.length === 0) {
    throw new TypeError(
      `Cannot encode a picture of ${width}×${height}: got ${pixels.length} pixels`,
    );
  }
  if (palette.length === 0 || palette.length > 256) {
    throw new RangeError(
      `Cannot encode a picture of ${palette.length} colours: 1 to 256 are allowed`,
    );
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 3, 0, 0, 0], 8); // 8 bits a pixel, palette, no interlace

  // Every row starts with its filter: 0, none.
  const rows = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y++) {
    rows.set(
      pixels.subarray(y * width, (y + 1) * width),
      y * (width + 1) + 1,
    );
  }
  return joined([
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    chunk("IHDR", header),
    chunk("PLTE", Uint8Array.from(palette.flatMap((c) => c.slice(0, 3)))),
    chunk("tRNS", Uint8Array.from(palette.map((c) => c[3]))),
    chunk("IDAT", deflate(rows)),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Length, name, content and checksum. */
function chunk(name: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(content.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(content, 8);
  view.setUint32(
    content.length + 8,
    crc32(bytes.subarray(4, content.length + 8)),
  );
  return bytes;
}

/** A picture as text that an SVG or HTML file can hold. */
export function dataUri(png: Uint8Array): string {
  return "data:image/png;base64," + toBase64(png);
}
