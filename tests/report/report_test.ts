/** The report: complete, of one piece, and safe whatever a file says. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { openBackend } from "../../lib/backend/open.ts";
import { diagnose } from "../../lib/map/diagnose.ts";
import { createNetwork } from "../../lib/network/create.ts";
import type { Model } from "../../lib/network/records.ts";
import { calibrationSection } from "../../lib/report/page/calibration.ts";
import { citations } from "../../lib/report/page/citations.ts";
import { diagnosisSection } from "../../lib/report/page/diagnosis.ts";
import { openDrawing } from "../../lib/report/page/drawing.ts";
import { tausFigure } from "../../lib/report/figures/taus.ts";
import { makeReport } from "../../lib/report/report.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { testWith } from "../require.ts";
import { modelPath, original, search, spiking, task } from "./models.ts";

const made: Model = {
  ...original,
  task: { name: "go-nogo", timing: {} },
  search,
  provenance: {
    version: "9.8.7",
    seed: 42,
    backend: "simd <b>",
    created: "2026-01-02T03:04:05Z",
    settings: {
      N: 200,
      apply_dale: true,
      decay_taus: [4, 20],
      curriculum: [],
      note: "<script>alert(1)</script> it's",
    },
  },
};

const page = await makeReport({
  path: "a folder/model & more.mat",
  model: made,
  task,
  spiking,
  seed: 7,
  trials: 4,
});

Deno.test("makeReport() loads nothing from anywhere", () => {
  const shown = page.replace(/<pre[\s\S]*?<\/pre>/g, "");
  const urls = [
    ...shown.matchAll(/(?:src|href|srcset|action|data|poster)="([^"]*)"/g),
    ...shown.matchAll(/url\(([^)]*)\)/g),
  ].map(([, url]) => url.replace(/^["']/, ""));
  ok(urls.length > 20);
  for (const url of urls) match(url, /^(#|data:(image\/png|font\/woff2);)/);
  ok(!/<(script|link|iframe|object|embed|img|base)\b|@import/i.test(page));
  match(
    page,
    /http-equiv="Content-Security-Policy" content="default-src 'none'/,
  );
});

Deno.test("makeReport() shows every figure, with its words", () => {
  for (
    const name of [
      "task",
      "training",
      "output",
      "search",
      "raster",
      "rates",
      "weights",
      "spectrum",
      "taus",
    ]
  ) match(page, new RegExp(`<figure id="figure-${name}">\\s*<div[^>]*><svg `));
  equal(page.match(/<figcaption>/g)?.length, 9);
  const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  equal(new Set(ids).size, ids.length, "ids are unique on the page");
});

Deno.test("calibrationSection() shows what each step gave", () => {
  const proportion = (value: number) => ({
    correct: 10 * value,
    trials: 10,
    value,
    low: 0,
    high: 1,
  });
  const score = (paper: number, strict: number, outputError: number) => ({
    paper: proportion(paper),
    strict: proportion(strict),
    loss: NaN,
    outputError,
    conditions: [],
  });
  const html = calibrationSection({
    factor: 50,
    calibration: {},
    settings: {},
    outcomes: [
      {
        step: "readout",
        before: score(0.9, 0.5, 0.25),
        after: score(1, 0.8, 0.125),
        kept: true,
      },
      {
        step: "units",
        before: score(1, 0.8, 0.125),
        after: score(1, 0.7, 0.5),
        kept: false,
      },
      {
        step: "tune",
        before: score(1, 0.8, 0.125),
        after: score(1, 1, 0.0625),
        kept: true,
        correspondence: {
          unitCorrelation: 0.9375,
          cka: 0.75,
          weightChange: 0.5,
          synapsesChanged: 0.25,
        },
        rounds: [
          { factor: 50, updates: 600, score: score(1, 0.9, 0.1) },
          { factor: [100, 80], updates: 20, score: score(1, 1, 0.0625) },
        ],
      },
      {
        step: "weights",
        before: score(1, 1, 0.0625),
        after: score(1, 1, 0.0625),
        kept: false,
      },
    ],
  });
  match(html, /on 10 fresh trials</);
  const rows = [...html.matchAll(/<tr>(?:(?!<\/tr>).)*<\/tr>/g)].map(([row]) =>
    row.replace(/<[^>]*>/g, "|").replace(/\|+/g, "|")
  );
  equal(rows.slice(1), [
    "|readout|50.0 % → 80.0 %|90.0 % → 100.0 %|0.25 → 0.125|yes|–|–|–|",
    "|units|80.0 % → 70.0 %|100.0 % → 100.0 %|0.125 → 0.5|no|–|–|–|",
    "|tune|80.0 % → 100.0 %|100.0 % → 100.0 %|0.125 → 0.0625|yes|0.938|0.75|50.0 %|",
    "|weights|100.0 % → 100.0 %|100.0 % → 100.0 %|0.0625 → 0.0625|nothing to gain|–|–|–|",
  ]);
  match(
    html,
    /on further trials.*: 90.0 % of 10 at 50 \(600 updates\); 100.0 % of 10 at 100, 80 /,
  );
});

Deno.test("makeReport() has headings, tables and landmarks for those who hear it", () => {
  match(page, /<html lang="en">/);
  match(page, /<main id="main">/);
  equal(page.match(/<h1>/g)?.length, 1);
  for (const [, id] of page.matchAll(/<a href="#([^"]*)"/g)) {
    ok(page.includes(`id="${id}"`), id);
  }
  for (const [svg] of page.matchAll(/<svg [^>]*role="img"[^>]*>/g)) {
    match(svg, /aria-labelledby="[^"]+"/);
  }
  equal(
    page.match(/<table>/g)?.length,
    page.match(/<table><caption>/g)?.length,
    "every table has a caption",
  );
});

Deno.test("makeReport() says how the network was made and maps, and escapes what files say", () => {
  for (
    const text of [
      "model &#38; more.mat",
      "<td>42</td>",
      "spikernn 9.8.7",
      "simd &#60;b&#62;",
      "50, by the strict rule among 2; plateau 40 to 50",
      "&#60;script&#62;",
    ]
  ) ok(page.includes(text), text);
  match(page, /The conversion is (good|undecided|poor):/);
  match(page, /Kim R, Li Y, Sejnowski TJ \(2019\)/);
});

Deno.test("makeReport() of a network that is not mapped is of the rate network", async () => {
  const rate = await makeReport({
    path: modelPath,
    model: original,
    task,
    seed: 1,
    trials: 2,
  });
  match(rate, /has not been mapped to spikes yet/);
  match(rate, /Not shown: search .*; raster .*; rates /);
  ok(!rate.includes('id="conversion"'));
});

Deno.test("makeReport() with workers, a known diagnosis and analyses to come makes the same page", async () => {
  const network = createNetwork({ units: 10, channels: 1 }, randomStream(1));
  const spiking = convert(network, { scalingFactor: 50 });
  const made = { made: [], missing: [{ name: "tuning", reason: "no time" }] };
  const options = {
    ...{ path: "model.mat", model: { network }, task, spiking },
    ...{ seed: 3, trials: 2 },
  };
  const alone = await makeReport({ ...options, analyses: made });
  const backend = await openBackend({ workers: 2 });
  let simulated = 0;
  try {
    const run = { seed: 3, trials: 2, backend };
    const diagnosis = await diagnose(network, spiking, task, run);
    const shared = await makeReport({
      ...options,
      backend,
      analyses: Promise.resolve(made),
      diagnosis,
      onProgress: ({ kind }) => kind === "simulated" && simulated++,
    });
    equal(shared.replace("simd (2 workers)", "simd"), alone);
    // Trials of figures alone.
    equal(simulated, 25 * task.conditions.length);
  } finally {
    backend.close();
  }
});

Deno.test("openDrawing() draws here what its thread cannot", async () => {
  const figure = tausFigure({
    populations: [{ type: "E", taus: [20, 30] }],
    bounds: [20, 100],
  });
  const drawing = openDrawing(2);
  drawing.begin(figure);
  drawing.close();
  const drawn = await drawing.draw(figure);
  equal(drawn, await openDrawing(1).draw(figure));
});

Deno.test("makeReport() begins with its verdict", () => {
  const [, header] = /<header>([\s\S]*?)<nav/.exec(page)!;
  match(
    header,
    /^<h1>[^<]*<\/h1>\s*<p class="verdict verdict-(good|undecided|poor)">The spiking network is right in \d[\d.]* % of 4 trials by the strict rule, the rate network in \d[\d.]* %; the conversion is (good|undecided|poor)/,
  );
  match(page, /<td>NoGo<\/td>/);
});

/** What a browser makes of a page on a telephone, 390 pixels wide. */
function onTelephone(html: string): {
  ended: boolean;
  page: number;
  tables: number[];
  texts: number[];
  names: number[];
} {
  const folder = Deno.makeTempDirSync();
  try {
    // A window of a browser is wider than that: the page stands within another.
    const inner = html.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
    Deno.writeTextFileSync(
      `${folder}/page.html`,
      `<body><iframe style="width:390px;height:800px;border:0" srcdoc="${inner}"></iframe><script>
onload = () => {
  const { contentDocument: inner } = document.querySelector("iframe");
  const of = (selector, measure) => [...inner.querySelectorAll(selector)].map(measure);
  document.body.textContent = "MEASURED" + JSON.stringify({
    ended: inner.querySelector("footer") !== null,
    page: inner.documentElement.scrollWidth,
    tables: of("table", (table) => table.scrollWidth),
    // Lines that names of one word take.
    names: of("tbody th", (name) => {
      const range = inner.createRange();
      range.selectNodeContents(name);
      return name.textContent.includes(" ") ? 1 : range.getClientRects().length;
    }),
    texts: of("figure svg", (svg) => 7 * svg.clientWidth / svg.viewBox.baseVal.width),
  }) + "END";
};
</script></body>`,
    );
    const dom = execFileSync("chromium", [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"],
      `file://${folder}/page.html`,
    ], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return JSON.parse(/MEASURED(.*)END<\/body>/.exec(dom)![1]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

testWith(
  "chromium",
  "a browser shows the whole report; on a telephone its tables fit and its figures are legible",
  () => {
    const seen = onTelephone(page);
    ok(seen.ended);
    ok(seen.page <= 390, `the page is ${seen.page} wide`);
    equal(seen.texts.length, 9);
    for (const size of seen.texts) ok(size >= 8, `text of ${size} pixels`);
    for (const width of seen.tables) ok(width <= 366, `a table ${width} wide`);
    ok(seen.names.length > 9 && seen.names.every((lines) => lines === 1));
  },
);

Deno.test("an offset of the spiking output is added or taken away", async () => {
  const network = createNetwork({ units: 10, channels: 1 }, randomStream(1));
  const twin = convert(network, { scalingFactor: 50 });
  const diagnosis = await diagnose(network, twin, task, { seed: 1, trials: 2 });
  const shown = (offset: number) => {
    const output = { ...diagnosis.output, gain: 0.5, offset };
    return diagnosisSection({ ...diagnosis, output });
  };
  match(shown(-0.25), /spiking = 0\.5 × rate − 0\.25, /);
  match(shown(0.25), /spiking = 0\.5 × rate \+ 0\.25, /);
});

Deno.test("citations() follow what was used", () => {
  const texts = (model: Model, evaluated = false) =>
    citations(model, spiking, evaluated).map(({ text }) => text).join("\n");
  match(texts(made), /PNAS 116\(45\):22811–22820/);
  match(texts(made), /spikernn, version 9\.8\.7/);
  match(texts(made), /Adam/);
  ok(!texts(made).includes("Mante V"));
  ok(!texts(made).includes("Wilson EB"));
  match(texts(made, true), /Wilson EB/);
  match(
    texts({ ...made, task: { name: "mante", timing: {} } }),
    /Mante V, Sussillo D/,
  );
  for (
    const [name, author] of [["eif", "Fourcaud"], ["alif", "Benda J"]] as const
  ) {
    const other = { ...spiking, neuron: { ...spiking.neuron, name } };
    const found = citations(made, other, true);
    ok(found.some(({ text }) => text.includes(author)));
    ok(!texts(made).includes(author));
    for (const { bibtex } of found) {
      match(bibtex, /^@\w+\{\w+,\n[\s\S]*\n\}$/);
    }
  }
});
