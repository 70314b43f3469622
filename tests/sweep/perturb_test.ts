/** Perturbations and kept analyses of a sweep's points. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { readModel } from "../../lib/formats/model_file.ts";
import { decodeNpz } from "../../lib/formats/npz.ts";
import { finished } from "../../lib/records/finished.ts";
import { evaluatePerturbed } from "../../lib/simulate/evaluate_perturbed.ts";
import { pointFolder, readResult, readSweep } from "../../lib/sweep/folder.ts";
import { resultsTable } from "../../lib/sweep/results.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import { run as runCommand } from "../cli/in_process.ts";
import { inFolder } from "../folder.ts";

const plan = (rest: string) => `
name = "small"
seeds = [3]
analyse = ["weights"]
analysis_files = true
[train]
task = "go-nogo"
N = 20
n_trials = 2
preset = "fast"
[evaluate]
trials = 4
${rest}`;

const run = (args: readonly string[], expected = 0) =>
  runCommand(["sweep", ...args], expected);

async function withPlan(
  rest: string,
  body: (path: string, folder: string) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const path = join(folder, "small.toml");
    await Deno.writeTextFile(path, plan(rest));
    await body(path, folder);
  });
}

Deno.test("sweep perturbs each network; effects are those of evaluatePerturbed()", async () => {
  const tables = `
[[perturb]]
from = ["I", "SST"]
to = "E"
scale = [0.5, 2]
trials = 6
measure = "weights"
[[perturb]]
lesion = 0.2
units = "SST"
`;
  await withPlan(tables, async (path, folder) => {
    await run([path, "--output_dir", folder]);
    const sweep = join(folder, "small");
    const { points: [point] } = await readSweep(sweep);
    const found = await readResult(sweep, point.id);
    const { perturbations: columns, model } = found!;
    const place = pointFolder(sweep, point.id);
    const { network } = await readModel(join(place, model));
    const { effects, intact } = await finished(
      evaluatePerturbed(network, getTask("go-nogo"), [
        { modifications: [{ from: "I", to: "E", kind: "scale", amount: 2 }] },
      ], { seed: 3 + 1_000_000_007, trials: 6, balanced: true }),
    );
    const at = (name: string) => columns![`perturb_${name}`];
    const twice = (name: string) => at(`rate_scale_I_to_E_2_${name}`);
    assert.equal(twice("strict"), effects[0].score.strict.value);
    assert.equal(twice("strict_difference_low"), effects[0].strict.low);
    assert.equal(twice("output_error"), effects[0].score.outputError);
    assert.equal(twice("r_E"), effects[0].activity!.excitatory);
    assert.equal(at("rate_intact_output_error"), intact.outputError);
    // What was measured is the changed network.
    const weight = (of: string) => at(`${of}_weights_mean_weight_I_to_E`)!;
    assert(Math.abs(weight("scale_I_to_E_2") / weight("intact") - 2) < 1e-6);
    // What the network lacks has no columns, and spiking ones need a mapping.
    assert(!Object.keys(columns!).some((name) => /SST|spiking|Hz/.test(name)));
    const [row] = resultsTable([found!]);
    assert.equal(row.perturb_rate_scale_I_to_E_2_strict, twice("strict"));
    // Tables and arrays of the analyses are kept.
    const kept = join(place, "analysis");
    const names = Array.from(Deno.readDirSync(kept), ({ name }) => name);
    assert(names.includes("weights_classes.csv"), names.join());
    const arrays = decodeNpz(await Deno.readFile(join(kept, "weights.npz")));
    assert.deepEqual(arrays.get("weights")!.shape, [20, 20]);
    // A cluster's job finds the same in the sweep's folder.
    await Deno.remove(join(place, "result.json"));
    await run(["point", sweep, point.id]);
    const again = await readResult(sweep, point.id);
    assert.deepEqual(again!.perturbations, columns);
  });
});

Deno.test("sweep says what is wrong in the perturbations of a plan before anything runs", async () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ["perturb = []", /perturb is \[\], allowed is tables/],
    ["[[perturb]]\nscale = -1", /perturb\.scale is -1, allowed are/],
    ['[[perturb]]\nfrom = "X"\nscale = 1', /perturb\.from is "X", allowed/],
    ["[[perturb]]\nscal = 1", /perturb has no setting "scal".* scale\?/],
    ['[[perturb]]\nfrom = "I"', /Cannot use --from alone/],
    [
      "[[perturb]]\ntrials = 4",
      /Cannot perturb the network: nothing to do was given/,
    ],
    ["[[perturb]]\nscale = 1\nseed = 1", /perturb has no setting "seed"/],
  ];
  for (const [rest, message] of wrong) {
    // A list of its own stands among the keys at the top.
    const text = rest.startsWith("[[") ? rest : "";
    await withPlan(text, async (path, folder) => {
      if (text === "") {
        const whole = await Deno.readTextFile(path);
        await Deno.writeTextFile(path, `${rest}\n${whole}`);
      }
      const { err } = await run([path, "--output_dir", folder], 2);
      assert.match(err, message);
      await assert.rejects(Deno.stat(join(folder, "small")));
    });
  }
});

Deno.test("sweep says of a point why its perturbation cannot be", async () => {
  const table = '[[perturb]]\nscale = 0.5\nwindow = "0:9000"\ntrials = 4\n';
  await withPlan(table, async (path, folder) => {
    const args = [path, "--output_dir", folder, "--retries", "0"];
    const { err } = await run(args, 1);
    assert.match(err, /window .*9000.*1000 ms/);
  });
});
