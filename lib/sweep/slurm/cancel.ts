/** Takes the tasks of a sweep out of a cluster. */
import { setTimeout as sleep } from "node:timers/promises";
import { resolve } from "node:path";
import { BackendError } from "../../errors.ts";
import type { SweepEvent } from "../types.ts";
import { SlurmAwayError, type SlurmClient } from "./client.ts";
import { commandClient } from "./commands.ts";
import {
  openSubmissions,
  recordSubmission,
  type Submission,
} from "./submissions.ts";
import { seenAs } from "./watch.ts";

/** How long cancelled tasks are waited for, s: SLURM gives them 30 s to end. */
const longestWait = 60;

/**
 * Cancels all that a sweep has in the queue. Tasks that run are told to stop and
 * keep what they have; running the sweep again goes on from there.
 *
 * Needs permission to run `scancel` and `squeue`, and to read and write the
 * folder of the sweep.
 *
 * @param folder of the sweep
 * @returns what happened; nothing if nothing was in the queue
 * @throws {BackendError} if the controller does not answer
 */
export async function cancelSlurm(
  folder: string,
  client: SlurmClient = commandClient(),
): Promise<SweepEvent[]> {
  const submissions = await openSubmissions(resolve(folder));
  try {
    return await cancelJobs(client, submissions);
  } catch (error) {
    if (!(error instanceof SlurmAwayError)) throw error;
    throw new BackendError(
      `Cannot cancel the jobs of ${folder}: SLURM does not answer ` +
        `(${error.message}); the same command tries again`,
      { cause: error },
    );
  }
}

/**
 * Cancels arrays, and waits for their tasks to end.
 *
 * @throws {SlurmAwayError} if the controller does not answer
 */
export async function cancelJobs(
  client: SlurmClient,
  submissions: readonly Submission[],
): Promise<SweepEvent[]> {
  const names = submissions.map(({ name }) => name);
  if (names.length === 0) return [];
  let live = await liveJobs(client, names);
  await client.cancel(live);
  const cancelled = live;
  const end = performance.now() + longestWait * 1000;
  while (live.length > 0 && performance.now() < end) {
    await sleep(500);
    live = await liveJobs(client, names);
  }
  if (live.length === 0) {
    for (const submission of submissions) {
      await recordSubmission(submission, true);
    }
  }
  const events: SweepEvent[] = [];
  if (cancelled.length > 0) {
    events.push(say(`cancelled ${listOf(cancelled)}`));
  }
  if (live.length > 0) {
    events.push(say(
      `${listOf(live)} still ${live.length > 1 ? "have" : "has"} tasks that ` +
        "end; run the sweep again once they have",
    ));
  }
  return events;
}

/** Jobs with tasks that wait or run. */
async function liveJobs(
  client: SlurmClient,
  names: readonly string[],
): Promise<string[]> {
  const rows = await client.queue(names);
  const live = rows.filter((row) =>
    names.includes(row.name) && seenAs(row) !== "ended"
  );
  return [...new Set(live.map(({ job }) => job))];
}

function listOf(jobs: readonly string[]): string {
  return `job${jobs.length > 1 ? "s" : ""} ${jobs.join(", ")}`;
}

function say(message: string): SweepEvent {
  return { kind: "engine", message };
}
