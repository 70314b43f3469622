/** The engines by their names on the command line. */
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { localEngine } from "../../sweep/local.ts";
import type { Engine, Point } from "../../sweep/types.ts";
import { FailureError } from "../../runs/errors.ts";
import type { Values } from "../../settings/kinds.ts";
import type { Output } from "../output.ts";
import { readableFor, slurmEngine } from "../../sweep/slurm/engine.ts";
import { cancelSlurm } from "../../sweep/slurm/cancel.ts";
import { readSlurmOptions } from "../../sweep/slurm/options.ts";
import { checkSlurmPath } from "../../sweep/slurm/script.ts";
import type { engineFlags } from "./flags.ts";
import { workersWithin } from "./sizes.ts";
import { program } from "../../program.ts";

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
  { engine, workers, cancel }: Values<typeof engineFlags>,
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
  return localEngine({
    trials,
    trusted,
    workers: workers ??
      workersWithin(availableParallelism(), points),
    makeWorker: startWorker,
  });
}

function startWorker(): Worker {
  const paths = program.modules.filter((url) => url.startsWith("file:"))
    .map((url) => fileURLToPath(url));
  const readable = paths.every((path) =>
    Deno.permissions.querySync({ name: "read", path }).state === "granted"
  );
  // The runtime would say so as well, once a worker and a point.
  if (!readable) {
    throw new FailureError(
      "Cannot run points in workers: they load the program's own files, " +
        `which needs --allow-read=${paths.join(",")}`,
    );
  }
  return new Worker(program.sweepWorker, { type: "module", name: "sweep" });
}

/** Takes back what a sweep has in a cluster's queue. */
export async function cancelSweep(
  folder: string,
  output: Output,
): Promise<void> {
  const events = await cancelSlurm(folder);
  for (const event of events) {
    output.event({ ...event });
    if (event.kind === "engine") output.result(event.message);
  }
  if (events.length === 0) output.result("nothing of the sweep is queued");
}
