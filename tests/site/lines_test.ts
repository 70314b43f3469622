/** The lines that the lab shows make the network that it shows. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { openBackend, weightsHash } from "../../lib/entry/web.ts";
import type { Model } from "../../lib/entry/web.ts";
import { linesOf } from "../../site/lab/lines.ts";
import { mapModel } from "../../site/lab/worker/mapping.ts";
import { startTraining } from "../../site/lab/worker/training.ts";
import { type LabSettings, usualSettings } from "../../site/lab/settings.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import { inFolder } from "../folder.ts";

const settings: LabSettings = {
  ...usualSettings,
  ...{ task: "go-nogo", N: 12, P_inh: 0.25, n_trials: 4, seed: 3 },
};
const root = new URL("../../", import.meta.url);

/** What the page's worker makes. */
async function made(): Promise<Model> {
  const backend = await openBackend();
  try {
    const tell = () => {};
    const breathe = () => Promise.resolve();
    const model = await startTraining(settings, { backend, breathe, tell })
      .model;
    const { signal } = new AbortController();
    return await mapModel(model, getTask("go-nogo"), 2, {
      backend,
      signal,
      tell,
    });
  } finally {
    backend.close();
  }
}

async function run(args: readonly string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("the lines in TypeScript and those for a shell give the lab's own network", async () => {
  const model = await made();
  const hash = await weightsHash(model.network);
  const lines = linesOf({ settings, mapped: 2, tuned: false, changes: [] });
  await inFolder(async (folder) => {
    const program = join(folder, "program.ts");
    const there = new URL("lib/entry/web.ts", root).href;
    await Deno.writeTextFile(
      program,
      lines.typescript.replace("jsr:@spikernn/spikernn/web", there) +
        "\nconsole.log(search.chosen);",
    );
    const config = ["--config", new URL("deno.json", root).pathname];
    const said = await run(["run", ...config, "--check", program], folder);
    equal(said, `${hash}\n${model.search!.chosen}\n`);
    const cli = new URL("cli.ts", root).pathname;
    for (const line of lines.shell.split("\n")) {
      const [spikernn, ...words] = line.split(" ");
      equal(spikernn, "spikernn");
      const flags = words[0] === "train" ? ["--plots", "False"] : [];
      const forced = words[0] === "map" ? ["--write_anyway"] : [];
      const told = await run([
        ...["run", "-A", "--unstable-worker-options", ...config, cli],
        ...[...words, ...flags, ...forced],
      ], folder);
      if (words[0] === "info") {
        match(told, new RegExp(`hash of the weights +${hash}`));
        match(told, new RegExp(`scaling factor +${model.search!.chosen},`));
      }
    }
  });
});

Deno.test("the lines say what was changed", () => {
  const changed = linesOf({
    settings,
    ...{ mapped: 50, tuned: true },
    changes: [
      { kind: "lesion", units: [3, 5] },
      { kind: "scale", from: "E", to: "I", amount: 0.5, span: [100, 200] },
      { kind: "stimulate", units: "I", way: "exc", span: [0, 500] },
    ],
  });
  match(
    changed.shell,
    /simulate go-nogo.mat .* --lesion 3 5 --from E --to I --scale 0.5 --window 100:200 --stim exc --stim_units I --stim_window 0:500$/,
  );
  match(changed.shell, /--calibrate tune --tune_rounds 1 --tune_updates \d+\n/);
  match(changed.typescript, /"lesion":\[3,5\],"modifications":\[\{"from":"E"/);
  match(changed.python, /lesion=\[3, 5\], from_="E", to="I", scale=0.5/);
});

Deno.test("what a command line cannot do at once, it says", () => {
  const scale = { kind: "scale", from: "E", to: "I", amount: 0.5 } as const;
  const { shell, typescript } = linesOf({
    settings,
    ...{ mapped: 50, tuned: false, changes: [scale, { ...scale, to: "E" }] },
  });
  match(shell, /# The command line takes one change of synapses/);
  match(typescript, /evaluatePerturbed\(spiking, task/);
});
