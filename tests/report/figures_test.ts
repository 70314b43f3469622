/**
 * Every figure as a drawing and as a picture. Reference pictures are in
 * tests/data/figures; SPIKERNN_REFRESH_FIGURES=1 draws them anew (look at them
 * before they are committed).
 */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { drawPixels, drawPng } from "../../lib/report/render/picture.ts";
import { drawSvg } from "../../lib/report/render/svg.ts";
import { points, widthInMm } from "../../lib/report/theme.ts";
import type { Figure } from "../../lib/report/types.ts";
import { exampleFigures } from "./examples.ts";
import { decodePng, type Picture } from "./png_decode.ts";
import { elements, parseXml } from "./xml.ts";

const figures = exampleFigures();
const dots = 72;
const folder = new URL("../data/figures/", import.meta.url);

/** Each as it is drawn, once for all tests that look at it. */
const drawings = new Map<string, Promise<string>>();

function drawingOf(name: string): Promise<string> {
  const drawn = drawings.get(name) ?? drawSvg(figures[name]);
  drawings.set(name, drawn);
  return drawn;
}

/** Share of pixels that differ clearly in some channel. */
function difference(a: Picture, b: Picture): number {
  let different = 0;
  for (let k = 0; k < a.data.length; k += 4) {
    const far = [0, 1, 2].some((c) =>
      Math.abs(a.data[k + c] - b.data[k + c]) > 48
    );
    if (far) different++;
  }
  return different / (a.data.length / 4);
}

/** Other versions of the libraries may smooth edges and place letters otherwise. */
const tolerance = 0.004;

for (const [name, figure] of Object.entries(figures)) {
  Deno.test(`the figure ${name} is a well-formed drawing of the right size`, async () => {
    const svg = await drawingOf(name);
    const root = parseXml(svg.trim());
    const mm = widthInMm(figure.width);
    equal(root.name, "svg");
    ok(Math.abs(Number.parseFloat(root.attributes.width) - mm) < 0.01);
    const [, , wide, high] = root.attributes.viewBox.split(" ").map(Number);
    ok(Math.abs(wide - points(mm)) < 0.01, "its units are points");
    ok(Math.abs(high / wide - ratio(root.attributes)) < 1e-3);

    const all = [...elements(root)];
    const ids = all.map((e) => e.attributes.id).filter(Boolean);
    equal(new Set(ids).size, ids.length, "ids are unique");
    for (const [, id] of svg.matchAll(/url\(#([^)]*)\)/g)) {
      ok(ids.includes(id), `${id} is there`);
    }
    const texts = all.filter((e) => e.name === "text");
    for (const panel of figure.panels) {
      const start = panel.title.slice(0, 12);
      ok(
        texts.some((e) => unescape(e.text).startsWith(start)),
        `the title ${panel.title}`,
      );
      for (const { label } of panel.legend ?? []) {
        ok(texts.some((e) => unescape(e.text) === label), `legend ${label}`);
      }
    }
    for (const { attributes, text } of texts) {
      const size = Number.parseFloat(attributes["font-size"]);
      ok(size >= 7 && size <= 9, `${text} is ${size} points`);
    }
    const described = all.find((e) => e.name === "desc");
    equal(unescape(described!.text), figure.description);
  });

  Deno.test(`the figure ${name} looks as its reference picture`, async () => {
    const svg = await drawingOf(name);
    const file = new URL(`${name}.png`, folder);
    if (process.env.SPIKERNN_REFRESH_FIGURES) {
      writeFileSync(file, await drawPng(svg, { dots }));
    }
    const now = await drawPixels(svg, { dots });
    const before = decodePng(readFileSync(file));
    equal([now.width, now.height], [before.width, before.height]);
    const share = difference(now, before);
    ok(share <= tolerance, `${(100 * share).toFixed(2)} % of pixels differ`);
  });
}

Deno.test("the comparison of pictures sees a changed number in a figure", async () => {
  const search = figures.search;
  const moved: Figure = {
    ...search,
    panels: search.panels.map((panel, k) =>
      k === 1
        ? {
          ...panel,
          spec: JSON.parse(
            JSON.stringify(panel.spec).replace(
              /"error":([\d.]+)/g,
              (_, e) => `"error":${1.3 * Number(e)}`,
            ),
          ),
        }
        : panel
    ),
  };
  const [a, b] = await Promise.all(
    [search, moved].map(async (figure) =>
      await drawPixels(await drawSvg(figure), { dots })
    ),
  );
  ok(difference(a, b) > tolerance);
});

Deno.test("drawSvg() draws any width, and the same drawing again", async () => {
  for (const width of ["single", "double", 120] as const) {
    const [a, b] = [
      await drawSvg(figures.output, { width }),
      await drawSvg(figures.output, { width }),
    ];
    equal(a, b);
    const { attributes } = parseXml(a.trim());
    ok(
      Math.abs(Number.parseFloat(attributes.width) - widthInMm(width)) < 0.01,
    );
  }
});

function ratio({ width, height }: Readonly<Record<string, string>>): number {
  return Number.parseFloat(height) / Number.parseFloat(width);
}

function unescape(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code))
    .replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}
