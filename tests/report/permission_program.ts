/** Draws a figure in this thread and in a worker; run by the tests without permissions. */
import { drawFigure } from "../../lib/report/draw.ts";
import { drawPng } from "../../lib/report/render/picture.ts";
import { drawSvg } from "../../lib/report/render/svg.ts";
import { workerEngine } from "../../lib/report/render/worker_engine.ts";
import { exampleFigures } from "./examples.ts";

const { panels, search } = exampleFigures();
for (const format of ["svg", "pdf", "png", "html"] as const) {
  const bytes = await drawFigure(search, { format });
  console.log(`${format} ${bytes.length > 5000}`);
}
const engine = workerEngine();
const here = await drawSvg(panels);
const there = await drawSvg(panels, { engine });
const [a, b] = await Promise.all([
  drawPng(here, { dots: 72 }),
  drawPng(there, { dots: 72, engine }),
]);
console.log(`worker ${here === there && a.toBase64() === b.toBase64()}`);
engine.close();
