import assert from "node:assert/strict";
import { drawFigure } from "../../lib/report/draw.ts";
import { sweepFigure } from "../../lib/sweep/figures.ts";
import { layOut } from "../../lib/sweep/figures_layout.ts";
import { sweepReport } from "../../lib/sweep/report.ts";
import {
  duration,
  markdownTable,
  meanAndMedian,
  percentSpread,
  proportion,
  summaryTable,
} from "../../lib/sweep/report_tables.ts";
import { spread, summariseSweep } from "../../lib/sweep/summary.ts";
import { wilson } from "../../lib/simulate/wilson.ts";
import { syntheticResult } from "./synthetic.ts";

/** Networks of three sizes, some of which fail. */
function networks(settings: readonly Record<string, unknown>[]) {
  return settings.flatMap((varied, k) =>
    [1, 2, 3].map((seed) =>
      syntheticResult({
        varied,
        seed,
        trained: seed <= k + 1,
        updates: 1000 * seed,
        spiking: [0.9 + 0.05 * k, 0.8],
      })
    )
  );
}

const sizes = networks([{ N: 30 }, { N: 100 }, { N: 200 }]);

Deno.test("layOut() takes the setting with the most values as its axis", () => {
  const layout = layOut(summariseSweep(networks(
    [4, 20, 6].flatMap((longest) =>
      ["sigmoid", "softplus"].map((act) => ({ act, decay_taus: [4, longest] }))
    ),
  )));
  assert.deepEqual(layout.places, ["4 4", "4 6", "4 20"]);
  assert.deepEqual(layout.series, ["sigmoid", "softplus"]);
  assert.equal(layout.ordered, true);
  assert.equal(layout.groups.length, 6);
});

Deno.test("layOut() leaves out what does not vary", () => {
  const layout = layOut(
    summariseSweep(networks([{ N: 30, gain: 1.5 }, { N: 50, gain: 1.5 }])),
  );
  assert.equal(layout.title, "Units");
  assert.deepEqual(layout.series, [""]);
});

Deno.test("layOut() sets groups side by side where series would be too many", () => {
  const layout = layOut(summariseSweep(networks(
    Array.from({ length: 100 }, (_, k) => ({
      N: 10 + k % 10,
      gain: Math.floor(k / 10),
    })),
  )));
  assert.equal(layout.places.length, 100);
  assert.deepEqual(layout.series, [""]);
  assert.equal(layout.ordered, false);
});

/** Three sizes, activations and tasks; every activation has its own factors. */
const large = networks(
  ["go-nogo", "mante", "dms"].flatMap((task) =>
    [["sigmoid", 50], ["softplus", 20], ["clipped_relu", 20]].flatMap((
      [act, factor],
    ) =>
      [50, 100, 200, 250].map((N) => ({
        act,
        "map.factors": [factor],
        task,
        N,
      }))
    )
  ),
);

Deno.test("layOut() makes facets of what would be too many series", () => {
  const layout = layOut(summariseSweep(large));
  assert.deepEqual(layout.places, ["50", "100", "200", "250"]);
  assert.deepEqual(layout.series, ["clipped_relu", "sigmoid", "softplus"]);
  assert.deepEqual(layout.facets, ["dms", "go-nogo", "mante"]);
  const [{ group, ...place }] = layout.groups;
  assert.deepEqual(place, { x: "50", series: "clipped_relu", facet: "dms" });
  assert.equal(group.varied.task, "dms");
});

Deno.test("layOut() leaves out what follows from another setting", () => {
  const both = layOut(summariseSweep(networks([
    { task: "dms", decay_taus: [4, 50] },
    { task: "mante", decay_taus: [4, 20] },
  ])));
  assert.equal(both.title, "Task");
  assert.deepEqual(both.series, [""]);
  const crossed = layOut(summariseSweep(networks([
    { task: "dms", decay_taus: [4, 50] },
    { task: "dms", decay_taus: [4, 20] },
    { task: "mante", decay_taus: [4, 20] },
  ])));
  assert.deepEqual(crossed.series.length, 2);
});

Deno.test("sweepFigure() has a row a measure and a panel a facet", () => {
  const calibrated = large.map((result) => ({
    ...result,
    spiking: { ...result.spiking!, uncalibrated: result.rate },
  }));
  for (const [results, rows] of [[large, 4], [calibrated, 5]] as const) {
    const { panels, columns } = sweepFigure(summariseSweep(results));
    assert.equal(columns, 3);
    assert.equal(panels.length, rows * columns);
    assert.deepEqual(
      panels.slice(-3).map(({ title, note }) => [title, note]),
      ["dms", "go-nogo", "mante"]
        .map((task) => [task, "Spiking at 95 %, strict rule"]),
    );
    assert.deepEqual(
      panels.map(({ legend }) => legend?.length ?? 0),
      [3, ...Array(rows * columns - 1).fill(0)],
    );
    assert.equal(
      panels.some(({ note }) => note === "Factor alone, strict rule"),
      results === calibrated,
    );
  }
});

Deno.test("sweepFigure() shows every trained network and each share", () => {
  const groups = summariseSweep(sizes);
  const figure = sweepFigure(groups, {
    known: [{ measure: "trained", group: groups[0], value: 0.69 }],
    knownName: "paper",
  });
  assert.equal(figure.panels.length, 6);
  const [trained, performance, , updates] = figure.panels.map((panel) =>
    (panel.spec.layer as { data?: { values: Record<string, unknown>[] } }[])
      .map(({ data }) => data?.values ?? [])
  );
  const shares = trained.flat().filter((mark) => "low" in mark);
  assert.deepEqual(
    shares.filter(({ slot }) => slot === "|mark").slice(0, 3)
      .map(({ x, value }) => [x, value]),
    [["30", 1 / 3], ["100", 2 / 3], ["200", 1]],
  );
  const known = shares.find(({ slot }) => slot === "known");
  assert.equal(known?.value, 0.69);
  assert.equal(known?.x, "30");
  const rings = (layers: Record<string, unknown>[][]) =>
    layers.flat().filter(({ slot, value }) =>
      slot === "|dots" && value !== undefined
    );
  assert.deepEqual(
    rings(updates).map(({ value }) => value),
    [1000, 1000, 2000, 1000, 2000, 3000],
  );
  assert.equal(rings(performance).length, 6);
});

