/** Progress in a terminal: one line, redrawn in place. */
import { formatDuration, formatRate } from "../../runs/format.ts";
import type { Terminal } from "../terminal.ts";
import { sparkline } from "./sparkline.ts";
import { secondsLeft, type Status } from "../../runs/progress/status.ts";
import type { ProgressView } from "./view.ts";

/** Milliseconds between two drawings at least: at most 10 a second. */
const pause = 100;
const shortestCourse = 4;
const longestCourse = 30;

/** Milliseconds without news after which the time is brought up to date. */
const tick = 1000;

/** What a view knows of time. */
export interface Clock {
  /** Milliseconds from any start. */
  now(): number;
  /** Calls again and again; gives what ends it. */
  every(milliseconds: number, work: () => void): () => void;
}

const usualClock: Clock = {
  now: () => performance.now(),
  every(milliseconds, work) {
    const timer = setInterval(work, milliseconds);
    // It must not keep a command from ending.
    Deno.unrefTimer(timer);
    return () => clearInterval(timer);
  },
};

/** Draws the line, and goes on with its time while one piece takes long. */
export class LiveView implements ProgressView {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  #status: Status | undefined;
  #shownAt = 0;
  #drawnAt = -Infinity;
  #visible = false;
  #stop: (() => void) | undefined;

  constructor(terminal: Terminal, clock: Clock = usualClock) {
    this.#terminal = terminal;
    this.#clock = clock;
  }

  show(status: Status, wait = 0): void {
    const time = this.#clock.now();
    this.#status = status;
    this.#shownAt = time;
    this.#stop ??= this.#clock.every(tick, () => this.#tick());
    if (wait <= 0 && time - this.#drawnAt >= pause) this.#draw();
  }

  clear(): void {
    if (this.#visible) this.#terminal.redraw("");
    this.#visible = false;
  }

  end(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.clear();
  }

  #tick(): void {
    if (this.#clock.now() - this.#drawnAt >= tick) this.#draw();
  }

  #draw(): void {
    const status = this.#status!;
    const time = this.#clock.now();
    this.#drawnAt = time;
    this.#visible = true;
    // The last column stays free: some terminals wrap once it is filled.
    const line = statusLine(
      later(status, time - this.#shownAt),
      this.#terminal.columns() - 1,
    );
    this.#terminal.redraw(line);
  }
}

/** Whole seconds: more would flicker. */
function formatPassed(seconds: number): string {
  return seconds < 10
    ? `${Math.floor(seconds)} s`
    : formatDuration(Math.floor(seconds));
}

/** A status some milliseconds after it was told. */
function later(status: Status, milliseconds: number): Status {
  const { elapsed } = status;
  return elapsed === undefined
    ? status
    : { ...status, elapsed: elapsed + milliseconds, waited: milliseconds };
}

/**
 * A status in one line of at most `width` columns. What does not fit is left
 * out, the least important first: the course, then the speed, then the time that
 * has passed, then the time left, then the details from the last to the first.
 */
export function statusLine(status: Status, width: number): string {
  const { label, done, total, unit, details, rate, course } = status;
  const left = secondsLeft(status);
  const passed = (status.elapsed ?? 0) / 1000;
  const upTo = status.mayEndEarly ? "at most " : "";
  const parts = [
    { text: `${label} ${done}/${total}`, rank: 0 },
    ...details.map((text, i) => ({ text, rank: 1 + i })),
    { text: rate > 0 ? `${formatRate(rate)} ${unit}/s` : "", rank: 102 },
    {
      text: passed >= 1 ? `${formatPassed(passed)} so far` : "",
      rank: 101,
    },
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
