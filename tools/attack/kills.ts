/** SIGKILL at random moments: the same bits in the end. */
import { deepStrictEqual as equal } from "node:assert/strict";
import { join } from "node:path";
import { readResults, readSweep } from "../../lib/sweep/folder.ts";
import { inFolder } from "../../tests/folder.ts";
import { type KillReport, killSearches, killTraining } from "../kill_runs.ts";
import { diceOf } from "./dice.ts";
import { processesNaming, run, words } from "./process.ts";
import type { Attack, AttackOptions, Outcome } from "./types.ts";

/** What came of kills, whatever was killed. */
async function outcomeOf(
  what: string,
  { seed }: AttackOptions,
  kills: () => Promise<KillReport>,
): Promise<Outcome> {
  try {
    const { kills: tried, ...held } = await kills();
    return { tried, held, broken: [] };
  } catch (error) {
    const line = `${what} (seed ${seed}): ${(error as Error).message}`;
    return { tried: 1, held: {}, broken: [line] };
  }
}

/** Trainings. */
export const trainings: Attack = {
  name: "kill-train",
  what: "SIGKILL while training; resumed runs end with the same bits",
  unit: "kills",
  wanted: 500,
  usual: 60,
  run: (options) =>
    outcomeOf(
      "kill-train",
      options,
      () => killTraining(options.count, options.seed, options),
    ),
};

const model = new URL("../../tests/data/gonogo_original.mat", import.meta.url);

/** Searches of the scaling factor. */
export const searches: Attack = {
  name: "kill-map",
  what: "SIGKILL while mapping; the same search in the end, nothing beside it",
  unit: "kills",
  wanted: 500,
  usual: 60,
  run: (options) =>
    outcomeOf("kill-map", options, () =>
      killSearches(
        model.pathname,
        options.count,
        options.seed,
        options,
      )),
};

const plan = `
name = "trial"
seeds = [1, 2]
[train]
task = "go-nogo"
N = 10
n_trials = 80
eval_freq = 20
eval_trials = 2
loss_threshold = 1e-9
[map]
factors = [30, 40]
trials = 2
[evaluate]
trials = 4
`;

/** Sweeps. */
export const sweeps: Attack = {
  name: "kill-sweep",
  what: "SIGKILL while points run; the same results in the end",
  unit: "kills",
  wanted: 500,
  usual: 30,
  run: (options) => outcomeOf("kill-sweep", options, () => killSweeps(options)),
};

function killSweeps(
  { count, seed, until }: AttackOptions,
): Promise<KillReport> {
  return inFolder(async (folder) => {
    const report = { kills: 0, early: 0, late: 0, halfWritten: 0 };
    const path = join(folder, "plan.toml");
    await Deno.writeTextFile(path, plan);
    const command = (place: string) =>
      words(folder, ["sweep", path, `--output_dir=${join(folder, place)}`]);
    const alone = await run(command("alone"));
    equal(alone.code, 0, alone.err);
    const wanted = await resultsIn(join(folder, "alone", "trial"));
    const more = () => report.kills < count && performance.now() < until;
    for (let series = 0; more(); series++) {
      const place = `series${series}`;
      while (true) {
        const share = diceOf(seed, report.kills).below(1000) / 1000;
        const killAfter = more() ? share * alone.milliseconds : undefined;
        const ended = await run(command(place), { killAfter });
        if (ended.signal !== "SIGKILL") {
          equal(ended.code, 0, ended.err);
          if (killAfter !== undefined) report.late++;
          break;
        }
        report.kills++;
        const left = processesNaming(folder);
        equal(left, [], "no process is left");
      }
      equal(await resultsIn(join(folder, place, "trial")), wanted);
      await Deno.remove(join(folder, place), { recursive: true });
    }
    return report;
  });
}

/** What the points gave, without times, hosts and names of files. */
async function resultsIn(folder: string) {
  const { points } = await readSweep(folder);
  const results = await readResults(folder, points);
  equal(results.length, points.length);
  return results.map(({ seconds: _s, host: _h, model: _m, ...rest }) => rest);
}
