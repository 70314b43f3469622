/**
 * What to make of a task. A state proves nothing: tasks are seen as completed
 * that wrote no result, as running whose node has died, as waiting that have
 * ended. So a task is only given up if nothing has moved for a while.
 */
import type { QueueRow } from "./client.ts";

/** What the queue says of a task, in few words. */
export type Seen =
  /** It waits, or is stopped for others. */
  | "waiting"
  /** It waits for what will never come. */
  | "stuck"
  | "running"
  | "ended"
  /** The queue does not know it: it ended long ago, or never began. */
  | "absent";

/** What to do about a task. */
export type Verdict = "wait" | "over" | "cancel";

/** How long to wait for a sign of life, s. */
export interface Patience {
  /** Of a task that has ended, for its result to be seen here. */
  readonly settle: number;
  /** Of a task that runs; 0 for ever. */
  readonly heartbeat: number;
}

const waiting = new Set([
  "PENDING",
  "CONFIGURING",
  "REQUEUED",
  "REQUEUE_FED",
  "SUSPENDED",
  "STOPPED",
]);

const running = new Set([
  "RUNNING",
  "COMPLETING",
  "SIGNALING",
  "RESIZING",
  "STAGE_OUT",
]);

const stuck = new Set(["SPECIAL_EXIT", "REQUEUE_HOLD", "RESV_DEL_HOLD"]);

/** Reasons of a job that SLURM will not start again by itself. */
const stuckReason =
  /launch[ _]failed[ _]requeued[ _]held|JobHoldMaxRequeue|DependencyNeverSatisfied/i;

/** What a row of the queue says; undefined stands for no row. */
export function seenAs(row: QueueRow | undefined): Seen {
  if (!row) return "absent";
  if (stuck.has(row.state)) return "stuck";
  if (waiting.has(row.state)) {
    return stuckReason.test(row.reason) ? "stuck" : "waiting";
  }
  return running.has(row.state) ? "running" : "ended";
}

/**
 * Whether to wait for a task, to take it as over, or to cancel it first since it
 * may hold a place without doing anything.
 *
 * @param seen what the queue says
 * @param quiet s since anything about it last changed: what the queue says, or
 *   the files of its points
 */
export function judge(seen: Seen, quiet: number, patience: Patience): Verdict {
  switch (seen) {
    case "waiting":
      return "wait";
    case "stuck":
      return "cancel";
    case "running":
      return patience.heartbeat > 0 && quiet >= patience.heartbeat
        ? "cancel"
        : "wait";
    case "ended":
    case "absent":
      return quiet >= patience.settle ? "over" : "wait";
  }
}

/** Reasons to wait that are nobody's business. */
const usual =
  /^(None|Priority|Resources|JobArrayTaskLimit|BeginTime|Cleaning|Prolog|)$/;

/** Why jobs wait, where it is worth a line: a held job, a limit, a bad request. */
export function waitingReasons(rows: readonly QueueRow[]): string[] {
  return [
    ...new Set(
      rows.filter(({ state, reason }) =>
        state === "PENDING" && !usual.test(reason)
      ).map(({ reason }) => reason),
    ),
  ].sort();
}
