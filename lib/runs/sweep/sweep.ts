/** A sweep from its plan to the results of its networks. */
import { lockFolder } from "../../formats/lock.ts";
import { archivePoints, archiveSize } from "../../sweep/archive_points.ts";
import { readResults, writeSweep } from "../../sweep/folder.ts";
import type { Plan } from "../../sweep/plan.ts";
import { sweepPoints } from "../../sweep/points.ts";
import type {
  Engine,
  Point,
  PointResult,
  SweepCounts,
} from "../../sweep/types.ts";
import { fallbacks } from "../../settings/kinds.ts";
import { join } from "../../platform/paths.ts";
import { prepareFolder } from "../resources.ts";
import { openEngine } from "./engines.ts";
import { engineFlags } from "./flags.ts";
import { type RunEvent, runPoints } from "./run.ts";
import { taskHashes } from "./trust.ts";

/** Options of a sweep: its folder, and how its points are run. */
export interface SweepOptions {
  /** Folder of the sweep; it is made if it is missing. */
  readonly folder: string;
  /** Where points run: this machine or a cluster's queue. Defaults to "local". */
  readonly engine?: "local" | "slurm";
  /**
   * Points that run at once on this machine. Defaults to one for each core, as
   * memory allows; in Node and Bun, where they run in the program's own thread,
   * to 1.
   */
  readonly workers?: number;
  /** Further attempts at a point that failed. Defaults to 1. */
  readonly retries?: number;
  /**
   * Whether task files of the plan, as they are now, run with the program's own
   * permissions. Defaults to false.
   */
  readonly trustTasks?: boolean;
  /**
   * Whether networks that are done are put into archives of a hundred each, in
   * place of a folder for each: on this machine as soon as they are done, on a
   * cluster at the end. Defaults to false.
   */
  readonly archive?: boolean;
  /**
   * With slurm: whether the signal cancels jobs rather than leaving them.
   * Defaults to false.
   */
  readonly cancel?: boolean;
  /** Stops the sweep; the same call goes on from there later. */
  readonly signal?: AbortSignal;
  /** Called with remarks, such as that the file system has no locks. */
  readonly onRemark?: (remark: string) => void;
}

/** The end of a sweep: every point is done, or failed for good. */
export interface Swept extends SweepCounts {
  /** Which event it is. */
  readonly kind: "swept";
  /** Where it is. */
  readonly folder: string;
  /** Of the points that are done, in the order of the plan. */
  readonly results: readonly PointResult[];
}

/** A sweep that can be run. */
export interface OpenSweep {
  /** Where it is. */
  readonly folder: string;
  /** What it runs. */
  readonly points: readonly Point[];
  /** Where they run. */
  readonly engine: Engine;
  /** Runs it. */
  run(signal?: AbortSignal): AsyncGenerator<RunEvent | Swept>;
}

/**
 * Opens a sweep, and checks everything that can be refused before anything is
 * written.
 *
 * @throws {RangeError} for an engine that cannot run it
 * @throws {TaskError} if task files are trusted and one cannot be read
 */
export async function openSweep(
  plan: Plan,
  options: SweepOptions,
): Promise<OpenSweep> {
  const { folder, trustTasks = false, archive = false, onRemark } = options;
  const { name, trials, slurm } = plan;
  const points = sweepPoints(plan);
  const usual = fallbacks(engineFlags);
  const { retries = usual.retries } = options;
  const trusted = trustTasks ? await taskHashes(points) : [];
  const engine = openEngine({
    engine: options.engine ?? usual.engine,
    workers: options.workers,
    cancel: options.cancel ?? usual.cancel,
  }, { folder, trials, points, slurm, trusted });
  return {
    folder,
    points,
    engine,
    async *run(signal) {
      await prepareFolder(join(folder, "points"));
      const lock = await lockFolder(folder, { warn: onRemark });
      try {
        await writeSweep(folder, { name, trials, points, slurm });
        const running = runPoints(folder, points, { engine, retries, signal });
        const counts = archive
          ? yield* archiving(running, folder, engine)
          : yield* running;
        if (archive) {
          await archivePoints(folder, points.map(({ id }) => id));
        }
        const results = await readResults(folder, points);
        yield { kind: "swept", folder, ...counts, results };
      } finally {
        await lock.release();
      }
    },
  };
}

/** Archives points by the hundred while others run. */
async function* archiving<T extends RunEvent, R>(
  events: AsyncGenerator<T, R>,
  folder: string,
  engine: Engine,
): AsyncGenerator<T, R> {
  const done: string[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
    yield next.value;
    if (next.value.kind !== "point-done") continue;
    done.push(next.value.id);
    // A cluster's job may still hold what it has just written.
    if (engine.name === "local" && done.length === archiveSize) {
      await archivePoints(folder, done.splice(0));
    }
  }
}

/**
 * Runs a sweep: trains, maps and evaluates a network for every point of its
 * plan. A point that has a result in the folder is not run again; a point that
 * was begun goes on from its last checkpoint. Results do not depend on the
 * number of workers.
 *
 * @param plan by `sweepPlan` or `readSweepPlan`
 * @param options the folder, and how points are run
 * @returns events: `sweep-started`, then `point-started`, `point-done` and
 * `point-failed` of each point; last `swept`, with the results
 * @throws {RangeError} for an engine that cannot run it
 * @throws {FailureError} if the folder cannot be written
 * @throws {ModelFileError} if another process runs a sweep there
 * @throws the signal's reason once it is aborted
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { finished } from "@spikernn/spikernn";
 * import { resultsTable, sweep, sweepPlan } from "@spikernn/spikernn/sweep";
 * const folder = await Deno.makeTempDir();
 * const plan = sweepPlan({
 *   train: { task: "xor", N: 8, n_trials: 2, eval_freq: 2, eval_trials: 2 },
 *   evaluate: { trials: 2 },
 *   seeds: [1],
 * });
 * const { done, results } = await finished(sweep(plan, { folder }));
 * assert.equal(done, 1);
 * assert.equal(resultsTable(results)[0].seed, 1);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function* sweep(
  plan: Plan,
  options: SweepOptions,
): AsyncGenerator<RunEvent | Swept> {
  options.signal?.throwIfAborted();
  yield* (await openSweep(plan, options)).run(options.signal);
}
