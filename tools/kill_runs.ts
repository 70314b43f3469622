/** Kills command lines at random moments, and looks at what they leave. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { dirname, join } from "node:path";
import { readModel } from "../lib/formats/model_file.ts";
import type { Model } from "../lib/network/records.ts";
import { randomStream } from "../lib/random/stream.ts";
import {
  listCheckpoints,
  readCheckpoint,
} from "../lib/train/checkpoint_folder.ts";

/** What a series of kills gave. */
export interface KillReport {
  /** Runs killed by SIGKILL. */
  readonly kills: number;
  /** Kills that came before the first checkpoint. */
  readonly early: number;
  /** Kills that came too late: the run had ended. */
  readonly late: number;
  /** Half-written temporary files found after kills. */
  readonly halfWritten: number;
}

/** When a series of kills is to end, and how its runs are. */
export interface KillOptions {
  /** When to end before all kills are made, by `performance.now()`. */
  readonly until?: number;
  /** How many workers a run has; by default as many as it takes by itself. */
  readonly workers?: number;
}

const cli = new URL("../cli.ts", import.meta.url).pathname;

function workersFlag(workers: number | undefined): string[] {
  return workers === undefined ? [] : [`--workers=${workers}`];
}

/** Runs a command line, and kills it after some milliseconds. */
async function run(
  folder: string,
  args: readonly string[],
  killAfter?: number,
): Promise<
  { killed: boolean; out: string; err: string; milliseconds: number }
> {
  const begun = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-check",
      `--allow-read=${folder}`,
      `--allow-write=${folder}`,
      cli,
      ...args,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const timer = killAfter === undefined ? undefined : setTimeout(() => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
  }, killAfter);
  const { success, signal, stdout, stderr } = await child.output();
  clearTimeout(timer);
  const [out, err] = [stdout, stderr].map((b) => new TextDecoder().decode(b));
  if (!success && signal !== "SIGKILL") throw new Error(err);
  const milliseconds = performance.now() - begun;
  return { killed: signal === "SIGKILL", out, err, milliseconds };
}

/** Files under a folder. */
function files(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = join(folder, name);
    return isDirectory ? files(path) : [path];
  });
}

/** The model of a run; a kill between saving and tidying up may make it two, the same. */
async function modelIn(folder: string): Promise<Model> {
  const paths = files(folder).filter((path) => path.endsWith(".mat"));
  ok(paths.length > 0, "a model");
  const models = await Promise.all(paths.map(async (path) => {
    const model = await readModel(path);
    // When it was saved is all that may differ.
    return { ...model, provenance: { ...model.provenance!, created: "" } };
  }));
  for (const model of models) equal(model, models[0]);
  return models[0];
}

/**
 * Kills training runs at random moments and resumes them until they end; every
 * series must give the model of the run that was left alone.
 *
 * @param kills how many
 * @param seed of the moments
 * @param options.updates how long a run is
 * @throws {AssertionError} if anything was lost
 */
