/** Writes a run's log, one JSON object a line. */
import { GatheredFile } from "./gathered_file.ts";
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
