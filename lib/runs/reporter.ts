/**
 * To whom a use case speaks: the command line prints it, a sweep keeps what it
 * needs, a page draws it. Nothing here knows a terminal.
 */
import type { Status } from "./progress/status.ts";

/** What listens to a use case. Every call returns at once and never throws. */
export interface Reporter {
  /**
   * Asks the work to stop once it is aborted. If there is none, the system's
   * signals do (Ctrl-C).
   */
  readonly stop?: AbortSignal;
  /** An event or a result, as data. */
  event(data: Readonly<Record<string, unknown>>): void;
  /** A result in words. */
  result(text: string): void;
  /** A remark: of interest, nothing to do. */
  note(text: string): void;
  /** What was asked to be told, however little else is. */
  notice(text: string): void;
  /** Something went wrong with a part of the work, which goes on. */
  problem(text: string): void;
  /** A file that holds a result is written. */
  saved(path: string, more?: Readonly<Record<string, unknown>>): void;
  /**
   * Something beside the result cannot be written; the work goes on.
   *
   * @param what for the reader to know it by: "the logs in runs/a"
   * @param why as the system says it
   */
  unwritten(what: string, why: string): void;
  /**
   * How far the work has come.
   *
   * @param wait milliseconds for which nothing needs to be shown yet
   */
  progress(status: Status, wait?: number): void;
  /** The work that was shown is over; other work may follow. */
  endProgress(): void;
}

/** Keeps events of the kinds that are asked for; words go nowhere. */
export class EventKeeper implements Reporter {
  /** The events, in order. */
  readonly events: Readonly<Record<string, unknown>>[] = [];
  readonly #kinds: ReadonlySet<string>;

  /**
   * @param kinds of events to keep
   * @param stop asks the work to stop, in place of the system's signals
   */
  constructor(kinds: Iterable<string>, readonly stop?: AbortSignal) {
    this.#kinds = new Set(kinds);
  }

  event(data: Readonly<Record<string, unknown>>): void {
    if (this.#kinds.has(String(data.kind))) this.events.push(data);
  }

  saved(path: string, more: Readonly<Record<string, unknown>> = {}): void {
    this.event({ kind: "saved", path, ...more });
  }

  result(): void {}
  note(): void {}
  notice(): void {}
  problem(): void {}
  unwritten(): void {}
  progress(): void {}
  endProgress(): void {}
}
