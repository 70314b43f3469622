/** Who watches a run beside the terminal: a live page, logs. */
import { basename, join } from "node:path";
import type { RunControl } from "../dashboard/control.ts";
import type { Feed } from "../dashboard/feed.ts";
import type { Dashboard, Limits } from "../dashboard/server.ts";
import { fileTrouble, makeFreeFolder } from "../formats/atomic.ts";
import { logEvent } from "../records/log_event.ts";
import type { LogEvent } from "../records/log_lines.ts";
import type { Progress } from "../records/events.ts";
import { FailureError } from "./errors.ts";
import type { Values } from "../settings/kinds.ts";
import type { Interruption } from "./interrupt.ts";
import { messageOf } from "./messages.ts";
import type { Reporter } from "./reporter.ts";
import { prepareFolder } from "./resources.ts";
import { watchFlags } from "./watch_flags.ts";

/** Everything that watches a command's runs. */
export interface Watch {
  /** The work begins; from now on it can be steered. */
  attach(interruption: Interruption): void;
  /**
   * Another run begins.
   *
   * @param name of the run, and of its logs
   * @param place path of what it is about, which tells runs of one name apart
   */
  run(name: string, place?: string): Promise<WatchedRun>;
  /** Nothing more comes. */
  close(): Promise<void>;
}

