/** An SVG drawing as a PNG picture. */
import { type Engine, localEngine, type Pixels } from "./engine.ts";

/** Dots an inch of a picture: what journals ask for. */
const dotsPerInch = 300;

/** How large a picture is, and what draws it. */
export interface PictureOptions {
  /** Dots an inch. Defaults to 300. */
  readonly dots?: number;
  readonly engine?: Engine;
}

/** Width in pixels of a drawing that says its width in mm. */
function pixelsWide(svg: string, dots: number): number {
  const millimetres = Number(/ width="([\d.]+)mm"/.exec(svg)?.[1]);
  if (!(millimetres > 0)) {
    throw new TypeError(
      "Cannot draw a picture: the SVG drawing does not say its width in mm",
    );
  }
  return Math.round(millimetres / 25.4 * dots);
}

/**
 * Draws an SVG drawing as a PNG picture.
 *
 * @param svg a drawing of `drawSvg`
 */
export async function drawPng(
  svg: string,
  { dots = dotsPerInch, engine = localEngine() }: PictureOptions = {},
): Promise<Uint8Array> {
  return await engine.png(svg, pixelsWide(svg, dots));
}

/** Draws an SVG drawing as pixels. */
export async function drawPixels(
  svg: string,
  { dots = dotsPerInch, engine = localEngine() }: PictureOptions = {},
): Promise<Pixels> {
  return await engine.pixels(svg, pixelsWide(svg, dots));
}
