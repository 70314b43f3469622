/** The check of networks that shares no code with the rest. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeModel } from "../../lib/formats/model_file.ts";
import type { Score } from "../../lib/network/scores.ts";
import { evaluate } from "../../lib/simulate/evaluate_rate.ts";
import { evaluateSpiking } from "../../lib/simulate/evaluate_spiking.ts";
import { mappedNetwork } from "../../lib/spiking/mapped.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import { kinds, modelOf } from "../export/models.ts";
import { inFolder } from "../folder.ts";
import { testWith } from "../require.ts";

const program = new URL("../../tools/check_networks.py", import.meta.url);

function check(...paths: string[]) {
  const { code, stdout, stderr } = new Deno.Command("python3", {
    args: [program.pathname, ...paths, "--trials", "16"],
    env: { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
  }).outputSync();
  const text = new TextDecoder();
  return { code, text: text.decode(stdout) + text.decode(stderr) };
}

testWith(
  "scipy",
  "check_networks.py finds what eval says, and what is not so",
  async () => {
    const task = getTask("go-nogo");
    const { name, timing } = task;
    await inFolder(async (folder) => {
      const written: Record<string, Score>[] = [];
      const paths: string[] = [];
      const say = (path: string, scores: Record<string, Score>) =>
        writeFile(
          path.replace(/mat$/, "json"),
          Object.entries(scores).map(([network, score]) =>
            JSON.stringify({ kind: "evaluation", network, score })
          ).join("\n"),
        );
      for (const kind of ["calibrated", "layers"] as const) {
        const model = { ...modelOf(kinds[kind]), task: { name, timing } };
        const options = { seed: 5, trials: 60, balanced: true };
        const scores = {
          rate: await evaluate(model.network, task, options),
          spiking: await evaluateSpiking(mappedNetwork(model), task, options),
        };
        const path = join(folder, `${kind}.mat`);
        await writeModel(path, model);
        await say(path, scores);
        written.push(scores);
        paths.push(path);
      }
      const found = check(...paths);
      assert.equal(found.code, 0, found.text);
      assert.match(found.text, /2 of 2 networks agree/);
      const [{ rate, spiking }] = written;
      const outputError = 1.5 * spiking.outputError;
      await say(paths[0], { rate, spiking: { ...spiking, outputError } });
      const off = check(paths[0]);
      assert.equal(off.code, 1, off.text);
      assert.match(off.text, /OFF[\s\S]*0 of 1 networks agree/);
    });
  },
);
