/** A small sweep, run alike by Deno, Node and Bun. */
import {
  findLogs,
  finished,
  openRunLog,
  readRunLog,
  resultsTable,
  sweep,
  sweepPlan,
} from "../../lib/entry/sweep.ts";

const plan = sweepPlan({
  train: { task: "xor", N: 8, n_trials: 2, eval_freq: 2, eval_trials: 2 },
  map: { trials: 2, factors: [30, 50] },
  evaluate: { trials: 2 },
  seeds: [1, 2],
});

/** What does not depend on clocks and machines, of the networks and of a log. */
export async function run(folder: string): Promise<unknown> {
  const events = sweep(plan, { folder, workers: 1 });
  const { results, done } = await finished(events);
  const rows = resultsTable(results).map((row) =>
    Object.fromEntries(
      Object.entries(row).filter(([name]) => !/_s$|^host$/.test(name)),
    )
  );
  const log = await openRunLog(`${folder}/run.jsonl`, "mine");
  await log.saved("a.mat");
  await log.close();
  const kinds: string[] = [];
  for await (const { kind } of readRunLog((await findLogs(folder))[0])) {
    kinds.push(kind);
  }
  return [done, rows, kinds];
}