export async function killTraining(
  kills: number,
  seed: number,
  { until = Infinity, updates = 1200, workers }: KillOptions & {
    updates?: number;
  } = {},
): Promise<KillReport> {
  const moments = randomStream(seed).fork("moments");
  const report = { kills: 0, early: 0, late: 0, halfWritten: 0 };
  const more = () => report.kills < kills && performance.now() < until;
  const folder = await Deno.makeTempDir();
  try {
    const begin = (place: string) => [
      ...[
        "train",
        "--preset=paper",
        "--task=xor",
        "--N=24",
        "--seed=5",
        "--json",
      ],
      ...["--plots=False", `--n_trials=${updates}`, "--eval_freq=20"],
      ...["--eval_trials=4", "--output_dir", join(folder, place)],
      ...workersFlag(workers),
    ];
    const alone = await run(folder, begin("alone"));
    const wanted = await modelIn(join(folder, "alone"));
    for (let series = 0; more(); series++) {
      const place = join(folder, `series${series}`);
      let args = begin(`series${series}`);
      while (true) {
        // Enough kills made: the last run of the series is left alone.
        const wait = more()
          ? moments.uniform(series, report.kills) * alone.milliseconds
          : undefined;
        const { killed, out } = await run(folder, args, wait);
        if (!killed) {
          if (wait !== undefined) report.late++;
          break;
        }
        report.kills++;
        const { resumable, saved } = await checkRemains(place, out, report);
        if (resumable !== undefined) {
          args = [
            ...["train", "--json", "--plots=False", "--resume", resumable],
            ...workersFlag(workers),
          ];
        } else if (saved) {
          report.late++;
          break;
        } else {
          report.early++;
          args = begin(`series${series}`);
        }
      }
      equal(await modelIn(place), wanted, "the same bits");
      await Deno.remove(place, { recursive: true });
    }
    return report;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Checks what a killed run left: no unreadable checkpoint, and none older than
 * the last one that it told of.
 *
 * @returns the run's folder, if it can go on, and whether its model is saved
 */
async function checkRemains(
  place: string,
  out: string,
  report: { halfWritten: number },
): Promise<{ resumable?: string; saved: boolean }> {
  let all: string[] = [];
  try {
    all = files(place);
  } catch (error) {
    // Killed before it had made its folder.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  report.halfWritten += all.filter((path) => path.endsWith(".tmp")).length;
  const models = all.filter((path) => path.endsWith(".mat"));
  for (const path of models) await readModel(path);
  const saved = models.length > 0;
  const told = out.split("\n").slice(0, -1).map((line) => JSON.parse(line))
    .filter(({ kind }) => kind === "checkpoint").at(-1);
  const checkpoint = all.find((path) => path.endsWith(".safetensors"));
  if (checkpoint === undefined) {
    ok(!told || saved, "a checkpoint that was told of is lost");
    return { saved };
  }
  const folder = dirname(checkpoint);
  const paths = await listCheckpoints(folder);
  ok(paths.length <= 3, `${paths.length} checkpoints are kept`);
  const updates: number[] = [];
  for (const path of paths) {
    updates.push((await readCheckpoint(path)).state.update);
  }
  if (told) {
    // Once the model is saved they are removed one by one.
    ok(
      saved || updates[0] >= told.update,
      `${updates[0]} is before ${told.update}`,
    );
  }
  return { resumable: folder, saved };
}

/**
 * Kills searches of the scaling factor at random moments and runs them again
 * until they end; each must write the record of the search left alone.
 *
 * @param model a model file without a search
 * @param kills how many
 * @param seed of the moments
 * @throws {AssertionError} if anything was lost
 */
export async function killSearches(
  model: string,
  kills: number,
  seed: number,
  { until = Infinity, workers }: KillOptions = {},
): Promise<KillReport> {
  const moments = randomStream(seed).fork("moments");
  const report = { kills: 0, early: 0, late: 0, halfWritten: 0 };
  const more = () => report.kills < kills && performance.now() < until;
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "model.mat");
    const args = [
      ...["map", path, "--task=go-nogo", "--seed=2", "--trials=6"],
      ...["--factors=30,40,50,60,70", ...workersFlag(workers)],
    ];
    await Deno.copyFile(model, path);
    const { milliseconds } = await run(folder, args);
    const { search } = await readModel(path);
    ok(search);
    for (let series = 0; more(); series++) {
      await Deno.copyFile(model, path);
      while (true) {
        const wait = more()
          ? moments.uniform(series, report.kills) * milliseconds
          : undefined;
        const { killed } = await run(folder, args, wait);
        if (!killed) {
          if (wait !== undefined) report.late++;
          break;
        }
        report.kills++;
        await readModel(path);
        const names = files(folder);
        if (!names.some((name) => name.endsWith(".search.json"))) {
          report.early++;
        }
        report.halfWritten += names.filter((name) =>
          name.endsWith(".tmp")
        ).length;
      }
      equal((await readModel(path)).search, search, "the same result");
      equal(files(folder), [path], "nothing is left beside the model");
    }
    return report;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
