/** A terminal that remembers what was written. */
import { eraseLine, type Terminal } from "../../lib/cli/terminal.ts";

/** What was written, and the terminal that did. */
export interface FakeTerminal extends Terminal {
  readonly written: { out: string; err: string };
}

export function fakeTerminal(
  { interactive = false, columns = 80 }: {
    interactive?: boolean;
    columns?: number;
  } = {},
): FakeTerminal {
  const written = { out: "", err: "" };
  return {
    written,
    interactive,
    columns: () => columns,
    lost: () => undefined,
    out(text) {
      written.out += text;
    },
    err(text) {
      written.err += text;
    },
    redraw(line) {
      written.err += eraseLine + line;
    },
  };
}