Deno.test("sweepFigure() draws what it has, in every shape", async () => {
  const unmapped = [30, 50].map((N) => syntheticResult({ varied: { N } }));
  const hopeless = [syntheticResult({ trained: false, spiking: [0, 0] })];
  for (const results of [sizes, unmapped, hopeless, large]) {
    const figure = sweepFigure(summariseSweep(results));
    const svg = new TextDecoder().decode(
      await drawFigure(figure, { format: "svg" }),
    );
    assert.match(svg, /Training succeeds/);
    assert.ok(!/NaN|undefined|Infinity/.test(svg));
    assert.equal(svg.includes("strict rule"), results.length > 2);
  }
});

Deno.test("sweepFigure() refuses to draw nothing", () => {
  assert.throws(() => sweepFigure([]), {
    name: "RangeError",
    message: "Cannot draw a sweep: it has no results yet",
  });
});

Deno.test("summaryTable() says mean, deviation and counts", () => {
  const { head, rows } = summaryTable(summariseSweep(sizes));
  const of = (row: number, column: string) => rows[row][head.indexOf(column)];
  assert.equal(of(1, "Units"), "100");
  assert.equal(of(1, "Networks"), "3");
  assert.equal(of(1, "Trained"), "2 of 3 (21–94 %)");
  assert.equal(of(1, "Updates"), "1500 ± 707 (1500)");
  assert.equal(of(1, "Spiking, paper’s rule"), "95.0 ± 0.0 %");
  assert.equal(of(0, "Spiking, paper’s rule"), "90.0 %");
  assert.equal(of(1, "≥ 95 %, paper’s rule"), "2 of 2 (34–100 %)");
  assert.equal(of(1, "≥ 95 %, strict rule"), "0 of 2 (0–66 %)");
  assert.equal(of(1, "Rates E / I (Hz)"), "4 / 20");
  assert.equal(of(1, "Time"), "10 s");
});

Deno.test("summaryTable() says what the factor alone gave, where networks are calibrated", () => {
  const column = "Factor alone, strict rule";
  assert.ok(!summaryTable(summariseSweep(sizes)).head.includes(column));
  const { head, rows } = summaryTable(summariseSweep(
    sizes.map((result) => ({
      ...result,
      spiking: {
        ...result.spiking!,
        uncalibrated: { ...result.rate, strict: 0.5 + result.seed / 10 },
      },
    })),
  ));
  assert.deepEqual(
    rows.map((row) => row[head.indexOf(column)]),
    ["60.0 %", "65.0 ± 7.1 %", "70.0 ± 10.0 %"],
  );
  assert.equal(rows[0].length, head.length);
});

Deno.test("texts of nothing are dashes", () => {
  const none = spread([]);
  assert.deepEqual(
    [
      proportion(wilson(0, 0)),
      percentSpread(none),
      meanAndMedian(none),
      duration(none.median),
    ],
    ["–", "–", "–", "–"],
  );
  assert.equal(duration(90), "90 s");
  assert.equal(duration(600), "10 min");
  assert.equal(duration(9000), "2.5 h");
});

Deno.test("markdownTable() keeps its cells whole", () => {
  const text = markdownTable({
    caption: "c",
    head: ["a", "b"],
    rows: [["x|y", "two\nlines *and* [more]"]],
  });
  assert.equal(
    text,
    "c\n\n| a | b |\n| --- | --- |\n" +
      "| x\\|y | two lines \\*and\\* \\[more\\] |\n",
  );
});

Deno.test("sweepReport() makes Markdown, a page that loads nothing, and a figure", async () => {
  const report = await sweepReport({
    results: sizes,
    failed: [{ id: "N_400", reason: "out of <memory>" }],
    missing: 2,
  }, { title: "Sizes", figure: { name: "sizes", title: "Sizes" } });
  assert.match(report.markdown, /^# Sizes\n/);
  assert.match(report.markdown, /9 networks done, 1 failed, 2 not done yet/);
  assert.match(report.markdown, /\| 100 \| 3 \| 2 of 3 \(21–94 %\) \|/);
  assert.match(report.markdown, /\| N\\_400 \| out of \\<memory\\> \|/);
  assert.match(report.markdown, /!\[Sizes\]\(sizes\.svg\)/);
  assert.match(report.html, /<td>2 of 3 \(21–94 %\)<\/td>/);
  assert.match(report.html, /<figure id="figure-sizes">/);
  assert.ok(!report.html.includes("<memory>"));
  assert.ok(!/(?:src|href)="(?:https?:)?\/\//.test(report.html));
  assert.equal(report.figure?.name, "sizes");
  assert.match(new TextDecoder().decode(report.figure!.svg), /^<svg /);
  assert.equal(report.figure!.png[1], "P".charCodeAt(0));
});

Deno.test("sweepReport() reports a sweep that has only failed", async () => {
  const report = await sweepReport(
    { results: [], failed: [{ id: "a", reason: "no" }] },
    { title: "Nothing" },
  );
  assert.equal(report.figure, undefined);
  assert.match(report.markdown, /0 networks done, 1 failed/);
  assert.match(report.html, /<td>no<\/td>/);
});
