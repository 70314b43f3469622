/** Progress in a terminal: one line, redrawn in place. */
import { formatDuration, formatRate } from "../format.ts";
import type { ProgressView } from "../output.ts";
import type { Terminal } from "../terminal.ts";
import { sparkline } from "./sparkline.ts";
import { secondsLeft, type Status } from "./status.ts";

/** Milliseconds between two drawings at least: at most 10 a second. */
const pause = 100;
const eraseLine = "\r\x1b[2K";
const shortestCourse = 4;
const longestCourse = 30;

/** Draws the line. */
export class LiveView implements ProgressView {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  #drawnAt = -Infinity;
  #visible = false;

  /** @param now milliseconds from any start */
  constructor(
    terminal: Terminal,
    now: () => number = () => performance.now(),
  ) {
    this.#terminal = terminal;
    this.#now = now;
  }

  show(status: Status): void {
    const time = this.#now();
    if (time - this.#drawnAt < pause) return;
    this.#drawnAt = time;
    this.#visible = true;
    // The last column stays free: some terminals wrap once it is filled.
    const line = statusLine(status, this.#terminal.columns() - 1);
    this.#terminal.err(eraseLine + line);
  }

  clear(): void {
    if (this.#visible) this.#terminal.err(eraseLine);
    this.#visible = false;
  }
}

/**
 * A status in one line of at most `width` columns. What does not fit is left
 * out, the least important first: the course, then the speed, then the time
 * left, then the details from the last to the first.
 */
export function statusLine(status: Status, width: number): string {
  const { label, done, total, unit, details, rate, course } = status;
  const left = secondsLeft(status);
  const upTo = status.mayEndEarly ? "at most " : "";
  const parts = [
    { text: `${label} ${done}/${total}`, rank: 0 },
    ...details.map((text, i) => ({ text, rank: 1 + i })),
    { text: rate > 0 ? `${formatRate(rate)} ${unit}/s` : "", rank: 101 },
    {
      text: left >= 0 ? `${upTo}${formatDuration(left)} left` : "",
      rank: 100,
    },
  ].filter(({ text }) => text !== "");
  const chosen = new Set<string>();
  let used = -2;
  for (const { text } of parts.toSorted((a, b) => a.rank - b.rank)) {
    if (used + 2 + text.length > width) break;
    chosen.add(text);
    used += 2 + text.length;
  }
  if (chosen.size === 0) return parts[0].text.slice(0, Math.max(0, width));
  const line = parts.filter(({ text }) => chosen.has(text))
    .map(({ text }) => text).join("  ");
  const room = Math.min(longestCourse, width - line.length - 2);
  if (!course || room < shortestCourse) return line;
  return `${line}  ${sparkline(course, room)}`.trimEnd();
}
