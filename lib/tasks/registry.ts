/** The built-in tasks, by name. */
import { TaskError } from "../errors.ts";
import { afc } from "./afc.ts";
import { delayedResponse } from "./delayed_response.ts";
import { dms } from "./dms.ts";
import { goNogo } from "./go_nogo.ts";
import { mante } from "./mante.ts";
import { nearest } from "./nearest.ts";
import type { Task } from "./types.ts";
import { xor } from "./xor.ts";
import { xorOriginal } from "./xor_original.ts";

/** Makes a task from timings, given by name. */
export type NamedTaskFactory = (
  timing?: Readonly<Record<string, number | undefined>>,
) => Task;

/**
 * The built-in tasks: the function that makes each, by name.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { tasks } from "@spikernn/spikernn";
 * for (const makeTask of Object.values(tasks)) {
 *   assert(makeTask().conditions.length >= 2);
 * }
 * ```
 */
export const tasks: Readonly<Record<string, NamedTaskFactory>> = Object.freeze({
  "go-nogo": goNogo,
  mante,
  xor,
  "xor-original": xorOriginal,
  dms,
  afc,
  "delayed-response": delayedResponse,
});

/**
 * A built-in task by name.
 *
 * @param name of the task, as in {@linkcode tasks}
 * @param timing timings that differ from the task's own, in steps
 * @returns the task
 * @throws {TaskError} for an unknown name (the message lists those there are)
 *   or timings that do not fit
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { getTask } from "@spikernn/spikernn";
 * assert(getTask("go-nogo", { stim_dur: 10 }).windows.paper.from === 60);
 * ```
 */
export function getTask(
  name: string,
  timing?: Readonly<Record<string, number | undefined>>,
): Task {
  if (Object.hasOwn(tasks, name)) return tasks[name](timing);
  const names = Object.keys(tasks);
  const near = nearest(name, names);
  throw new TaskError(
    `Cannot find task ${JSON.stringify(name)}: the tasks are ` +
      names.join(", ") + (near ? ` (did you mean ${near}?)` : "") +
      "; a task of your own is the path of a .ts file",
  );
}
