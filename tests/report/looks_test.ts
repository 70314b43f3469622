/** What figures have in common: looks that differ, legends, axes, words. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { taskData } from "../../lib/report/collect/network.ts";
import { ruleCurves } from "../../lib/report/figures/layers.ts";
import { outputFigure } from "../../lib/report/figures/output.ts";
import { rasterFigure } from "../../lib/report/figures/raster.ts";
import { rasterImage } from "../../lib/report/figures/raster_image.ts";
import { ratesFigure } from "../../lib/report/figures/rates.ts";
import { spectrumFigure } from "../../lib/report/figures/spectrum.ts";
import { taskFigure } from "../../lib/report/figures/task.ts";
import { trainingFigure } from "../../lib/report/figures/training.ts";
import { drawSvg } from "../../lib/report/render/svg.ts";
import {
  populationColours,
  roleColours,
  seriesColour,
  seriesDash,
} from "../../lib/report/theme.ts";
import type { Figure, Spec } from "../../lib/report/types.ts";
import { conditionLabel } from "../../lib/tasks/labels.ts";
import { defineTask } from "../../lib/tasks/define.ts";
import { getTask, tasks } from "../../lib/tasks/registry.ts";
import { exampleFigures } from "./examples.ts";
import { decodePng } from "./png_decode.ts";

/** The texts of a drawing. */
async function textsOf(figure: Figure): Promise<string[]> {
  const svg = await drawSvg(figure);
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) =>
    text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code))
  );
}

/** Every value of a key, at any depth. */
function valuesOf(spec: unknown, key: string): unknown[] {
  if (typeof spec !== "object" || spec === null) return [];
  return Object.entries(spec).flatMap(([name, value]) =>
    name === key ? [value] : valuesOf(value, key)
  );
}

Deno.test("as many as there are conditions or channels, no two look alike", () => {
  const looks = Array.from(
    { length: 32 },
    (_, k) => `${seriesColour(k)} ${seriesDash(k)}`,
  );
  equal(new Set(looks).size, looks.length);
  const eight = looks.slice(0, 8).map((look) => look.split(" ")[0]);
  equal(new Set(eight).size, 8, "eight by colour alone");
});

Deno.test("outputFigure() gives the eight conditions of mante lines of their own", () => {
  const { conditions } = getTask("mante");
  const course = { times: [0, 1], mean: [0, 1], deviation: [0, 0] };
  const [panel] = outputFigure({
    duration: 1,
    stimuli: [],
    networks: [{
      name: "Rate",
      trials: 1,
      conditions: conditions.map((condition) => ({ condition, ...course })),
    }],
    targets: [],
  }).panels;
  const legend = panel.legend!.slice(0, 8);
  equal(
    new Set(legend.map(({ colour, dash }) => `${colour} ${dash}`)).size,
    8,
  );
  const [colours] = valuesOf(panel.spec, "color")
    .filter((value) => typeof value === "object")
    .map((value) => (value as { scale: { range: string[] } }).scale.range);
  equal(colours, legend.map(({ colour }) => colour));
});

Deno.test("a legend that all panels share is drawn once", async () => {
  const task = getTask("mante");
  const texts = await textsOf(taskFigure(await taskData(task, 1)));
  for (const channel of task.channels) {
    equal(texts.filter((text) => text === channel).length, 1, channel);
  }
  const search = await textsOf(exampleFigures().search);
  for (const label of ["paper’s rule", "excitatory"]) {
    ok(search.includes(label), "panels that differ keep theirs");
  }
});

Deno.test("built-in tasks have words for their conditions, and figures show them", async () => {
  for (const name of Object.keys(tasks)) {
    const task = getTask(name);
    const labels = task.conditions.map((of) => conditionLabel(task, of));
    equal(new Set(labels).size, labels.length);
    const texts = await textsOf(taskFigure(await taskData(task, 1)));
    for (const label of labels) {
      match(label, /^[A-Z][\w ]*( \([+−]( [+−])?\))?$/);
      ok(texts.includes(label), label);
    }
  }
});

Deno.test("a task's own labels are taken, and checked", async () => {
  const definition = {
    name: "mine",
    description: "A task.",
    timing: { T: 50 },
    channels: ["cue"],
    conditions: ["a:+", "b"],
    layout: () => ({ stimuli: {}, response: [10, 40] as [number, number] }),
    trial() {},
  };
  const task = defineTask({ ...definition, labels: { "a:+": "A (+)" } })();
  equal(conditionLabel(task, "a:+"), "A (+)");
  equal(conditionLabel(task, "b"), "b");
  equal(conditionLabel(task, "toString"), "toString");
  ok((await textsOf(taskFigure(await taskData(task, 1)))).includes("A (+)"));
  for (
    const [labels, said] of [
      [{ c: "C" }, /labels is "c", needed: names of conditions: a:\+, b$/],
      [{ b: "" }, /labels of b is "", needed: 1 to 64 characters$/],
      [{ b: 3 }, /labels of b is 3/],
      [["x"], /needed: an object of words by condition$/],
      [{ b: "a:+" }, /needed: words that differ$/],
    ] as const
  ) {
    try {
      defineTask({ ...definition, labels: labels as never });
      ok(false, JSON.stringify(labels));
    } catch (error) {
      match((error as Error).message, said);
    }
  }
});

