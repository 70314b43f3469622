/** Reads the PNG pictures that the tests compare: 8 bits, not interlaced. */
import { Buffer } from "node:buffer";
import { inflateSync } from "node:zlib";

/** A picture, four bytes a pixel. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Decodes a picture of true colour or with a palette, with opacity or without. */
export function decodePng(bytes: Uint8Array): Picture {
  const file = Buffer.from(bytes);
  const chunks = new Map<string, Buffer[]>();
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    const name = file.toString("latin1", at + 4, at + 8);
    const content = file.subarray(at + 8, at + 8 + length);
    chunks.set(name, [...chunks.get(name) ?? [], content]);
    at += length + 12;
  }
  const header = chunks.get("IHDR")![0];
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  const [depth, kind, , , interlaced] = header.subarray(8);
  const channels = ({ 2: 3, 3: 1, 6: 4 } as Record<number, number>)[kind];
  if (depth !== 8 || interlaced || !channels) {
    throw new Error(`Cannot decode a picture of kind ${kind}, depth ${depth}`);
  }
  const rows = unfilter(
    inflateSync(Buffer.concat(chunks.get("IDAT")!)),
    width * channels,
    height,
    channels,
  );
  const data = new Uint8Array(4 * width * height);
  const palette = chunks.get("PLTE")?.[0];
  const opacity = chunks.get("tRNS")?.[0];
  for (let k = 0; k < width * height; k++) {
    if (kind === 3) {
      const index = rows[k];
      data.set(palette!.subarray(3 * index, 3 * index + 3), 4 * k);
      data[4 * k + 3] = opacity?.[index] ?? 255;
    } else {
      data.set(rows.subarray(channels * k, channels * (k + 1)), 4 * k);
      if (channels === 3) data[4 * k + 3] = 255;
    }
  }
  return { width, height, data };
}

/** Undoes the five filters of PNG. */
function unfilter(
  raw: Uint8Array,
  length: number,
  height: number,
  channels: number,
): Uint8Array {
  const rows = new Uint8Array(length * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (length + 1)];
    for (let x = 0; x < length; x++) {
      const here = y * length + x;
      const left = x >= channels ? rows[here - channels] : 0;
      const up = y > 0 ? rows[here - length] : 0;
      const corner = y > 0 && x >= channels
        ? rows[here - length - channels]
        : 0;
      const predicted = [
        0,
        left,
        up,
        (left + up) >> 1,
        paeth(left, up, corner),
      ][filter];
      rows[here] = raw[y * (length + 1) + 1 + x] + predicted;
    }
  }
  return rows;
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}
