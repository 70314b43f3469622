/** Units' rates over a trial, a pixel an entry, enlarged by the browser. */
import type { ThinRates } from "../../records/log_lines.ts";
import { drawHeat } from "./pixels.ts";

/** A layer's rates, and what to call them; nothing if there is one layer. */
export interface RateMap {
  readonly map: ThinRates;
  readonly title: string;
}

/** Draws maps one below the other; what is there already is used again. */
export function drawMaps(place: HTMLElement, maps: readonly RateMap[]): void {
  while (place.children.length > maps.length) place.lastElementChild!.remove();
  maps.forEach(({ map, title }, k) => {
    if (!place.children[k]) {
      const figure = document.createElement("figure");
      const canvas = document.createElement("canvas");
      canvas.setAttribute("role", "img");
      figure.append(document.createElement("figcaption"), canvas);
      place.append(figure);
    }
    const [caption, canvas] = place.children[k].children;
    if (caption.textContent !== title) caption.textContent = title;
    (caption as HTMLElement).hidden = title === "";
    canvas.setAttribute("aria-label", title || "Activity");
    drawRates(canvas as HTMLCanvasElement, map);
  });
}

/** Draws rates; what does not fit the bytes it was sent with is left out. */
function drawRates(canvas: HTMLCanvasElement, rates: ThinRates): void {
  const { columns } = rates;
  const bytes = atob(rates.bytes);
  drawHeat(
    canvas,
    rates,
    // Beyond the bytes there is NaN, which no colour has.
    (row, column) => bytes.charCodeAt(row * columns + column),
  );
}

/** Draws the colours from none to the largest rate. */
export function drawScale(canvas: HTMLCanvasElement): void {
  drawHeat(canvas, { rows: 1, columns: 256 }, (_, byte) => byte);
}
