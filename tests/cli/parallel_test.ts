/** Trainings that run at the same time into one folder. */
import { deepStrictEqual as equal } from "node:assert/strict";
import { join } from "node:path";
import { readModel } from "../../lib/formats/model_file.ts";
import { inFolder } from "../folder.ts";

const root = new URL("../../", import.meta.url).pathname;

/** Processes, all of which save in the same second as far as they know. */
const processes = 5;

const clock = `
  const now = 1_767_323_045_000;
  const { Date: Real } = globalThis;
  globalThis.Date = class extends Real {
    constructor(...given) { super(...given.length > 0 ? given : [now]); }
    static now() { return now; }
  };
`;

interface Event {
  readonly kind: string;
  readonly path: string;
}

async function train(folder: string, seed: number): Promise<Event[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--no-check"],
      ...["--preload", join(folder, "clock.js")],
      ...[`--allow-read=${folder}`, `--allow-write=${folder}`],
      ...["cli.ts", "train", "--task=go-nogo", "--N=10", "--n_trials=3"],
      ...["--eval_freq=2", "--eval_trials=2", "--workers=1", "--backend=simd"],
      ...["--plots=False", "--json", `--seed=${seed}`],
      ...[`--log_dir=${folder}/logs`, `--output_dir=${folder}`],
    ],
    cwd: root,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const [out, err] = [stdout, stderr].map((b) => new TextDecoder().decode(b));
  equal(success, true, err);
  return out.trim().split("\n").map((line) => JSON.parse(line));
}

Deno.test("5 trainings that end in the same second leave 5 models and logs", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "clock.js"), clock);
    const runs = await Promise.all(
      Array.from({ length: processes }, (_, seed) => train(folder, seed)),
    );
    const saved = runs.map((events) =>
      events.find(({ kind }) => kind === "saved")!.path
    );
    equal(new Set(saved).size, processes);
    for (const [seed, path] of saved.entries()) {
      const { provenance } = await readModel(path);
      equal(provenance?.seed, seed);
    }
    const models = join(saved[0], "..");
    const left = [...Deno.readDirSync(models)].map(({ name }) => name);
    // Neither temporary files nor folders of runs.
    equal(left.filter((name) => !name.endsWith(".mat")), []);
    const logged = new Set<string>();
    for (const { name } of Deno.readDirSync(join(folder, "logs"))) {
      const [line] = (await Deno.readTextFile(
        join(folder, "logs", name, "run.jsonl"),
      )).split("\n");
      logged.add(JSON.parse(line).name);
    }
    equal(logged.size, processes);
  }));
