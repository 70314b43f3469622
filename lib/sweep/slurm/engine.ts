/** Runs points as job arrays of SLURM, and follows them. */
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { countOf } from "../../count.ts";
import { isTaskFile } from "../../tasks/task_source.ts";
import { hasResult, isId } from "../folder.ts";
import type { Engine, Point, SweepEvent } from "../types.ts";
import { cancelJobs } from "./cancel.ts";
import { SlurmAwayError, type SlurmClient } from "./client.ts";
import { commandClient } from "./commands.ts";
import type { SlurmOptions } from "./options.ts";
import { SlurmRun } from "./run.ts";
import { pointCommand } from "./script.ts";
import { program } from "../../program.ts";

/** What tests and the command line may set beside the plan's options. */
export interface SlurmEngineExtras {
  /** The cluster; that of this machine otherwise. */
  readonly client?: SlurmClient;
  /** What is done when the run is stopped: tasks go on (default), or not. */
  readonly onAbort?: "detach" | "cancel";
  /** SHA-256 of task files that run with the tasks' permissions; none by default. */
  readonly trusted?: readonly string[];
  /**
   * Program and arguments that run points, given the sweep's folder; ids follow.
   * Otherwise Deno with `sweep point FOLDER`.
   */
  readonly command?: (folder: string, points: readonly Point[]) => string[];
}

/** Longest time between two tries to reach a controller that is away, s. */
const longestPause = 60;

/**
 * Makes the engine that runs the points of a sweep on a SLURM cluster: as arrays
 * of jobs, submitted from here and followed from here, with nothing but the
 * folder of the sweep between this machine and the nodes.
 *
 * Points with a result are left alone. Arrays of an earlier run that have not
 * ended are followed on. What failed, ran out of time or vanished is submitted
 * again, up to the number of retries. When the run's signal is aborted, tasks go
 * on by themselves, and a later run finds them, unless `onAbort` is "cancel".
 *
 * Needs permission to run `sbatch`, `squeue`, `scancel` and `scontrol`, and to
 * read and write the folder of the sweep.
 *
 * @param options of the plan, by `readSlurmOptions`
 * @returns the engine; its run throws `BackendError` where SLURM is missing or
 *   refuses a job, and the signal's reason once it is aborted
 */
export function slurmEngine(
  options: SlurmOptions,
  extras: SlurmEngineExtras = {},
): Engine {
  const client = extras.client ?? commandClient();
  const { trusted = [] } = extras;
  const { entry } = program;
  const command = extras.command ??
    ((folder: string, points: readonly Point[]) =>
      pointCommand(
        options.deno,
        entry,
        folder,
        readableFor(points, trusted.length > 0),
        trusted,
      ));
  return {
    name: "slurm",
    async *run(points, context) {
      const folder = resolve(context.folder);
      const { signal } = context;
      const { done, left } = await sortOut(points, folder);
      for (const { id } of done) yield { kind: "point-done", id };
      const run = new SlurmRun(
        { ...context, folder },
        options,
        client,
        command(folder, left),
        left,
      );
      await run.attach();
      const reach = reachability();
      while (run.open > 0 && !signal?.aborted) {
        yield* await reach.attempt(() => run.advance());
        yield* run.takeEvents();
        if (run.open === 0) break;
        await pause(reach.pause(options.poll), signal);
      }
      if (run.open > 0) yield* leave(run, client, extras.onAbort ?? "detach");
      signal?.throwIfAborted();
    },
  };
}

async function* leave(
  run: SlurmRun,
  client: SlurmClient,
  how: "detach" | "cancel",
): AsyncIterable<SweepEvent> {
  const { submissions } = run;
  if (submissions.length === 0) return;
  if (how === "cancel") {
    try {
      yield* await cancelJobs(client, submissions);
    } catch (error) {
      if (!(error instanceof SlurmAwayError)) throw error;
      yield say(
        `jobs are not cancelled, SLURM does not answer (${error.message}): ` +
          "sweep cancel does it later",
      );
    }
    return;
  }
  const jobs = submissions.map(({ job, name }) => job ?? name);
  yield say(
    `${countOf(run.open, "point")} ${
      run.open === 1 ? "stays" : "stay"
    } with SLURM (job${jobs.length > 1 ? "s" : ""} ` +
      `${jobs.join(", ")}): run the sweep again to follow them`,
  );
}

/**
 * What the nodes must read beside the sweep's folder: files of the points' own
 * tasks, and the package, which a trusted one imports.
 */
export function readableFor(
  points: readonly Point[],
  trusted = false,
): string[] {
  const files = points.map(({ train }) => String(train.task ?? ""))
    .filter(isTaskFile);
  if (files.length === 0) return [];
  const library = new URL(program.folders[1]);
  return [
    ...new Set(files),
    ...trusted && library.protocol === "file:" ? [fileURLToPath(library)] : [],
  ];
}

/** Points with a result, and the others. */
async function sortOut(
  points: readonly Point[],
  folder: string,
): Promise<{ done: Point[]; left: Point[] }> {
  const wrong = points.find(({ id }) => !isId(id));
  if (wrong) {
    throw new RangeError(
      `Cannot submit the point ${
        JSON.stringify(wrong.id)
      }: allowed are plain ` +
        "names",
    );
  }
  const results = await Promise.all(
    points.map(({ id }) => hasResult(folder, id)),
  );
  return {
    done: points.filter((_, k) => results[k]),
    left: points.filter((_, k) => !results[k]),
  };
}

/** Says once that the controller is away, and once that it is back. */
function reachability() {
  let failures = 0;
  return {
    async attempt(work: () => Promise<void>): Promise<SweepEvent[]> {
      try {
        await work();
        if (failures === 0) return [];
        failures = 0;
        return [say("SLURM answers again")];
      } catch (error) {
        if (!(error instanceof SlurmAwayError)) throw error;
        return failures++ === 0
          ? [say(`SLURM does not answer (${error.message}): waiting for it`)]
          : [];
      }
    },
    pause: (poll: number) =>
      Math.min(Math.max(poll, longestPause), poll * 2 ** failures),
  };
}

async function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(seconds * 1000, undefined, { signal });
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}

function say(message: string): SweepEvent {
  return { kind: "engine", message };
}
