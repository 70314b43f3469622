/**
 * Kills training runs and searches at random moments, resumes them, and compares
 * the results with those of runs left alone.
 *
 *     deno run -A tools/kill_test.ts [KILLS] [SEED]
 */
import { killSearches, killTraining } from "./kill_runs.ts";

if (import.meta.main) {
  const [kills, seed] = [Number(Deno.args[0] ?? 50), Number(Deno.args[1] ?? 1)];
  console.log("train", await killTraining(kills, seed));
  const model = new URL("../tests/data/gonogo_original.mat", import.meta.url);
  console.log("map", await killSearches(model.pathname, kills, seed));
}
