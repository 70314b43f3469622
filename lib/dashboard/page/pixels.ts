/** Pictures of numbers on canvases: rates as colours, spikes as ticks. */
import { heat } from "./colours.ts";

/** The colours of a heat map, by byte, as a canvas keeps pixels. */
const pixelsOfHeat = Uint32Array.from({ length: 256 }, (_, byte) => {
  const bytes = Uint8Array.of(...heat(byte), 255);
  return new Uint32Array(bytes.buffer)[0];
});

/**
 * Draws bytes as colours, a pixel an entry, which the browser enlarges.
 *
 * @param canvas gets as many pixels as there are entries
 * @param size rows and columns
 * @param at the byte of a row and a column
 * @param until columns that are drawn; the rest stays empty. Defaults to all
 */
export function drawHeat(
  canvas: HTMLCanvasElement,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  at: (row: number, column: number) => number,
  until: number = columns,
): void {
  canvas.width = Math.max(1, columns);
  canvas.height = Math.max(1, rows);
  if (until < 1 || rows < 1) return;
  const image = new ImageData(until, rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < until; column++) {
      pixels[row * until + column] = pixelsOfHeat[at(row, column)];
    }
  }
  canvas.getContext("2d")!.putImageData(image, 0, 0);
}

/**
 * Empties a canvas for ticks, and gives what draws one: in pixels of the screen,
 * since a tick that falls between two would be lost.
 *
 * @param rows rows that share the height
 * @returns draws a tick: where it begins and how wide it is, in shares of the
 *   width, its row, its colour
 */
export function ticksOn(
  canvas: HTMLCanvasElement,
  rows: number,
): (start: number, wide: number, row: number, colour: string) => void {
  const width = Math.round(canvas.clientWidth * devicePixelRatio);
  const height = Math.round(canvas.clientHeight * devicePixelRatio);
  canvas.width = Math.max(1, width);
  canvas.height = Math.max(1, height);
  const context = canvas.getContext("2d")!;
  const least = 1.5 * devicePixelRatio;
  const each = canvas.height / Math.max(1, rows);
  return (start, wide, row, colour) => {
    if (context.fillStyle !== colour) context.fillStyle = colour;
    const across = Math.max(least, wide * canvas.width);
    context.fillRect(
      Math.floor(Math.min(start * canvas.width, canvas.width - across)),
      Math.floor(row * each),
      across,
      Math.max(1, each),
    );
  };
}
