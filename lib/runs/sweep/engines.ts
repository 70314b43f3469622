/** The engines by their names. */
import { countOf } from "../../count.ts";
import {
  localEngine,
  type PointWorker,
  webPointWorker,
} from "../../sweep/local.ts";
import type { Engine, Point } from "../../sweep/types.ts";
import { FailureError } from "../errors.ts";
import type { Values } from "../../settings/kinds.ts";
import { readableFor, slurmEngine } from "../../sweep/slurm/engine.ts";
import { readSlurmOptions } from "../../sweep/slurm/options.ts";
import { checkSlurmPath } from "../../sweep/slurm/script.ts";
import type { engineFlags } from "./flags.ts";
import { workersWithin } from "./sizes.ts";
import { inThisThread } from "./in_thread.ts";
import { program } from "../../program.ts";
import { may } from "../../platform/system.ts";
import { fromFileUrl, resolve } from "../../platform/paths.ts";
import { runtime, runtimeText } from "../../platform/runtime.ts";
import { processors } from "../../platform/threads.ts";

/** What an engine needs to know of the sweep. */
export interface EngineSweep {
  /** Its folder. */
  readonly folder: string;
  readonly points: readonly Point[];
  readonly trials: number;
  /** SHA-256 of task files that run with the program's permissions. */
  readonly trusted?: readonly string[];
  /** The plan's table for SLURM. */
  readonly slurm?: unknown;
}

/**
 * Opens the engine that the flags name.
 *
 * @throws {RangeError} for a SLURM table that is not allowed, whatever the
 *   engine, or a path that SLURM cannot take
 */
export function openEngine(
  { engine, workers, cancel }: Pick<
    Values<typeof engineFlags>,
    "engine" | "workers" | "cancel"
  >,
  { folder, points, trials, slurm, trusted }: EngineSweep,
): Engine {
  // A plan that is tried here first is found wrong here, not on the cluster.
  const options = readSlurmOptions(slurm);
  if (engine === "slurm") {
    [resolve(folder), ...readableFor(points)].forEach(checkSlurmPath);
    return slurmEngine(options, {
      onAbort: cancel ? "cancel" : "detach",
      trusted,
    });
  }
  if (runtime === "deno") {
    return localEngine({
      trials,
      trusted,
      workers: workers ?? workersWithin(processors(), points),
      makeWorker: startWorker,
    });
  }
  // A program in one file has no module that a worker could start from.
  if (workers !== undefined && workers !== 1) {
    throw new RangeError(
      `Cannot run points on ${
        countOf(workers, "worker")
      }: ${runtimeText()} runs them in ` +
        "the program's own thread, allowed is workers: 1 (several programs may " +
        "each run a plan of their own)",
    );
  }
  return localEngine({ trials, trusted, workers: 1, makeWorker: inThisThread });
}

function startWorker(): PointWorker {
  const paths = program.modules.filter((url) => url.startsWith("file:"))
    .map(fromFileUrl);
  const readable = paths.every((path) => may("read", path));
  // The runtime would say so as well, once a worker and a point.
  if (!readable) {
    throw new FailureError(
      "Cannot run points in workers: they load the program's own files, " +
        `which needs --allow-read=${paths.join(",")}`,
    );
  }
  return webPointWorker(
    new Worker(program.sweepWorker, { type: "module", name: "sweep" }),
  );
}
