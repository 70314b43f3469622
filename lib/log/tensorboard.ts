/** A run's numbers as TensorBoard reads them. */
import { scalarsRecord, versionRecord } from "../formats/tfevents.ts";
import type { LogEvent } from "./types.ts";

/** Milliseconds after which what was gathered is written. */
const patience = 1000;

/** Bytes that are gathered before they are written. */
const gathered = 64_000;

/** An event file that is being written. */
export class TensorBoardLog {
  readonly #file: Deno.FsFile;
  readonly #clock: () => number;
  #pending: Uint8Array[] = [];
  #size = 0;
  #written: number;

  private constructor(file: Deno.FsFile, clock: () => number) {
    this.#file = file;
    this.#clock = clock;
    this.#written = clock();
  }

  /**
   * Starts a new file.
   *
   * @param path its name must have `tfevents` in it, by which TensorBoard knows it
   * @param clock milliseconds since 1970
   * @throws {Deno.errors.AlreadyExists} if it exists
   */
  static async create(
    path: string,
    clock: () => number,
  ): Promise<TensorBoardLog> {
    const file = await Deno.open(path, { write: true, createNew: true });
    const log = new TensorBoardLog(file, clock);
    log.#push(versionRecord(clock() / 1000));
    await log.flush();
    return log;
  }

  /** Adds the numbers of an event, if it has any. */
  async add(event: LogEvent): Promise<void> {
    const found = scalarsOf(event);
    if (!found) return;
    const now = this.#clock();
    const scalars: Record<string, number> = {};
    for (const [tag, value] of Object.entries(found.scalars)) {
      if (value !== null) scalars[tag] = value;
    }
    this.#push(scalarsRecord(now / 1000, found.step, scalars));
    if (
      event.kind !== "trained" || this.#size >= gathered ||
      now - this.#written >= patience
    ) await this.flush();
  }

  /** Writes what was gathered. */
  async flush(): Promise<void> {
    this.#written = this.#clock();
    const bytes = new Uint8Array(this.#size);
    let end = 0;
    for (const record of this.#pending) {
      bytes.set(record, end);
      end += record.length;
    }
    this.#pending = [];
    this.#size = 0;
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

  #push(record: Uint8Array): void {
    this.#pending.push(record);
    this.#size += record.length;
  }
}

/** What of an event is a number over steps; factors count as steps one by one. */
function scalarsOf(event: LogEvent) {
  switch (event.kind) {
    case "trained":
      return {
        step: event.update,
        scalars: {
          "training/loss": event.loss,
          "training/gradient_norm": event.gradientNorm,
        },
      };
    case "evaluated": {
      const { loss, paper, strict, outputError } = event.score;
      return {
        step: event.update,
        scalars: {
          "evaluation/loss": loss,
          "evaluation/performance_paper": paper,
          "evaluation/performance_strict": strict,
          "evaluation/output_error": outputError,
        },
      };
    }
    case "factor": {
      const { paper, strict, outputError } = event.score;
      return {
        step: event.done,
        scalars: {
          "search/factor": event.factor,
          "search/performance_paper": paper,
          "search/performance_strict": strict,
          "search/output_error": outputError,
        },
      };
    }
  }
}
