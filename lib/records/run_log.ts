/** Writes a run's log, one JSON object a line. */
import { GatheredFile } from "./gathered_file.ts";
import type { Progress } from "./events.ts";
import { logEvent } from "./log_event.ts";
import { type LogEvent, type LogLine, logVersion } from "./log_lines.ts";

/** A log that is being written. */
export class RunLog {
  readonly #file: GatheredFile<string>;
  readonly #clock: () => number;

  private constructor(file: GatheredFile<string>, clock: () => number) {
    this.#file = file;
    this.#clock = clock;
  }

  /**
   * Starts a log in a new file.
   *
   * @param path of the file, which must not exist
   * @param name of the run
   * @param clock milliseconds since 1970
   * @throws {Deno.errors.AlreadyExists} if it exists
   */
  static async create(
    path: string,
    name: string,
    clock: () => number,
  ): Promise<RunLog> {
    const log = new RunLog(await GatheredFile.create(path, clock), clock);
    await log.add({ kind: "run", version: logVersion, name });
    return log;
  }

  /**
   * Adds an event. Many small ones are written together, once a second; the
   * others at once, for those who follow.
   */
  async add(event: LogEvent): Promise<void> {
    const line: LogLine = { ...event, time: this.#clock() / 1000 };
    await this.#file.add(JSON.stringify(line) + "\n", {
      atOnce: event.kind !== "trained",
    });
  }

  /** Writes what was gathered. */
  flush(): Promise<void> {
    return this.#file.flush();
  }

  /** Writes what was gathered and closes the file. */
  close(): Promise<void> {
    return this.#file.close();
  }
}

/** A run log that a program writes. */
export interface WrittenRunLog {
  /** Adds an event, unless it is a checkpoint, which logs do not keep. */
  listen(event: Progress): Promise<void>;
  /** Records where the result was saved; the run is over. */
  saved(path: string): Promise<void>;
  /** Records why there is no result; the run is over. */
  failed(reason: string): Promise<void>;
  /** Writes what was gathered and closes the file. */
  close(): Promise<void>;
}

/**
 * Starts the log of a run, which the live page and `readRunLog` read.
 *
 * @param path of the file, which must not exist; the live page looks for
 * `run.jsonl`
 * @param name of the run
 * @returns a log that takes the events
 * @throws an error of the system if the file exists or cannot be made
 */
export async function openRunLog(
  path: string,
  name: string,
): Promise<WrittenRunLog> {
  const log = await RunLog.create(path, name, Date.now);
  return {
    async listen(event) {
      const line = logEvent(event);
      if (line) await log.add(line);
    },
    saved: (path) => log.add({ kind: "saved", path }),
    failed: (error) => log.add({ kind: "failed", error }),
    close: () => log.close(),
  };
}
