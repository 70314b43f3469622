/** From what a task file exports to a task. */
import { TaskError } from "../errors.ts";
import { checkTrial } from "./check_trial.ts";
import { defineTask } from "./define.ts";
import type { TaskDefinition } from "./definition.ts";
import { oneLine, shown, withoutColours } from "./shown.ts";
import type { Task, Trial } from "./types.ts";

/** Timings by name, in steps. */
export type Timings = Readonly<Record<string, number | undefined>>;

/**
 * The task of a module: its default export is a task, a definition, or a
 * function from timings to a task (what `defineTask` returns). What comes of a
 * task or a function is not checked here.
 *
 * @param module what importing the file gave
 * @param timing timings that differ from the task's own
 * @throws {TaskError} for anything else, or timings that the task does not have
 */
export function taskOfModule(
  module: Readonly<Record<string, unknown>>,
  timing: Timings = {},
): Task {
  if (!("default" in module)) {
    const others = Object.keys(module);
    throw new TaskError(
      "it has no default export" +
        (others.length ? ` (only ${shown(others)})` : "") +
        ", needed is `export default defineTask({ … })`",
    );
  }
  const exported = module.default;
  if (typeof exported === "function") {
    return exported(timing);
  }
  if (typeof exported !== "object" || exported === null) {
    throw new TaskError(
      `its default export is ${shown(exported)}, needed is ` +
        "`export default defineTask({ … })`",
    );
  }
  if ("layout" in exported) {
    return defineTask(exported as TaskDefinition)(timing);
  }
  const asked = Object.keys(timing).filter((key) => timing[key] !== undefined);
  if (asked.length > 0) {
    throw new TaskError(
      `it exports a task with fixed timings, so ${
        asked.join(", ")
      } cannot be ` +
        "set; export a function of the timings (defineTask makes one)",
    );
  }
  return exported as Task;
}

/**
 * A trial that a task made, checked.
 *
 * @throws {TaskError} for a trial of a wrong shape, or of another condition
 *   than the one that was asked for
 */
export function checkedTrial(
  task: Pick<Task, "name" | "channels" | "conditions" | "steps">,
  trial: Trial,
  condition: string | undefined,
): Trial {
  checkTrial(task, trial);
  if (condition !== undefined && trial.condition !== condition) {
    throw new TaskError(
      `Cannot use a trial of task ${task.name}: asked for condition ` +
        `${shown(condition)}, it is ${shown(trial.condition)}`,
    );
  }
  return trial;
}

/**
 * A thrown value in one line, with the place in the file where it was thrown.
 *
 * @param thrown whatever was thrown
 * @param url address under which the file was run
 */
export function describeThrown(thrown: unknown, url: string): string {
  if (!(thrown instanceof Error)) return oneLine(`it threw ${shown(thrown)}`);
  if (thrown instanceof TaskError) return oneLine(thrown.message);
  const { name, message, stack = "" } = thrown;
  const text = `${name}: ${message}`.split(/\n\s+at /)[0]
    .replaceAll(url, "the file")
    .replace(/^TypeError: (?=SyntaxError)/, "");
  const [, after = ""] = withoutColours(`${message}\n${stack}`).split(url);
  const place = /^:(\d+):(\d+)/.exec(after);
  return oneLine(text) +
    (place ? ` (line ${place[1]}, column ${place[2]})` : "");
}
