/** Progress if there is no terminal: a line every tenth of the way. */
import { formatDuration, formatRate } from "../../runs/format.ts";
import type { Terminal } from "../terminal.ts";
import { secondsLeft, type Status } from "../../runs/progress/status.ts";
import type { ProgressView } from "./view.ts";

/** Writes the lines. */
export class PlainView implements ProgressView {
  readonly #terminal: Terminal;
  #tenths = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(status: Status, wait = 0): void {
    if (wait > 0) return;
    const { label, done, total, unit, details, rate } = status;
    const tenths = Math.floor(10 * done / total);
    if (!(tenths > this.#tenths)) return;
    this.#tenths = tenths;
    const left = secondsLeft(status);
    const parts = [
      `${label} ${done}/${total}`,
      ...details,
      ...(rate > 0 ? [`${formatRate(rate)} ${unit}/s`] : []),
      ...(left > 0
        ? [
          `${status.mayEndEarly ? "at most " : ""}${formatDuration(left)} left`,
        ]
        : []),
    ];
    this.#terminal.err(parts.join("  ") + "\n");
  }

  clear(): void {}

  end(): void {}
}
