/** What figures are made of below the drawing: PNG, heat maps, rasters, bins, the font. */
import { deepStrictEqual as equal, ok, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { diverging, fromHex, sequential } from "../../lib/report/colours.ts";
import { histogram } from "../../lib/report/figures/histogram.ts";
import { rasterFigure } from "../../lib/report/figures/raster.ts";
import { rasterImage } from "../../lib/report/figures/raster_image.ts";
import { textWidth } from "../../lib/report/font/font.ts";
import { heatMap } from "../../lib/report/heatmap.ts";
import { encodePng } from "../../lib/report/png.ts";
import { drawPixels, drawPng } from "../../lib/report/render/picture.ts";
import { drawSvg } from "../../lib/report/render/svg.ts";
import { widthInMm } from "../../lib/report/theme.ts";
import { spikes } from "./examples.ts";
import { decodePng } from "./png_decode.ts";

function picture(uri: string) {
  return decodePng(Buffer.from(uri.split(",")[1], "base64"));
}

Deno.test("drawPng() writes the pixels of drawPixels(), with opacity and without", async () => {
  for (const fill of ["white", "none"]) {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="10mm" ` +
      `height="6mm" viewBox="0 0 10 6"><rect width="10" height="6" ` +
      `fill="${fill}"/><path d="M1,1L9,5" stroke="#D55E00"/></svg>`;
    const { width, height, data } = await drawPixels(svg, { dots: 100 });
    equal([width, height], [39, 23]);
    const picture = decodePng(await drawPng(svg, { dots: 100 }));
    equal([picture.width, picture.height], [width, height]);
    if (fill === "white") equal(picture.data, data);
    // The file has colours as they are, the pixels have them times the opacity.
    else equal(picture.data.map(opacity), data.map(opacity));
  }
  function opacity(value: number, at: number): number {
    return at % 4 === 3 ? value : 0;
  }
});

Deno.test("drawPng() writes every pixel of pictures of any width", async () => {
  for (const width of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const mm = width * 25.4 / 100;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${mm}mm" ` +
      `height="${mm}mm" viewBox="0 0 8 8"><rect width="100%" height="100%" ` +
      `fill="white"/><path d="M0,0L8,8" stroke="#1237AB"/></svg>`;
    const { data, ...size } = await drawPixels(svg, { dots: 100 });
    equal(size.width, width);
    equal(decodePng(await drawPng(svg, { dots: 100 })), { ...size, data });
  }
});

Deno.test("encodePng() writes what a decoder reads", () => {
  const colour = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      fc.array(colour, { minLength: 1, maxLength: 256 }),
      fc.nat(),
      (width, height, palette, seed) => {
        const pixels = Uint8Array.from(
          { length: width * height },
          (_, k) => (k * 31 + seed) % palette.length,
        );
        const read = decodePng(encodePng(width, height, pixels, palette));
        equal([read.width, read.height], [width, height]);
        equal(
          read.data,
          Uint8Array.from(Array.from(pixels).flatMap((k) => palette[k])),
        );
      },
    ),
    { numRuns: 50, seed: 1 },
  );
});

Deno.test("encodePng() refuses missing pixels and too many colours", () => {
  const black = [0, 0, 0, 255] as const;
  throws(() => encodePng(2, 2, new Uint8Array(3), [black]), {
    name: "TypeError",
    message: /Cannot encode a picture of 2×2: got 3 pixels/,
  });
  throws(
    () => encodePng(1, 1, new Uint8Array(1), new Array(257).fill(black)),
    { name: "RangeError", message: /257 colours/ },
  );
});

Deno.test("heatMap() gives each entry its colour, limits what is outside, leaves out NaN", () => {
  const colours = sequential(255);
  const values = Float64Array.of(0, 0.5, 1, -3, 7, NaN);
  const { width, height, data } = picture(
    heatMap(values, 2, 3, { min: 0, max: 1 }, colours),
  );
  equal([width, height], [3, 2]);
  const at = (k: number) => [...data.subarray(4 * k, 4 * k + 4)];
  equal(at(0), [...colours[0], 255]);
  equal(at(1), [...colours[127], 255]);
  equal(at(2), [...colours[254], 255]);
  equal(at(3), at(0));
  equal(at(4), at(2));
  equal(at(5)[3], 0);
  throws(() => heatMap(values, 3, 3, { min: 0, max: 1 }, colours), {
    name: "TypeError",
    message: /3×3: got 6 values/,
  });
});

Deno.test("heatMap() averages neighbours of a matrix that is larger than a picture", () => {
  const side = 4000;
  const values = new Float32Array(side).map((_, k) => k % 2);
  const { width, data } = picture(
    heatMap(values, 1, side, { min: 0, max: 1 }, sequential(255)),
  );
  equal(width, 2000);
  equal([...data.subarray(0, 3)], [...sequential(255)[127]]);
});

