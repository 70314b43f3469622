/** Evaluations some of whose trials run alone, of weights that come and go. */
import { deepStrictEqual as equal } from "node:assert/strict";
import { inFolder } from "../folder.ts";
import { run } from "./in_process.ts";

Deno.test("train evaluates a block and lone trials on both backends alike after a synapse has gone or come", () =>
  inFolder(async (folder) => {
    // One trial an update, six of an evaluation: four in lanes, two alone.
    const args = [
      ...["train", "--task=mante", "--preset=paper", "--decay_taus=6"],
      ...["--som_N=1", "--P_inh=0.5", "--w_dist=gamma", "--N=12", "--seed=4"],
      ...["--n_trials=30", "--eval_freq=10", "--eval_trials=6"],
      ...["--plots=False", "--output_dir", folder, "--json"],
    ];
    const evaluated = async (backend: string) =>
      (await run([...args, "--backend", backend])).out.trim().split("\n")
        .map((line) => JSON.parse(line))
        .filter(({ kind }) => kind === "evaluated")
        .map(({ update, performance, loss }) => [update, performance, loss]);
    equal(await evaluated("simd"), await evaluated("reference"));
  }));
