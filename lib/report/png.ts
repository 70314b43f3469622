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
  // Every row starts with its filter: 0, none.
  const rows = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y++) {
    rows.set(
      pixels.subarray(y * width, (y + 1) * width),
      y * (width + 1) + 1,
    );
  }
  return assemblePng({
    width,
    height,
    kind: 3,
    rows,
    colours: [
      ["PLTE", Uint8Array.from(palette.flatMap((c) => c.slice(0, 3)))],
      ["tRNS", Uint8Array.from(palette.map((c) => c[3]))],
    ],
  }, { crc32, deflate });
}

/** A picture as PNG files have it. */
interface PngRows {
  readonly width: number;
  readonly height: number;
  /** 2: three bytes a pixel; 3: one, an index of the palette. */
  readonly kind: 2 | 3;
  /** Rows from the top, each after the number of its filter. */
  readonly rows: Uint8Array;
  /** Chunks that stand before the pixels. */
  readonly colours?: readonly (readonly [name: string, content: Uint8Array])[];
}

/**
 * The bytes of a PNG file, 8 bits a channel, not interlaced. The function is
 * self-contained, since the worker that draws gets it as text.
 */
export function assemblePng(
  { width, height, kind, rows, colours = [] }: PngRows,
  { crc32, deflate }: {
    crc32(bytes: Uint8Array): number;
    deflate(bytes: Uint8Array): Uint8Array;
  },
): Uint8Array {
  const header = new Uint8Array(13);
  const sizes = new DataView(header.buffer);
  sizes.setUint32(0, width);
  sizes.setUint32(4, height);
  header.set([8, kind, 0, 0, 0], 8);
  const chunks = [
    ["IHDR", header],
    ...colours,
    ["IDAT", deflate(rows)],
    ["IEND", new Uint8Array(0)],
  ] as const;
  const signature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
  const file = new Uint8Array(
    chunks.reduce((sum, [, content]) => sum + content.length + 12, 8),
  );
  const view = new DataView(file.buffer);
  file.set(signature);
  let at = signature.length;
  // Length, name, content and checksum.
  for (const [name, content] of chunks) {
    const end = at + 8 + content.length;
    view.setUint32(at, content.length);
    file.set(new TextEncoder().encode(name), at + 4);
    file.set(content, at + 8);
    view.setUint32(end, crc32(file.subarray(at + 4, end)));
    at = end + 4;
  }
  return file;
}

/** A picture as text that an SVG or HTML file can hold. */
export function dataUri(png: Uint8Array): string {
  return "data:image/png;base64," + toBase64(png);
}
