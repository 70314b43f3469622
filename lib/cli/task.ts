/** The task that a command works on: named by a flag, or by a model's file. */
import type { Model } from "../network/records.ts";
import { shorterDelays } from "../tasks/curriculum.ts";
import { loadTask } from "../tasks/load_task.ts";
import { getTask, tasks } from "../tasks/registry.ts";
import { isTaskFile } from "../tasks/task_source.ts";
import type { Task } from "../tasks/types.ts";
import type { taskFlags } from "./common_flags.ts";
import { asUsage, UsageError } from "./errors.ts";
import type { Values } from "../settings/kinds.ts";

/** A task, and whatever runs behind it. */
export interface OpenTask extends Disposable {
  readonly task: Task;
}

type TaskSettings = Values<typeof taskFlags>;

/** The task that is trained where none is named. */
export const usualTask = "go-nogo";

/**
 * Opens the task that the flags name, with the timings that they give.
 *
 * @throws {UsageError} for an unknown task, a file that defines none, or timings
 *   that do not fit
 */
export async function openTask(settings: TaskSettings): Promise<OpenTask> {
  return await openTimed(settings, timingsOf(settings));
}

async function openTimed(
  settings: TaskSettings,
  timing: Readonly<Record<string, number>>,
): Promise<OpenTask> {
  const name = settings.task ?? usualTask;
  return await asUsage(async () => {
    if (!isTaskFile(name)) return { task: getTask(name, timing), ...nothing };
    const task = await loadTask(name, { trust: settings.trust_task, timing });
    return { task, [Symbol.dispose]: () => task.close() };
  });
}

/**
 * Opens the task that a model was trained on, unless the flags name another.
 *
 * @throws {UsageError} where neither says which task it is
 */
export async function openTaskOf(
  model: Model,
  settings: TaskSettings,
): Promise<OpenTask> {
  if (settings.task !== undefined) return await openTask(settings);
  if (!model.task) {
    throw new UsageError(
      "Cannot tell the task: the file does not say it, name it by --task",
    );
  }
  const { name, timing } = model.task;
  if (!Object.hasOwn(tasks, name)) {
    throw new UsageError(
      `Cannot find task ${JSON.stringify(name)}, on which the model was ` +
        "trained: name its file by --task FILE.ts",
    );
  }
  const changed = { ...timing, ...timingsOf(settings) };
  return await asUsage(() => ({ task: getTask(name, changed), ...nothing }));
}

/**
 * A model that says its task: the one that it was told to do, where its file (of
 * the original, say) does not know one.
 */
export function sayingTask(model: Model, { name, timing }: Task): Model {
  return { ...model, task: model.task ?? { name, timing } };
}

/** Timings that were given, by name. */
export function timingsOf(
  { T, stim_on, stim_dur, delay, timing }: Omit<TaskSettings, "task">,
): Record<string, number> {
  const further = (timing ?? []).map((pair) => {
    const [name, steps] = pair.split("=");
    return [name, Number(steps)] as const;
  });
  const named = Object.entries({ T, stim_on, stim_dur, delay })
    .filter((entry): entry is [string, number] => entry[1] !== undefined);
  const all = [...named, ...further];
  const twice = all.find(([name], i) => all.findIndex(([n]) => n === name) < i);
  if (twice) {
    throw new UsageError(`Cannot time the task: ${twice[0]} is given twice`);
  }
  return Object.fromEntries(all);
}

/**
 * Opens easier forms of a task that is open, with shorter delays; none for a task
 * without one.
 *
 * @throws {UsageError} where the task cannot be timed that way
 */
export async function openCurriculum(
  settings: TaskSettings,
  task: Task,
  delays: readonly number[],
): Promise<Disposable & { readonly tasks: readonly Task[] }> {
  using opened = new DisposableStack();
  const tasks: Task[] = [];
  for (const timing of shorterDelays(task, delays)) {
    try {
      tasks.push(opened.use(await openTimed(settings, timing)).task);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw new UsageError(
        `${error.message}; with a delay of ${timing.delay} steps it was to be ` +
          "learned first, --curriculum none leaves that out",
        { cause: error },
      );
    }
  }
  const all = opened.move();
  return { tasks, [Symbol.dispose]: () => all.dispose() };
}

const nothing = { [Symbol.dispose]() {} };
