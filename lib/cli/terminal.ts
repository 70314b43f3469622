/** Where a command writes: standard output and standard error. */

import { fileTrouble } from "../formats/atomic.ts";
import { FailureError } from "./errors.ts";
import { printable, printableLine } from "./printable.ts";

/** The two streams, and what is known of the terminal behind the second. */
export interface Terminal {
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
}

/** To the line's begin, and what stands in it away. */
export const eraseLine = "\r\x1b[2K";

/** Columns assumed where the terminal says none. */
export const usualColumns = 80;

/** The terminal of this process. */
export function openTerminal(): Terminal {
  const out = writerTo(Deno.stdout);
  const err = writerTo(Deno.stderr);
  return {
    // The one place where text leaves for a terminal: no order is in it but ours.
    out: (text) => out(printable(text)),
    err: (text) => err(printable(text)),
    redraw: (line) => err(eraseLine + printableLine(line)),
    interactive: Deno.stderr.isTerminal(),
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
 * A reader that goes away (`| head`) must not cost a run its result: what it
 * would have read is dropped.
 */
function writerTo(
  stream: { writeSync(bytes: Uint8Array): number },
): (text: string) => void {
  const encoder = new TextEncoder();
  let closed = false;
  return (text) => {
    let bytes = encoder.encode(text);
    while (!closed && bytes.length > 0) {
      try {
        bytes = bytes.subarray(stream.writeSync(bytes));
      } catch (error) {
        closed = true;
        if (error instanceof Deno.errors.BrokenPipe) return;
        throw new FailureError(
          `Cannot write what was found out: ${fileTrouble(error)}`,
          { cause: error },
        );
      }
    }
  };
}
