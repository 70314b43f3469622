/**
 * An SVG drawing as a PDF of one page: lines stay lines, text stays text, and its
 * font comes along. The libraries are loaded with the first PDF.
 */
import { fontFiles } from "../font/font.ts";
import { type PdfDocument, pdfLibraries } from "./libraries.ts";

/** What stands for `currentColor`, which a page on its own does not know. */
const pageInk = "#1a1a1a";

let fonts: Promise<{ regular: Uint8Array; bold: Uint8Array }> | undefined;

/** The fonts as PDF takes them: TrueType. */
function trueTypeFonts() {
  return fonts ??= (async () => {
    const { decompress } = await pdfLibraries();
    const { regular, bold } = fontFiles();
    return {
      regular: await decompress(regular),
      bold: await decompress(bold),
    };
  })();
}

/**
 * Draws an SVG drawing as a PDF file. The same drawing gives the same bytes: the
 * file says no time.
 *
 * @param svg a drawing of `drawSvg`, whose units are points
 * @param title of the document
 * @returns the file's bytes
 * @throws {TypeError} if the drawing does not say its size
 */
export async function drawPdf(svg: string, title: string): Promise<Uint8Array> {
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  if (width === undefined) {
    throw new TypeError(
      "Cannot draw a PDF: the SVG drawing does not say its size (viewBox)",
    );
  }
  const { Document, draw } = await pdfLibraries();
  const { regular, bold } = await trueTypeFonts();
  const size = [Number(width), Number(height)];
  const pdf: PdfDocument = new Document({
    size,
    margin: 0,
    // No font of the library's own, which would be read from a file.
    font: null,
    info: {
      Title: title,
      Producer: "spikernn",
      Creator: "spikernn",
      CreationDate: new Date(0),
    },
  });
  pdf.registerFont("regular", regular);
  pdf.registerFont("bold", bold);
  const done = Promise.withResolvers<void>();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  pdf.on("data", (part) => parts.push(new Uint8Array(part)));
  pdf.on("end", () => done.resolve());
  pdf.on("error", (error) => done.reject(error));
  draw(
    pdf,
    svg.replaceAll("currentColor", pageInk)
      .replace(/ width="[\d.]+mm" height="[\d.]+mm"/, ""),
    0,
    0,
    {
      width: size[0],
      height: size[1],
      assumePt: true,
      fontCallback: (_: string, isBold: boolean) => isBold ? "bold" : "regular",
    },
  );
  pdf.end();
  await done.promise;
  return await new Blob(parts).bytes();
}
