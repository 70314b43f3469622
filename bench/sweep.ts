/**
 * What a sweep costs beside its points: 20 Go-NoGo networks of 100 units, trained
 * on 2 workers by the command itself. Wall time of the command, over the sum of
 * its points' own times divided by 2; 1 would be no cost at all.
 *
 *     deno run -A bench/sweep.ts [NETWORKS] [WORKERS]
 */
import { join } from "node:path";
import { readResults, readSweep } from "../lib/sweep/folder.ts";

const networks = Number(Deno.args[0] ?? 20);
const workers = Number(Deno.args[1] ?? 2);
const folder = await Deno.makeTempDir();
try {
  const plan = join(folder, "bench.toml");
  await Deno.writeTextFile(
    plan,
    `seeds = { from = 1, count = ${networks} }
[train]
task = "go-nogo"
N = 100
`,
  );
  const began = performance.now();
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      new URL("../cli.ts", import.meta.url).pathname,
      "sweep",
      plan,
      "--output_dir",
      folder,
      "--workers",
      `${workers}`,
      "--quiet",
    ],
  }).output();
  if (!success) throw new Error("Cannot time the sweep: it failed");
  const wall = (performance.now() - began) / 1000;
  const sweep = join(folder, "bench");
  const results = await readResults(sweep, (await readSweep(sweep)).points);
  const own = results.reduce((sum, { seconds }) => sum + seconds.total, 0);
  console.log(
    `${results.length} networks on ${workers} workers: wall ${
      wall.toFixed(1)
    } s, ` +
      `own times ${own.toFixed(1)} s, ratio ${
        (wall / (own / workers)).toFixed(3)
      }`,
  );
} finally {
  await Deno.remove(folder, { recursive: true });
}
