/** Where a command writes: standard output and standard error. */

import { fileTrouble } from "../formats/trouble.ts";
import { printable, printableLine } from "../printable.ts";
import type { Status } from "../runs/progress/status.ts";

/** Why a stream takes nothing more: what is written to it since then is dropped. */
export interface Loss {
  /** Its reader went away or stopped reading; else it could not be written. */
  readonly left: boolean;
  /** As the system says it, in our words. */
  readonly why: string;
}

/**
 * The two streams, and what is known of the terminal behind the second. Writing
 * never throws: work must not end because nobody can read of it.
 */
export interface Terminal {
  /** What a stream could not take, if it took not everything. */
  lost(stream: "out" | "err"): Loss | undefined;
  /** Writes to standard output. */
  out(text: string): void;
  /** Writes to standard error. */
  err(text: string): void;
  /** Writes a line of standard error in place of the one that the cursor is in. */
  redraw(line: string): void;
  /** Whether standard error is a terminal, where a line can be redrawn. */
  readonly interactive: boolean;
  /** Columns of the terminal, 80 where it does not say. */
  columns(): number;
  /**
   * Takes how far the work has come, in place of text, if a program listens
   * there; whatever the flags say.
   */
  status?(status: Status): void;
}

/** To the line's begin, and what stands in it away. */
export const eraseLine = "\r\x1b[2K";

/** Columns assumed where the terminal says none. */
const usualColumns = 80;

/** The terminal of this process. */
export function openTerminal(): Terminal {
  const out = new PatientWriter(Deno.stdout);
  const err = new PatientWriter(Deno.stderr);
  return {
    lost: (stream) => (stream === "out" ? out : err).loss,
    // The one place where text leaves for a terminal: no order is in it but ours.
    out: (text) => out.write(printable(text)),
    err: (text) => err.write(printable(text)),
    redraw: (line) => err.write(eraseLine + printableLine(line)),
    interactive: Deno.stderr.isTerminal() && !isDumb(),
    columns() {
      try {
        // Some terminals (and emulations of them) say 0.
        return Deno.consoleSize().columns || usualColumns;
      } catch {
        return usualColumns;
      }
    },
  };
}

/**
 * Whether the terminal says that it cannot move its cursor. It says so in the
 * environment, which is looked at only if that is permitted already.
 */
function isDumb(): boolean {
  const term = { name: "env", variable: "TERM" } as const;
  return Deno.permissions.querySync(term).state === "granted" &&
    Deno.env.get("TERM") === "dumb";
}

/** Milliseconds between two attempts to write to a reader that is busy. */
const pause = 10;

/** Milliseconds without a byte taken after which a reader counts as gone. */
const patience = 60_000;

/**
 * Writes text whole. A reader that takes its time is waited for; one that went
 * away (`| head`, a closed terminal) or a disk that is full ends the writing, not
 * the work: what would have been written is dropped.
 */
export class PatientWriter {
  readonly #stream: { writeSync(bytes: Uint8Array): number };
  readonly #patience: number;
  #loss: Loss | undefined;

  /**
   * @param stream where to write
   * @param wait milliseconds without a byte taken that are waited
   */
  constructor(
    stream: { writeSync(bytes: Uint8Array): number },
    wait: number = patience,
  ) {
    this.#stream = stream;
    this.#patience = wait;
  }

  /** Why nothing more is written; undefined as long as all was. */
  get loss(): Loss | undefined {
    return this.#loss;
  }

  /** Writes a text, or drops it. */
  write(text: string): void {
    let bytes = encoder.encode(text);
    let waited = 0;
    while (!this.#loss && bytes.length > 0) {
      try {
        bytes = bytes.subarray(this.#stream.writeSync(bytes));
        waited = 0;
      } catch (error) {
        if (error instanceof Deno.errors.Interrupted) continue;
        if (isBusy(error) && waited < this.#patience) {
          // Streams that do not block, as `ssh` and some programs leave them.
          Atomics.wait(sleeper, 0, 0, pause);
          waited += pause;
          continue;
        }
        this.#loss = lossOf(error);
      }
    }
  }
}

const encoder = new TextEncoder();

/** Nobody wakes it. */
const sleeper = new Int32Array(new SharedArrayBuffer(4));

function isBusy(error: unknown): boolean {
  return error instanceof Deno.errors.WouldBlock;
}

function lossOf(error: unknown): Loss {
  if (error instanceof Deno.errors.BrokenPipe) {
    return { left: true, why: "its reader went away" };
  }
  if (isBusy(error)) return { left: true, why: "its reader takes nothing" };
  const trouble = fileTrouble(error);
  return /os error 5\b/.test(trouble)
    ? { left: true, why: "its terminal went away" }
    : { left: false, why: trouble };
}
