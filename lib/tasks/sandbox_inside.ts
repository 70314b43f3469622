/**
 * The inside of the sandbox: runs beside the task file, with nothing but the
 * language around them, and answers in text. The file's code may tamper with
 * all of it, so that whatever it answers is checked again outside.
 */
import { streamOfKey } from "../random/stream.ts";
import { checkedTrial, describeThrown, taskOfModule } from "./from_module.ts";
import { shown } from "./shown.ts";
import type { Task, Trial } from "./types.ts";

/** Most lines that are kept of what the file's code writes to the console. */
const mostLines = 1000;

let lines: string[] = [];
let task: Task;

/** Puts a console in place that keeps what is written to it. */
export function install(): void {
  const write = (...values: unknown[]) => {
    if (lines.length >= mostLines) return;
    const texts = values.map((value) =>
      typeof value === "string"
        ? value
        : value instanceof Error
        ? String(value)
        : shown(value)
    );
    lines.push(texts.join(" ").slice(0, 10_000));
  };
  const methods = ["log", "info", "debug", "warn", "error", "trace", "dir"];
  Object.defineProperty(globalThis, "console", {
    value: Object.fromEntries(methods.map((method) => [method, write])),
    configurable: true,
    writable: true,
  });
}

/** What was written to the console since it was last asked for. */
function taken(): string[] {
  const said = lines;
  lines = [];
  return said;
}

/** The answer for code that was ended, or that failed outside of the calls below. */
export function failed(message: string): string {
  return JSON.stringify({ kind: "failed", message, said: taken() });
}

/** The answer for whatever the file's code threw. */
export function threw(thrown: unknown, url: string): string {
  return failed(describeThrown(thrown, url));
}

/** The task of the file's module, as data. */
export function load(
  module: Readonly<Record<string, unknown>>,
  timing: string,
  url: string,
): string {
  try {
    task = taskOfModule(module, JSON.parse(timing));
    const { trial } = Object(task);
    const flaw = typeof trial === "function"
      ? undefined
      : `its trial is ${shown(trial)}, a function is needed`;
    return JSON.stringify({ kind: "loaded", task, flaw, said: taken() });
  } catch (error) {
    return threw(error, url);
  }
}

/** Trials of the task. */
export function trials(requests: string, url: string): string {
  try {
    const made = (JSON.parse(requests) as { key: number; condition?: string }[])
      .map(({ key, condition }) => {
        const trial = checkedTrial(
          task,
          task.trial(streamOfKey(key), condition),
          condition,
        );
        return bitsOf(trial);
      });
    return JSON.stringify({ kind: "trials", trials: made, said: taken() });
  } catch (error) {
    return threw(error, url);
  }
}

function bitsOf({ condition, inputs, target, expects }: Trial) {
  // A copy lies at the begin of its buffer.
  const bits = (values: Float32Array) => [
    ...new Int32Array(values.slice().buffer),
  ];
  const expected = "reach" in expects
    ? { reach: expects.reach }
    : { within: expects.within };
  return {
    condition,
    inputs: bits(inputs),
    target: bits(target),
    expects: expected,
  };
}
