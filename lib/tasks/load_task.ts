/** A task of the user's own, from a file. */
import { TaskError } from "../errors.ts";
import { runtime, runtimeText } from "../platform/runtime.ts";
import { checkTaskData, type TaskData } from "./check_task.ts";
import {
  checkedTrial,
  describeThrown,
  taskOfModule,
  type Timings,
} from "./from_module.ts";
import { shown } from "./shown.ts";
import { readTaskSource } from "./task_source.ts";
import type { Task } from "./types.ts";

/** Options of loading a task file. */
export interface LoadTaskOptions {
  /**
   * Whether to run the file with the program's own permissions; it may then
   * import anything. Defaults to false.
   */
  readonly trust?: boolean;
  /** Timings that differ from the task's own, in steps. */
  readonly timing?: Timings;
  /**
   * Time limit for loading, and for each request for trials, ms. Defaults to
   * 10,000.
   */
  readonly timeoutMs?: number;
  /**
   * Called with each line that the sandboxed file writes to the console, with
   * the file's name before it. By default lines go to standard error.
   */
  readonly print?: (line: string) => void;
}

/** A task from a file. */
export interface LoadedTask extends Task, Disposable {
  /** Ends the task's sandbox, which otherwise ends once it is idle. */
  close(): void;
}

/**
 * Loads a task from a TypeScript or JavaScript file. Its default export is what
 * `defineTask` returns (or a definition, a task, or a function from timings to
 * a task).
 *
 * If it is not trusted, the file's code runs without permissions, in a process
 * of its own if this program may start one, else in a worker. It has the
 * language and nothing else: it reaches no files, no network and no process,
 * imports only this package, and is ended when it hangs. Its trials come from
 * `trials` (use `drawTrials`, which works for every task); `trial` is not
 * available. Everything that it makes is checked. The sandbox needs Deno and
 * its feature `worker-options` (`--unstable-worker-options`, or `"unstable"` in
 * deno.json).
 *
 * @param specifier path or `file:` address of the file
 * @param options trust, timings
 * @returns the task
 * @throws {TaskError} naming the file and what is wrong with it
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { drawTrials, loadTask, randomStream } from "@spikernn/spikernn";
 * const path = Deno.makeTempFileSync({ suffix: ".ts" });
 * Deno.writeTextFileSync(
 *   path,
 *   `import { defineTask } from "@spikernn/spikernn";
 *    export default defineTask({
 *      name: "hold",
 *      description: "Hold the sign of a pulse.",
 *      timing: { T: 100 },
 *      channels: ["pulse"],
 *      conditions: ["up", "down"],
 *      layout: ({ T }) => ({ stimuli: { pulse: [10, 20] }, response: [50, T] }),
 *      trial({ condition, channel, target, timing }) {
 *        const sign = condition === "up" ? 1 : -1;
 *        channel("pulse").fill(sign, 10, 20);
 *        target.fill(sign, 50, timing.T);
 *      },
 *    });`,
 * );
 * using task = await loadTask(path, { timing: { T: 60 } });
 * const [trial] = await drawTrials(task, randomStream(1), { count: 1 });
 * assert(trial.inputs.length === 60 && trial.target[59] !== 0);
 * Deno.removeSync(path);
 * ```
 */
export async function loadTask(
  specifier: string,
  { trust = false, timing = {}, timeoutMs = 10_000, print = console.error }:
    LoadTaskOptions = {},
): Promise<LoadedTask> {
  const source = await readTaskSource(specifier);
  const file = { sha256: source.sha256, path: specifier };
  if (trust) {
    return { ...await trustedTask(specifier, source.url, timing), file };
  }
  if (runtime !== "deno") {
    throw new TaskError(
      `Cannot load task ${specifier}: ${runtimeText()} has no sandbox for code ` +
        "that is not trusted, only Deno has; `trust: true` runs the file with " +
        "the program's own rights",
    );
  }
  // Loaded when it is needed: it is for Deno alone.
  const { Sandbox } = await import("./sandbox.ts");
  const sandbox = new Sandbox(source, {
    specifier,
    timing,
    timeoutMs,
    print: (line) => print(line),
  });
  const data = await sandbox.load();
  const close = () => sandbox.close();
  return {
    ...data,
    file,
    trial() {
      throw new TaskError(
        `Cannot make a trial of task ${specifier} at once: it runs in a ` +
          "sandbox, drawTrials() makes its trials",
      );
    },
    trials: (requests) =>
      sandbox.trials(requests.map(({ random, condition }) => ({
        key: random.key,
        condition,
      }))),
    close,
    [Symbol.dispose]: close,
  };
}

async function trustedTask(
  specifier: string,
  url: string,
  timing: Timings,
): Promise<LoadedTask> {
  const named = <T>(doing: string, thrown: unknown): T => {
    throw new TaskError(
      `Cannot ${doing} task ${specifier}: ${describeThrown(thrown, url)}`,
      { cause: thrown },
    );
  };
  let task: Task;
  let data: TaskData;
  try {
    task = taskOfModule(await import(url), timing);
    data = checkTaskData(task);
    if (typeof task.trial !== "function") {
      throw new TaskError(
        `Cannot use task ${data.name}: its trial is ${shown(task.trial)}, a ` +
          "function is needed",
      );
    }
  } catch (error) {
    return named("load", error);
  }
  const close = () => {};
  return {
    ...data,
    trial(random, condition) {
      try {
        return checkedTrial(data, task.trial(random, condition), condition);
      } catch (error) {
        return named("make a trial of", error);
      }
    },
    close,
    [Symbol.dispose]: close,
  };
}
