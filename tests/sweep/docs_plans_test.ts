/** The plans that the documentation names and prints. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { checkSetting } from "../../lib/runs/sweep/settings.ts";
import { planFromToml } from "../../lib/sweep/plan.ts";
import { sweepPoints } from "../../lib/sweep/points.ts";
import { readSlurmOptions } from "../../lib/sweep/slurm/options.ts";

const docs = new URL("../../docs/", import.meta.url);
const plans = new URL("plans/", docs);

Deno.test("the plan of docs/how-it-works/layers.md can be read, and has what the page says", async () => {
  const text = await Deno.readTextFile(new URL("layers.toml", plans));
  const { name, grid, points, seeds, map } = planFromToml(
    text,
    "fallback",
    checkSetting,
  );
  equal(name, "layers");
  equal(grid.task, ["go-nogo", "mante", "dms"]);
  equal(
    points.map(({ n_layers, N }) => [n_layers, N]),
    [[1, 200], [2, 200], [3, 200], [1, 400], [1, 600]],
  );
  equal(seeds.length, 10);
  equal(map, { trials: 40, factors: [40, 45, 50] });
});

Deno.test("the plan of robust training and mapping has every task, activation and size", async () => {
  const text = await Deno.readTextFile(new URL("robust.toml", plans));
  const points = sweepPoints(planFromToml(text, "robust", checkSetting));
  equal(points.length, 3 * 3 * 4);
  ok(points.every(({ map }) => Array.isArray(map?.factors)));
});

for (
  const [file, networks] of [
    ["noise.toml", 6 * 10],
    ["robust-goal.toml", 3 * 10],
    ["thousand.toml", 1000],
    ["ten-units.toml", 6 * 20],
    ["answer-share.toml", 6 * 3 * 14],
  ] as const
) {
  Deno.test(`docs/plans/${file} has ${networks} networks`, async () => {
    const text = await Deno.readTextFile(new URL(file, plans));
    const points = sweepPoints(planFromToml(text, "fallback", checkSetting));
    equal(points.length, networks);
  });
}

for (
  const [page, count] of [["guides/sweeps.md", 3], ["reference/slurm.md", 1], [
    "guides/sweeps-on-slurm.md",
    1,
  ]] as const
) {
  Deno.test(`the plans in docs/${page} can be run as they are printed`, async () => {
    const text = await Deno.readTextFile(new URL(page, docs));
    const blocks = [...text.matchAll(/^```toml\n(.*?)^```$/gms)];
    equal(blocks.length, count);
    for (const [, block] of blocks) {
      // Perturbations are a part of a plan, as of the first one.
      const whole = block.startsWith("[[perturb]]")
        ? `${blocks[0][1]}\n${block}`
        : block;
      const plan = planFromToml(whole, "printed", checkSetting);
      ok(sweepPoints(plan).length > 1, block);
      readSlurmOptions(plan.slurm);
    }
  });
}