/** Everything that watches one run. */
export interface WatchedRun {
  /** Whether there is anybody to tell of it. */
  readonly heard: boolean;
  /** Takes an event; resolves once the run may go on. */
  listen(event: Progress): Promise<void>;
  /** The result is saved. */
  saved(path: string): Promise<void>;
  /** The run failed. */
  failed(error: unknown): Promise<void>;
  /** Nothing more comes of this run. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** A log that is being written. */
interface OpenLog {
  add(event: LogEvent): Promise<void>;
  close(): Promise<void>;
}

/** Something that takes the events of a run one by one. */
interface Watcher {
  add(event: LogEvent): void | Promise<void>;
}

/**
 * Opens what the flags ask for; what they do not ask for is not even loaded.
 *
 * @param flags which watchers
 * @param output where the page's address is told
 * @throws {FailureError} if the page cannot be served, or, when a run begins,
 *   its log not be written
 */
export async function openWatch(
  flags: Values<typeof watchFlags>,
  output: Reporter,
): Promise<Watch> {
  if (flags.port !== watchFlags.port.fallback && !flags.dashboard) {
    output.note("--port: no effect without --dashboard");
  }
  const live = flags.dashboard ? await openLive(flags.port) : undefined;
  let runs = 0;

  /** The first run says what hinders its logs before it begins; later ones go on. */
  async function logsOf(name: string) {
    if (flags.log_dir === undefined) return undefined;
    try {
      return await openLogs(flags.log_dir, name, output);
    } catch (error) {
      if (runs === 0) throw error;
      output.unwritten(`the logs of ${name}`, messageOf(error));
      return undefined;
    } finally {
      runs++;
    }
  }
  if (live) output.notice(`live page: ${live.url}`);
  return {
    attach({ stop, signal }) {
      live?.control.attach(stop, signal);
    },
    async run(name, place) {
      const logs = await logsOf(name);
      const watchers = [logs, live?.run(logs?.name ?? name, place)]
        .filter((watcher) => watcher !== undefined);

      /** A watcher that fails costs what it shows, never the run. */
      async function tell(event: LogEvent): Promise<void> {
        for (const watcher of watchers) {
          try {
            await watcher.add(event);
          } catch (error) {
            output.unwritten(`what watches ${name}`, messageOf(error));
          }
        }
      }
      return {
        heard: watchers.length > 0,
        async listen(event) {
          if (watchers.length === 0) return;
          const told = logEvent(event);
          if (told) await tell(told);
          await live?.control.gate();
        },
        saved: (path) => tell({ kind: "saved", path }),
        failed: (error) => tell({ kind: "failed", error: messageOf(error) }),
        async [Symbol.asyncDispose]() {
          await logs?.close();
        },
      };
    },
    async close() {
      try {
        await live?.close();
      } catch (error) {
        output.unwritten("the live page", messageOf(error));
      }
    },
  };
}

interface Live {
  readonly url: string;
  readonly control: RunControl;
  run(name: string, place?: string): Watcher;
  close(): Promise<void>;
}

async function openLive(port: number): Promise<Live> {
  const [{ Feed }, { RunControl }] = await Promise.all([
    import("../dashboard/feed.ts"),
    import("../dashboard/control.ts"),
  ]);
  const feed = new Feed();
  const control = new RunControl((state) =>
    feed.tell({ kind: "control", ...state })
  );
  const board = await serve(feed, { port, control });
  return {
    url: board.url,
    control,
    run(name, place) {
      const run = feed.addRun(name, place);
      return {
        add(event) {
          feed.add(run, { ...event, time: Date.now() / 1000 });
        },
      };
    },
    async close() {
      control.detach();
      await board.close();
    },
  };
}

/**
 * Serves a page, and says in one line what hinders it.
 *
 * @throws {FailureError} without the permission, or if the port is taken
 */
export async function serve(
  feed: Feed,
  options: {
    readonly port: number;
    readonly control?: RunControl;
    readonly limits?: Partial<Limits>;
  },
): Promise<Dashboard> {
  const { serveDashboard } = await import("../dashboard/server.ts");
  try {
    return serveDashboard(feed, options);
  } catch (error) {
    const why = error instanceof Deno.errors.NotCapable
      ? "the permission was not given, run deno with --allow-net=127.0.0.1"
      : error instanceof Deno.errors.AddrInUse
      ? `port ${options.port} is in use, allowed is a free one (0 takes any)`
      : error instanceof Deno.errors.PermissionDenied
      ? `port ${options.port} is not for this user, allowed are those above 1023`
      : undefined;
    if (why === undefined) throw error;
    throw new FailureError(`Cannot serve the live page: ${why}`, {
      cause: error,
    });
  }
}

/**
 * The run log and TensorBoard's file, in a sub-folder of their own. A disk that
 * is full ends the logs, not the run.
 */
async function openLogs(
  folder: string,
  name: string,
  output: Reporter,
): Promise<Watcher & { readonly name: string; close(): Promise<void> }> {
  const [{ RunLog }, { TensorBoardLog }] = await Promise.all([
    import("../records/run_log.ts"),
    import("../records/tensorboard.ts"),
  ]);
  await prepareFolder(folder);
  const place = await makeFreeFolder(join(folder, fileName(name)));
  const seconds = Math.floor(Date.now() / 1000);
  const shown = basename(place);
  const run = await RunLog.create(join(place, "run.jsonl"), shown, Date.now);
  let logs: readonly OpenLog[];
  try {
    logs = [
      run,
      await TensorBoardLog.create(
        join(place, `events.out.tfevents.${seconds}.spikernn`),
        Date.now,
      ),
    ];
  } catch (error) {
    await run.close();
    throw error;
  }
  let broken = false;

  async function attempt(work: () => Promise<unknown>): Promise<void> {
    if (broken) return;
    try {
      await work();
    } catch (error) {
      broken = true;
      output.unwritten(`the logs in ${place}`, fileTrouble(error));
    }
  }

  return {
    name: shown,
    add: (event) =>
      attempt(async () => {
        for (const log of logs) await log.add(event);
      }),
    async close() {
      // Each is closed, whatever became of the other.
      for (const log of logs) {
        await log.close().catch((error) =>
          attempt(() => Promise.reject(error))
        );
      }
    },
  };
}

/** A name without what could lead out of the folder or upset a file system. */
function fileName(name: string): string {
  return name.replace(/[^\w.-]+/g, "_").replace(/^\.+/, "_").slice(0, 100);
}
