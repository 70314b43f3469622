/**
 * Figures of studies are what the present code draws from the tables beside them.
 * Those of the README's network are compared where its commands run, in
 * pages_test.ts.
 */
import assert from "node:assert/strict";
import { drawFigure } from "../../lib/report/draw.ts";
import type { Figure } from "../../lib/report/types.ts";
import { sweepFigure } from "../../lib/sweep/figures.ts";
import { reproductionFigure } from "../../lib/sweep/reproduce/report.ts";
import { figurePlans } from "../../lib/sweep/reproduce/plans/index.ts";
import { summariseSweep } from "../../lib/sweep/summary.ts";
import { studyFigures } from "../../tools/twins/figure.ts";
import { numbersText, withNumbers } from "../../tools/twins/page.ts";
import { summarise } from "../../tools/twins/summary.ts";
import { compareFigure, readTable, recordsOf, resultsOf } from "./figures.ts";
import { readPage } from "./markdown.ts";

const results = "docs/results";

/** Drawn in every test, at least one of each kind; to write them, all are drawn. */
const compared = [
  "robust/answer-share",
  "layers/go-nogo",
  "layers/all-tasks",
  "reproduction/1C/figure",
  "reproduction/5/figure",
  "reproduction/S7/figure",
  "reproduction/dms/figure",
  "analysis/twins_activity",
];

/** Compares, or writes, the figure of a name. */
async function compare(name: string, figure: Figure): Promise<void> {
  const writes = Deno.env.get("SPIKERNN_DOCS") === "write";
  if (!writes && !compared.includes(name)) return;
  await compareFigure(
    `${results}/${name}.svg`,
    await drawFigure(figure, { format: "svg" }),
  );
}

Deno.test("figures of sweeps are what their tables draw", async () => {
  for (
    const name of [
      "robust/answer-share",
      "robust/curriculum",
      "layers/go-nogo",
      "layers/all-tasks",
      "robust/networks",
    ]
  ) {
    const rows = await readTable(`${results}/${name}.csv`);
    const groups = summariseSweep(resultsOf(rows));
    await compare(name, sweepFigure(groups));
  }
});

Deno.test("figures of reproductions are what their tables draw", async () => {
  for (const plan of figurePlans) {
    // Its figures need the analyses of each network.
    if (plan.figure === "ks2021") continue;
    const folder = `reproduction/${plan.figure}`;
    const rows = await readTable(`${results}/${folder}/results.csv`);
    const byCondition = plan.conditions.map((condition) => ({
      condition,
      results: resultsOf(
        rows.filter((row) => row.condition === condition.label),
      ),
    }));
    await compare(`${folder}/figure`, reproductionFigure(plan, byCondition));
  }
});

Deno.test("figures and numbers of the study of twins are those of its table", async () => {
  const folder = `${results}/analysis`;
  const records = recordsOf(await readTable(`${folder}/twins.csv`));
  const summaries = summarise(records);
  for (const figure of studyFigures(summaries)) {
    await compare(`analysis/${figure.name}`, figure);
  }
  const page = await readPage(`${folder}/twins.md`);
  assert.equal(withNumbers(page, numbersText(records, summaries)), page);
});