Deno.test("the scale of weights is white at none, and of the populations' colours", () => {
  const colours = diverging(255);
  equal(colours[127], [255, 255, 255]);
  ok(colours[0][2] > colours[0][0], "inhibition is blue");
  ok(colours[254][0] > colours[254][2], "excitation is vermilion");
});

Deno.test("rasterImage() shows every spike where it belongs, in its row's colour", () => {
  const times = Float32Array.of(0, 50, 99.9);
  const rows = Uint32Array.of(0, 1, 3);
  const { data, width } = picture(rasterImage(
    { times, rows },
    4,
    100,
    Uint8Array.of(0, 0, 1, 1),
    ["#d55e00", "#0072b2"],
    { width: 100, height: 40 },
  ));
  const at = (x: number, y: number) => [
    ...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4),
  ];
  equal(at(0, 4), [...fromHex("#d55e00"), 255]);
  equal(at(50, 14), [...fromHex("#d55e00"), 255]);
  equal(at(99, 34), [...fromHex("#0072b2"), 255]);
  const inked = data.filter((_, k) => k % 4 === 3 && data[k] > 0).length;
  equal(inked, 3 * 3 * 9, "three ticks of 3×9 pixels, nothing else");
});

Deno.test("rasterFigure() of 2,000 units and 100 trials stays a small file", async () => {
  const one = spikes(2000, 1000, () => 5, 1);
  const figure = rasterFigure({
    populations: [{ type: "E", size: 1600 }, { type: "I", size: 400 }],
    duration: 1000,
    stimuli: [],
    conditions: [{ condition: "go", trials: new Array(100).fill(one) }],
  });
  const svg = await drawSvg(figure);
  ok(svg.length < 5e6, `${svg.length} characters`);
  ok(svg.includes("data:image/png;base64,"), "its dots are a picture");
  // Chromium smooths a picture unless CSS says otherwise.
  ok(svg.includes("image-rendering:pixelated"));
});

Deno.test("rasterFigure() draws few spikes as lines, which can be edited", async () => {
  const trial = {
    times: Float32Array.of(10, 20, 30),
    units: Uint32Array.of(0, 1, 1),
  };
  const svg = await drawSvg(rasterFigure({
    populations: [{ type: "units", size: 2 }],
    duration: 100,
    stimuli: [],
    conditions: [{ condition: "go", trials: [trial] }],
  }));
  ok(!svg.includes("<image") && !svg.includes("image-rendering"));
  equal(svg.match(/stroke="#009E73" stroke-width="0.8"/g)?.length, 3);
});

Deno.test("histogram() counts every finite value once, in bins common to all groups", () => {
  const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }));
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const bins = histogram([
        { name: "a", values: [...a, NaN] },
        { name: "b", values: b },
      ]);
      for (const [name, values] of [["a", a], ["b", b]] as const) {
        const own = bins.filter((bin) => bin.group === name);
        const sum = own.reduce((n, bin) => n + bin.count, 0);
        equal(sum, a.length + b.length === 0 ? 0 : values.length);
        const share = own.reduce((n, bin) => n + bin.share, 0);
        if (values.length > 0) ok(Math.abs(share - 1) < 1e-9);
      }
    }),
    { seed: 1 },
  );
});

Deno.test("histogram() has bins of a round width", () => {
  const [first] = histogram([{ name: "x", values: [0, 100] }], 24);
  equal([first.from, first.to], [0, 5]);
});

Deno.test("textWidth() adds the font's own widths, in either weight", () => {
  // In DejaVu Sans a digit is 1303/2048 em wide, a bold one 1425/2048.
  ok(Math.abs(textWidth("0123", 2048) - 4 * 1303) < 1e-6);
  ok(Math.abs(textWidth("0123", 2048, true) - 4 * 1425) < 1e-6);
  ok(textWidth("∀", 10) > 0, "a letter that it lacks has a width as well");
});

Deno.test("widthInMm() knows a paper's columns, and refuses other worlds", () => {
  equal(["single", "double", 100].map((w) => widthInMm(w as number)), [
    85,
    180,
    100,
  ]);
  for (const width of [0, 39, 401, NaN]) {
    throws(() => widthInMm(width), {
      name: "RangeError",
      message: /Cannot draw a figure .* mm wide: a width is 40 to 400 mm/,
    });
  }
});

Deno.test("the font in the library is what its package gives", async () => {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--unstable-raw-imports",
      new URL("font_build.ts", import.meta.url).pathname,
      "--print",
    ],
  }).output();
  ok(success, new TextDecoder().decode(stderr));
  const data = new URL("../../lib/report/font/data.ts", import.meta.url);
  equal(new TextDecoder().decode(stdout), await Deno.readTextFile(data));
});
