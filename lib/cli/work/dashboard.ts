/** What `dashboard` does. */
import { Feed } from "../../dashboard/feed.ts";
import { findLogs, FollowedLog } from "../../records/follow_log.ts";
import type { Invocation } from "../command.ts";
import { FailureError } from "../../runs/errors.ts";
import { interruptible } from "../../runs/interrupt.ts";
import type { Output } from "../output.ts";
import { serve } from "../../runs/watch.ts";
import { type dashboardFlags, mostRuns } from "../flags/dashboard.ts";

/** Shows run logs. */
export async function run(
  { flags, operands, output }: Invocation<typeof dashboardFlags>,
): Promise<void> {
  const feed = new Feed();
  const runs = new Map<string, Followed | undefined>();
  await look(operands, feed, runs, output);
  if (runs.size === 0) {
    output.notice(
      `no run logs in ${operands.join(", ")} yet: waiting for them`,
    );
  }
  const board = await serve(feed, { port: flags.port });
  output.notice(`live page: ${board.url}`);
  output.event({ kind: "serving", url: board.url });
  try {
    await interruptible(
      ({ signal }) => follow(operands, feed, runs, signal, output),
      {
        output,
        next: "the page is closed",
      },
    );
  } finally {
    await board.close();
  }
}

/** Milliseconds from one look at the logs to the next. */
const lookEvery = 500;

/** Milliseconds after which a log that is not written to has no news. */
const quietAfter = 300_000;

interface Followed {
  readonly run: number;
  readonly log: FollowedLog;
  /** Said once: that it cannot be read. */
  troubled?: boolean;
  /** When it was last written to, if that has been told. */
  quietSince?: number;
}

/** Looks for logs, and at them, until it is stopped. */
async function follow(
  folders: readonly string[],
  feed: Feed,
  runs: Map<string, Followed | undefined>,
  signal: AbortSignal,
  output: Output,
): Promise<void> {
  while (!signal.aborted) {
    for (const followed of runs.values()) {
      if (!followed) continue;
      try {
        for await (const lines of followed.log.added()) {
          for (const line of lines) feed.add(followed.run, line);
          if (signal.aborted) return;
        }
        followed.troubled = false;
        tellQuiet(followed, feed);
      } catch (error) {
        if (followed.troubled) continue;
        followed.troubled = true;
        output.problem(
          `Cannot read ${followed.log.path}: ${
            error instanceof Error ? error.message : error
          }; trying again`,
        );
      }
    }
    await pause(lookEvery, signal);
    await look(folders, feed, runs, output).catch(() => {});
  }
}

/** Tells once that a log has not been written to for a while. */
function tellQuiet(followed: Followed, feed: Feed): void {
  const { writtenAt } = followed.log;
  if (writtenAt === undefined || writtenAt === followed.quietSince) return;
  if (Date.now() - writtenAt < quietAfter) return;
  followed.quietSince = writtenAt;
  feed.quiet(followed.run, writtenAt / 1000);
}

/**
 * Adds logs that are not followed yet, as long as there is room; says once of
 * each of the others that it is not shown.
 *
 * @throws {FailureError} for a folder that does not exist
 */
async function look(
  folders: readonly string[],
  feed: Feed,
  runs: Map<string, Followed | undefined>,
  output: Output,
): Promise<void> {
  for (const folder of folders) {
    let paths: string[];
    try {
      paths = await findLogs(folder);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw new FailureError(
        `Cannot show ${folder}: there is no such folder, a folder with run ` +
          "logs is needed (train --log_dir writes them)",
        { cause: error },
      );
    }
    for (const path of paths) {
      if (runs.has(path)) continue;
      if (runs.size >= mostRuns) {
        runs.set(path, undefined);
        output.problem(
          `Cannot show ${path} as well: the page has ${mostRuns} runs, the ` +
            "most there are; a new page shows the newest, or that folder alone",
        );
        continue;
      }
      const log = new FollowedLog(path);
      runs.set(path, { run: feed.addRun(log.name, path), log });
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}