Deno.test("ruleCurves() draws the paper's curve over the strict one, so that both are seen", () => {
  const points = [0, 1].flatMap((x) =>
    (["paper", "strict"] as const).map((rule) => ({ x, rule, value: 1 }))
  );
  const [below, above] = ruleCurves(points, { x: {}, y: {} }) as {
    mark: { color: string; strokeDash: number[]; point: { size: number } };
  }[];
  equal(below.mark.color, roleColours.strict);
  equal(above.mark.color, roleColours.paper);
  equal(below.mark.strokeDash, [1, 0]);
  ok(above.mark.strokeDash[1] > 0);
  ok(above.mark.point.size < below.mark.point.size);
});

Deno.test("trainingFigure() writes along its lines which stage begins", async () => {
  const evaluations = [1, 101, 201, 221, 1001].map((update, k) => ({
    update,
    loss: 1,
    performance: 1,
    strict: 1,
    noiseLevel: [1, 1, 2, 4, 4][k],
    ...(k === 0 && { lesson: 1 }),
  }));
  const texts = await textsOf(
    trainingFigure({ losses: [], evaluations }),
  );
  equal(texts.filter((text) => text === "the task itself").length, 2);
  equal(texts.filter((text) => text === "2 times the noise").length, 2);
  // Too close to the line before: the caption has it.
  const close = trainingFigure({
    losses: [],
    evaluations: evaluations.map((of) =>
      of.update === 201 ? { ...of, update: 110 } : of
    ),
  });
  ok(!(await textsOf(close)).includes("4 times the noise"));
  match(close.description, /4 times the noise/);
});

Deno.test("panels that are compared have the same axes", () => {
  const domains = ({ panels }: Figure) =>
    panels.map(({ spec }) => JSON.stringify(valuesOf(spec, "domain")));
  const [before, after] = domains(spectrumFigure({
    before: { real: [9, 0], imaginary: [0, 1] },
    after: { real: [1, 0], imaginary: [0, 2] },
    slope: 0.25,
  }));
  equal(before, after);
  const [one, two] = ratesFigure({
    trials: 1,
    populations: [
      { layer: 0, type: "E", rates: [1, 2, 3] },
      { layer: 1, type: "E", rates: [10, 90, 200] },
    ],
  }).panels.map(({ spec }) =>
    valuesOf(spec, "scale").filter((scale) =>
      (scale as { range?: unknown }).range === undefined
    )
  );
  equal(one, two);
});

Deno.test("the window of an answer looks the same in every figure", async () => {
  const task = await taskData(getTask("go-nogo"), 1);
  const bars = [
    taskFigure(task).panels[1],
    outputFigure({
      ...task,
      duration: 1000,
      networks: [{
        name: "Rate",
        trials: 1,
        conditions: [],
      }],
      targets: [],
    }).panels[0],
  ].map(({ spec }) =>
    (spec as { layer: Spec[] }).layer.filter((layer) =>
      JSON.stringify(layer).includes('"name":"response"')
    )
  );
  equal(bars[0].length, 1);
  equal(bars[0], bars[1]);
});

Deno.test("what is chosen has no population's colour", () => {
  ok(
    !(Object.values(populationColours) as string[]).includes(
      roleColours.chosen,
    ),
  );
});

Deno.test("rasterFigure() leaves room above the highest rate", () => {
  const { panels } = rasterFigure({
    populations: [{ type: "E", size: 1 }],
    duration: 100,
    stimuli: [],
    conditions: [{
      condition: "go",
      trials: [{ times: Float32Array.of(1), units: Uint32Array.of(0) }],
    }],
  });
  const rates = valuesOf(panels[1].spec, "rate");
  const highest = Math.max(
    ...valuesOf(panels[1].spec, "values").flat()
      .map((row) => (row as { rate?: number }).rate ?? 0),
  );
  equal(rates.length, 21);
  const [, most] = valuesOf(panels[1].spec, "domain")
    .find((domain) => (domain as number[])[1] > 100) as number[];
  ok(most > highest, `${most} > ${highest}`);
});

Deno.test("rasterImage() of 200 units draws ticks, higher than they are wide", () => {
  const uri = rasterImage(
    { times: Float32Array.of(50), rows: Uint32Array.of(100) },
    200,
    100,
    new Uint8Array(200),
    ["#d55e00"],
    { width: 1000, height: 1000 },
  );
  const { data, width } = decodePng(Buffer.from(uri.split(",")[1], "base64"));
  const inked: [number, number][] = [];
  for (let k = 3; k < data.length; k += 4) {
    if (data[k] > 0) {
      inked.push([((k - 3) / 4) % width, Math.floor((k - 3) / 4 / width)]);
    }
  }
  const columns = new Set(inked.map(([x]) => x)).size;
  const rows = new Set(inked.map(([, y]) => y)).size;
  ok(rows >= 10 && rows > 3 * columns, `${columns}×${rows} pixels`);
  const middle = inked.reduce((sum, [, y]) => sum + y, 0) / inked.length;
  ok(Math.abs(middle - 502) <= 1, "around the middle of its row");
});
