/** Units' rates over a trial, a pixel an entry, enlarged by the browser. */
import type { ThinRates } from "../../log/types.ts";
import { heat } from "./colours.ts";

/** Draws rates; what does not fit the bytes it was sent with is left out. */
export function drawRates(canvas: HTMLCanvasElement, rates: ThinRates): void {
  const { rows, columns } = rates;
  const bytes = atob(rates.bytes);
  canvas.width = columns;
  canvas.height = rows;
  const pixels = new ImageData(columns, rows);
  const count = Math.min(bytes.length, rows * columns);
  for (let k = 0; k < count; k++) {
    pixels.data.set([...heat(bytes.charCodeAt(k)), 255], 4 * k);
  }
  canvas.getContext("2d")!.putImageData(pixels, 0, 0);
}

/** Draws the colours from none to the largest rate. */
export function drawScale(canvas: HTMLCanvasElement): void {
  const pixels = new ImageData(256, 1);
  for (let byte = 0; byte < 256; byte++) {
    pixels.data.set([...heat(byte), 255], 4 * byte);
  }
  canvas.width = 256;
  canvas.height = 1;
  canvas.getContext("2d")!.putImageData(pixels, 0, 0);
}
