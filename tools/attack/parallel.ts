/** Many processes that save into one folder in the same second. */
import { deepStrictEqual as equal } from "node:assert/strict";
import { join } from "node:path";
import { readModel } from "../../lib/formats/model_file.ts";
import { inFolder } from "../../tests/folder.ts";
import { filesIn, run, words } from "./process.ts";
import { type Attack, Tally } from "./types.ts";

/** Processes at a time. */
const atOnce = 8;

/** Sets the clock of a process to one moment for all. */
const clock = `
  const now = 1_767_323_045_000;
  const { Date: Real } = globalThis;
  globalThis.Date = class extends Real {
    constructor(...given) { super(...given.length > 0 ? given : [now]); }
    static now() { return now; }
  };
`;

/** Trainings at the same time. */
export const parallel: Attack = {
  name: "parallel",
  what: "processes that save into one folder in one second; a model each",
  unit: "runs",
  wanted: 1000,
  usual: 100,
  run: ({ count, seed, until }) =>
    inFolder(async (folder) => {
      const tally = new Tally();
      const preload = join(folder, "clock.js");
      await Deno.writeTextFile(preload, clock);
      const saved = new Map<number, string>();
      let next = 0;
      const place = join(folder, "out");
      const worker = async () => {
        while (next < count && performance.now() < until) {
          const number = seed * 100_000 + next++;
          const { code, out, err } = await run(
            words(folder, [
              ...["train", "--task=go-nogo", "--N=10", "--n_trials=3"],
              ...["--eval_freq=2", "--eval_trials=2", "--workers=1"],
              ...["--backend=simd", "--plots=False", "--json"],
              ...[`--seed=${number}`, `--log_dir=${place}/logs`],
              `--output_dir=${place}`,
            ], ["--preload", preload]),
          );
          const event = out.trim().split("\n")
            .find((line) => line.startsWith('{"kind":"saved"'));
          if (code !== 0 || event === undefined) {
            tally.broke(`run of seed ${number}: exit code ${code}: ${err}`);
          } else saved.set(number, JSON.parse(event).path);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, worker));
      for (const [number, path] of saved) {
        try {
          equal((await readModel(path)).provenance?.seed, number);
          tally.held("models");
        } catch (error) {
          tally.broke(`${path}, seed ${number}: ${(error as Error).message}`);
        }
      }
      if (new Set(saved.values()).size < saved.size) {
        tally.broke("two runs say that they saved the same file");
      }
      const left = filesIn(place);
      const logs = left.filter((path) => path.endsWith("run.jsonl")).length;
      if (logs !== saved.size) {
        tally.broke(`${logs} logs of ${saved.size} runs`);
      }
      const strange = left.filter((path) =>
        !/\.(mat|jsonl)$|events/.test(path)
      );
      if (strange.length > 0) tally.broke(`left over: ${strange.join(", ")}`);
      return tally.outcome;
    }),
};
