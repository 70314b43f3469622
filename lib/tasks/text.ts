/** A trial as text, for a terminal. */
import { brailleCurve } from "./braille.ts";
import type { Expectation, Task, Trial, Window } from "./types.ts";

/** Narrowest drawing, in characters. */
const narrowest = 40;
/** Longest name beside a curve. */
const longestName = 14;
/** Room for a number and the axis. */
const scaleWidth = 6;

/**
 * Draws a trial as lines of text: every input channel, the target, the windows
 * in which a rate network's output is scored, and the time.
 *
 * @param task the task
 * @param trial one of its trials
 * @param width characters in a line. Defaults to 80
 * @returns lines joined by line breaks, without colours and without trailing
 * spaces
 * @throws {RangeError} for a width that is not a whole number of 40 or more
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { randomStream } from "@spikernn/spikernn";
 * import { drawTrialAsText, xor } from "@spikernn/spikernn/tasks";
 * const task = xor();
 * const text = drawTrialAsText(task, task.trial(randomStream(1), "same:++"));
 * assert(text.split("\n").every((line) => line.length <= 80));
 * ```
 */
export function drawTrialAsText(task: Task, trial: Trial, width = 80): string {
  if (!(Number.isInteger(width) && width >= narrowest)) {
    throw new RangeError(
      `Cannot draw a trial ${width} characters wide: ` +
        `allowed are whole numbers from ${narrowest}`,
    );
  }
  const { channels, steps, windows } = task;
  const names = [...channels, "target", "strict"].map((name) => name.length);
  const nameWidth = Math.min(longestName, Math.max(...names));
  const columns = width - nameWidth - scaleWidth - 1;
  const curves = [...channels, "target"].flatMap((name, c) =>
    curve(
      name,
      c < channels.length
        ? trial.inputs.subarray(c * steps, (c + 1) * steps)
        : trial.target,
      nameWidth,
      columns,
    )
  );
  const indent = " ".repeat(nameWidth + 1);
  const bar = (name: string, window: Window) =>
    fitted(name, nameWidth) + " " + " ".repeat(scaleWidth) +
    windowBar(window, steps, columns);
  return [
    headline(trial, width),
    ...curves,
    bar("paper", windows.paper),
    bar("strict", windows.strict),
    ...timeAxis(steps * task.stepMs, columns)
      .map((line) => indent + " ".repeat(scaleWidth) + line),
  ].map((line) => line.trimEnd()).join("\n");
}

/** The condition at the left, what makes an output correct at the right. */
function headline({ condition, expects }: Trial, width: number): string {
  const rule = describeExpectation(expects);
  const space = width - condition.length - rule.length;
  return space > 0 ? condition + " ".repeat(space) + rule : condition;
}

/** What makes an output correct, in words. */
function describeExpectation(expects: Expectation): string {
  if ("within" in expects) {
    return `output to stay within ±${expects.within}`;
  }
  return `output to go ${expects.reach > 0 ? "above" : "below"} ` +
    expects.reach;
}

function curve(
  name: string,
  values: Float32Array,
  nameWidth: number,
  columns: number,
): string[] {
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  const extent = Math.max(Math.abs(least), Math.abs(most)) || 1;
  const low = least < 0 ? -extent : 0;
  const rows = least < 0 ? 3 : 2;
  const labels = least < 0 ? [extent, 0, -extent] : [extent, 0];
  return brailleCurve(values, { columns, rows }, [low, extent])
    .map((line, row) =>
      fitted(row === 0 ? name : "", nameWidth) + " " +
      `${axisNumber(labels[row]).padStart(scaleWidth - 2)} ┤` + line
    );
}

/** At most four characters. */
function axisNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1000) return String(value);
  const size = Math.abs(value);
  if (size >= 1000 || size < 0.01) return value.toExponential(0).slice(0, 4);
  return value.toFixed(size < 1 ? 2 : 1).replace(/^(-?)0\./, "$1.").slice(0, 4);
}

function windowBar({ from, to }: Window, steps: number, columns: number) {
  const start = Math.min(columns - 1, Math.floor(from * columns / steps));
  const end = Math.max(start + 1, Math.round(to * columns / steps));
  return " ".repeat(start) + "━".repeat(end - start);
}

/** Ticks at round times, and their numbers below. */
function timeAxis(duration: number, columns: number): [string, string] {
  const spacing = tickSpacing(duration, columns);
  const axis = Array.from({ length: columns + 1 }, () => "─");
  let numbers = "";
  for (let k = 0; k * spacing <= duration * (1 + 1e-9); k++) {
    const time = k * spacing;
    const at = Math.round(time / duration * (columns - 1));
    axis[at] = k === 0 ? "├" : at === columns - 1 ? "┤" : "┼";
    const text = `${Number(time.toPrecision(6))}${k === 0 ? " ms" : ""}`;
    // A number stands under its tick, pushed left where the line ends.
    const start = Math.min(
      k === 0 ? 0 : at - Math.floor(text.length / 2),
      columns - text.length,
    );
    if (numbers.length === 0 || start > numbers.length) {
      numbers = numbers.padEnd(start) + text;
    }
  }
  return [axis.slice(0, columns).join(""), numbers];
}

/** The smallest round spacing at which ticks have room for their numbers. */
function tickSpacing(duration: number, columns: number): number {
  const ticks = Math.max(1, Math.floor(columns / 12));
  const magnitude = 10 ** Math.floor(Math.log10(duration / ticks));
  const fits = [1, 2, 2.5, 5, 10].find((n) =>
    n * magnitude * ticks >= duration
  );
  return (fits ?? 10) * magnitude;
}

function fitted(name: string, width: number): string {
  return name.length > width
    ? name.slice(0, width - 1) + "…"
    : name.padEnd(width);
}
