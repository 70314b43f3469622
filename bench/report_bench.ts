/** Drawing: a large raster, a spectrum, and the panels of training. */
import { eigenvalues } from "../lib/network/eigenvalues.ts";
import { randomStream } from "../lib/random/stream.ts";
import { rasterFigure } from "../lib/report/figures/raster.ts";
import { drawPng } from "../lib/report/render/picture.ts";
import { drawSvg } from "../lib/report/render/svg.ts";
import { exampleFigures, spikes } from "../tests/report/examples.ts";

const conditions = [{
  condition: "go",
  trials: Array.from({ length: 100 }, (_, k) => spikes(2000, 1000, () => 5, k)),
}];
const { panels } = exampleFigures();
await drawPng(await drawSvg(panels)); // the libraries are loaded

const large = () =>
  drawSvg(rasterFigure({
    populations: [{ type: "E", size: 1600 }, { type: "I", size: 400 }],
    duration: 1000,
    stimuli: [{ name: "cue", from: 250, to: 375 }],
    conditions,
  }));

Deno.bench(
  "raster of 2,000 units, 100 trials, as SVG (limit 3 s)",
  async () => {
    await large();
  },
);

Deno.bench("the same as PNG", async () => {
  await drawPng(await large());
});

const random = randomStream(1);
const size = 600;
const matrix = Float64Array.from(
  { length: size * size },
  (_, k) => random.normal(k),
);

Deno.bench("eigenvalues of 600 units", async () => {
  await eigenvalues(matrix, size);
});

Deno.bench("panels of training as SVG", async () => {
  await drawSvg(panels);
});

Deno.bench("panels of training as SVG and PNG, 200 dots an inch", async () => {
  await drawPng(await drawSvg(panels), { dots: 200 });
});
