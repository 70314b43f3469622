/** Figures as PDF: the same to look at as the pictures, text and lines kept. */
import {
  deepStrictEqual as equal,
  match,
  ok,
  rejects,
} from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { drawFigure } from "../../lib/report/draw.ts";
import { drawPdf } from "../../lib/report/render/pdf.ts";
import { drawPixels } from "../../lib/report/render/picture.ts";
import { drawSvg } from "../../lib/report/render/svg.ts";
import { points, widthInMm } from "../../lib/report/theme.ts";
import { inFolder } from "../folder.ts";
import { testWith } from "../require.ts";
import { exampleFigures } from "./examples.ts";

const dots = 150;
const figures = exampleFigures();

/** Red, green and blue of a page, as poppler draws it. */
function pageOf(file: string) {
  const bytes = execFileSync("pdftoppm", ["-r", `${dots}`, file], {
    maxBuffer: 1e9,
  });
  const [head, width, height] = /^P6\s(\d+) (\d+)\s255\s/.exec(
    bytes.subarray(0, 40).toString("latin1"),
  )!;
  return {
    width: Number(width),
    height: Number(height),
    data: bytes.subarray(head.length),
  };
}

/** Mean darkness of squares of 8×8 pixels: where letters lie a pixel aside is no matter. */
function blurred(
  { width, height, data }: { width: number; height: number; data: Uint8Array },
  channels: number,
  [columns, rows]: readonly [number, number],
): Float64Array {
  const sums = new Float64Array(3 * columns * rows);
  for (let y = 0; y < Math.min(height, 8 * rows); y++) {
    for (let x = 0; x < Math.min(width, 8 * columns); x++) {
      for (let c = 0; c < 3; c++) {
        sums[3 * ((y >> 3) * columns + (x >> 3)) + c] +=
          data[channels * (y * width + x) + c] / 64;
      }
    }
  }
  return sums;
}

for (const name of ["weights", "raster_trials", "search", "task", "output"]) {
  testWith(
    "poppler",
    `the figure ${name} looks as PDF as it does as a picture`,
    async () => {
      const figure = figures[name];
      await inFolder(async (folder) => {
        const file = `${folder}/figure.pdf`;
        await Deno.writeFile(file, await drawFigure(figure, { format: "pdf" }));
        const page = pageOf(file);
        const picture = await drawPixels(await drawSvg(figure), { dots });
        ok(Math.abs(page.width - picture.width) <= 1);
        ok(Math.abs(page.height - picture.height) <= 2);
        const grid = [page.width >> 3, (page.height >> 3) - 1] as const;
        const a = blurred(page, 3, grid);
        const b = blurred(picture, 4, grid);
        const far = a.filter((value, k) => Math.abs(value - b[k]) > 50).length;
        ok(far / a.length < 0.005, `${far} of ${a.length} squares differ`);
        const ink = a.filter((value) => value < 200).length;
        ok(ink > 100, "there is something to see");
        const text = execFileSync("pdftotext", [file, "-"], {
          encoding: "utf8",
        });
        for (const { title } of figure.panels) {
          ok(text.includes(title.slice(0, 12)), `${title} is text`);
        }
        const info = execFileSync("pdfinfo", [file], { encoding: "utf8" });
        match(info, /^Pages: +1$/m);
        const [, wide] = /^Page size: +([\d.]+) x/m.exec(info)!;
        ok(Math.abs(Number(wide) - points(widthInMm(figure.width))) < 0.1);
      });
    },
  );
}

Deno.test("drawPdf() gives the same bytes for the same drawing, and refuses others", async () => {
  const svg = await drawSvg(figures.search);
  equal(await drawPdf(svg, "a"), await drawPdf(svg, "a"));
  await rejects(() => drawPdf("<svg/>", "a"), {
    name: "TypeError",
    message: /does not say its size/,
  });
});
