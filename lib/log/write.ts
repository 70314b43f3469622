/** Writes a run's log, one JSON object a line. */
import { type LogEvent, type LogLine, logVersion } from "./types.ts";

/** Text that is gathered before it is written, in characters. */
const gathered = 64_000;

/** Milliseconds after which what was gathered is written. */
const patience = 1000;

/** A log that is being written. */
export class RunLog {
  readonly #file: Deno.FsFile;
  readonly #clock: () => number;
  #pending = "";
  #written: number;

  private constructor(file: Deno.FsFile, clock: () => number) {
    this.#file = file;
    this.#clock = clock;
    this.#written = clock();
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
    const file = await Deno.open(path, { write: true, createNew: true });
    const log = new RunLog(file, clock);
    await log.add({ kind: "run", version: logVersion, name });
    await log.flush();
    return log;
  }

  /**
   * Adds an event. Many small ones are written together, once a second; the
   * others at once, for those who follow.
   */
  async add(event: LogEvent): Promise<void> {
    const now = this.#clock();
    const line: LogLine = { ...event, time: now / 1000 };
    this.#pending += JSON.stringify(line) + "\n";
    if (
      event.kind !== "trained" || this.#pending.length >= gathered ||
      now - this.#written >= patience
    ) await this.flush();
  }

  /** Writes what was gathered. */
  async flush(): Promise<void> {
    this.#written = this.#clock();
    const bytes = new TextEncoder().encode(this.#pending);
    this.#pending = "";
    for (let at = 0; at < bytes.length;) {
      at += await this.#file.write(bytes.subarray(at));
    }
  }

  /** Writes what was gathered and closes the file. */
  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      this.#file.close();
    }
  }
}
