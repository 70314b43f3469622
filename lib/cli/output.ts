/**
 * What a command has to say, and where it goes: results to standard output,
 * everything else to standard error.
 */
import { FailureError } from "../runs/errors.ts";
import { toJson } from "../runs/json.ts";
import { LiveView } from "./progress/live_view.ts";
import { PlainView } from "./progress/plain_view.ts";
import type { Reporter } from "../runs/reporter.ts";
import type { Status } from "../runs/progress/status.ts";
import type { ProgressView } from "./progress/view.ts";
import type { Terminal } from "./terminal.ts";

/** How much is said, and how. */
export interface OutputMode {
  /** Errors and results only. */
  readonly quiet: boolean;
  /** One JSON object per line on standard output, instead of text. */
  readonly json: boolean;
}

/** A command's voice. */
export class Output implements Reporter {
  readonly #terminal: Terminal;
  readonly #mode: OutputMode;
  #view: ProgressView | undefined;
  readonly #saved: string[] = [];
  readonly #unwritten: string[] = [];

  constructor(terminal: Terminal, mode: OutputMode) {
    this.#terminal = terminal;
    this.#mode = mode;
  }

  /** Whether JSON is written in place of text. */
  get json(): boolean {
    return this.#mode.json;
  }

  /** A result in words (not with `--json`). */
  result(text: string): void {
    if (this.#mode.json) return;
    this.#view?.clear();
    this.#terminal.out(text + "\n");
  }

  /** A result or an event as data (with `--json` only). */
  event(data: Readonly<Record<string, unknown>>): void {
    if (this.#mode.json) this.#terminal.out(toJson(data) + "\n");
  }

  /**
   * A file that holds a result: an event, and a remark at the end if the one who
   * should have read of it did not.
   */
  saved(path: string, more: Readonly<Record<string, unknown>> = {}): void {
    this.#saved.push(path);
    this.event({ kind: "saved", path, ...more });
  }

  /**
   * Something beside the result cannot be written: said now, without stopping
   * the work, and once more at the end.
   *
   * @param what for the reader to know it by: "the logs in runs/a"
   * @param why as the system says it
   */
  unwritten(what: string, why: string): void {
    const remark = `${what}: ${why.replace(/^Cannot write "(.*?)": /, "$1: ")}`;
    if (this.#unwritten.includes(remark)) return;
    this.#unwritten.push(remark);
    this.problem(`Cannot write ${remark}; the work goes on`);
  }

  /**
   * The command is over: says in one line what was not written.
   *
   * @param failed whether an error is told anyway
   * @throws {FailureError} if the results on standard output were not, though it
   *   had a reader: a full disk
   */
  conclude(failed: boolean): void {
    this.endProgress();
    const out = this.#terminal.lost("out");
    // A reader that has seen enough (`| head`) is news only if files were made.
    if (out && (!out.left || this.#saved.length > 0)) {
      this.#unwritten.push(`standard output: ${out.why}`);
    }
    const err = this.#terminal.lost("err");
    if (err) this.#unwritten.push(`standard error: ${err.why}`);
    if (this.#unwritten.length === 0) return;
    const remark = `Cannot write everything (${this.#unwritten.join("; ")})` +
      (out && this.#saved.length > 0
        ? `; saved ${this.#saved.join(", ")}`
        : "");
    if (out && !out.left && !failed) throw new FailureError(remark);
    this.problem(remark);
    this.event({ kind: "unwritten", what: this.#unwritten });
  }

  /** A remark, not with `--quiet`. */
  note(text: string): void {
    if (this.#mode.quiet) return;
    this.#view?.clear();
    this.#terminal.err(text + "\n");
  }

  /** What the user asked to be told, on standard error, even with `--quiet`. */
  notice(text: string): void {
    this.#view?.clear();
    this.#terminal.err(text + "\n");
  }

  /** Something went wrong with a part of the work, which goes on. */
  problem(text: string): void {
    this.#view?.clear();
    this.#terminal.err(`spikernn: ${text}\n`);
  }

  /**
   * Shows how far the work has come; with `--json` events say it.
   *
   * @param wait milliseconds after which it is worth it: the work may be over
   */
  progress(status: Status, wait = 0): void {
    this.#terminal.status?.(status);
    if (this.#mode.quiet || this.#mode.json) return;
    this.#view ??= this.#terminal.interactive
      ? new LiveView(this.#terminal)
      : new PlainView(this.#terminal);
    this.#view.show(status, wait);
  }

  /** The work that was shown is over; other work may follow. */
  endProgress(): void {
    this.#view?.end();
    this.#view = undefined;
  }
}
