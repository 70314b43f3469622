/** The registry of figures: what stands in it is known everywhere else. */
import { deepStrictEqual as equal, match } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { needsSimulation, whyNot } from "../../lib/report/collect.ts";
import { figureNames, isFigureName } from "../../lib/report/names.ts";
import plot from "../../lib/cli/commands/plot.ts";

Deno.test("every figure is named by the help of plot and described in docs/reference/figures.md", async () => {
  const page = await readFile(
    new URL("../../docs/reference/figures.md", import.meta.url),
    "utf8",
  );
  for (const name of figureNames) {
    match(page, new RegExp(`\`${name}\``), name);
    equal(plot.operands?.words?.includes(name), true);
    equal(isFigureName(name.toUpperCase()), true);
  }
});

Deno.test("a network without record and twin lacks what its figures need, and says so", () => {
  const network = createNetwork({ channels: 1, units: 8 }, randomStream(1));
  const source = { model: { network } };
  const lacking = figureNames.filter((name) => whyNot(source, name));
  equal(lacking, ["training", "search", "raster", "rates"]);
  equal(figureNames.filter(needsSimulation), ["output", "raster", "rates"]);
});
