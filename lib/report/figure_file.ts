/** A figure as the contents of a file, drawn by an engine of this thread or another. */
import type { FigureFormat } from "./names.ts";
import { figureElement, htmlDocument } from "./page/document.ts";
import type { Figure, FigureWidth } from "./types.ts";
import type { Engine } from "./render/engine.ts";
import { drawPng } from "./render/picture.ts";
import { drawSvg } from "./render/svg.ts";

/**
 * Draws a figure as the contents of a file.
 *
 * @param figure what to draw
 * @param options format, width, and what draws: defaults to this thread
 * @returns the file's bytes
 * @throws {RangeError} for a width outside 40 to 400 mm
 */
export async function fileOf(
  figure: Figure,
  { format, width, engine }: {
    readonly format: FigureFormat;
    readonly width?: FigureWidth;
    readonly engine?: Engine;
  },
): Promise<Uint8Array> {
  const svg = await drawSvg(figure, {
    width,
    engine,
    background: format === "html" ? "none" : undefined,
  });
  const encode = (text: string) => new TextEncoder().encode(text);
  switch (format) {
    case "svg":
      return encode(svg);
    case "pdf": {
      // Loaded where one is asked for.
      const { drawPdf } = await import("./render/pdf.ts");
      return await drawPdf(svg, figure.title);
    }
    case "png":
      return await drawPng(svg, { engine });
    case "html":
      return encode(htmlDocument(
        figure.title,
        `<main>${figureElement(figure, svg)}</main>`,
      ));
  }
}
