/** The task that a command works on: named by a flag, or by a model's file. */
import { countOf } from "../count.ts";
import { TaskError } from "../errors.ts";
import type { Model } from "../network/records.ts";
import { shorterDelays } from "../tasks/curriculum.ts";
import { taskFingerprint, taskIdentity } from "../tasks/identity.ts";
import { loadTask } from "../tasks/load_task.ts";
import {
  remarkOnTask,
  trialLengths,
  trialSteps,
} from "../formats/model/steps.ts";
import { getTask, tasks } from "../tasks/registry.ts";
import { shown } from "../tasks/shown.ts";
import { isTaskFile, readTaskSource } from "../tasks/task_source.ts";
import type { Task } from "../tasks/types.ts";
import type { taskFlags } from "./common_flags.ts";
import { asUsage, UsageError } from "./errors.ts";
import type { Values } from "../settings/kinds.ts";

/** A task, and whatever runs behind it. */
export interface OpenTask extends Disposable {
  readonly task: Task;
}

type TaskSettings = Values<typeof taskFlags>;

/** The task that is trained if none is named. */
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
 * The file that the model names is shown, never loaded: a model may come from
 * others.
 *
 * @param onRemark called if it is doubtful that this is the model's task
 * @throws {UsageError} if neither says which task it is, or another task has
 *   the name of the one that the model was trained on
 */
export async function openTaskOf(
  model: Model,
  settings: TaskSettings,
  onRemark?: (remark: string) => void,
): Promise<OpenTask> {
  const opened = settings.task === undefined
    ? await openTrained(model, settings)
    : await openNamed(model, settings);
  const remark = onRemark && remarkOnTask(model, opened.task);
  if (remark) {
    onRemark(`${remark} (--task, and --T, --timing, … name it)`);
  }
  return opened;
}

/** Opens the task that a model was trained on. */
async function openTrained(
  model: Model,
  settings: TaskSettings,
): Promise<OpenTask> {
  const trained = model.task;
  if (!trained) {
    throw new UsageError(
      "Cannot tell the task: the file does not say it, name it by --task",
    );
  }
  const { name, timing } = trained;
  const own = ownTaskOf(model);
  if (own || !Object.hasOwn(tasks, name)) {
    throw new UsageError(
      `Cannot find task ${JSON.stringify(name)}, on which the model was ` +
        `trained: ${
          own ?? "it is not a built-in task"
        }; name its file by --task ` +
        "FILE.ts",
    );
  }
  const changed = { ...timing, ...timingsOf(settings) };
  return await asUsage(() => ({ task: getTask(name, changed), ...nothing }));
}

/**
 * Opens the task that the flags name for a model. The one that it was trained on
 * has the timings that it had then, unless others are given.
 */
async function openNamed(
  model: Model,
  settings: TaskSettings,
): Promise<OpenTask> {
  const named = settings.task!;
  const trained = model.task;
  if (isTaskFile(named) && trained?.fingerprint) {
    const { sha256 } = await asUsage(() => readTaskSource(named));
    const { file, timing, fingerprint } = trained;
    if (
      sha256 === file?.sha256 || await sameTrials(settings, timing, fingerprint)
    ) return await openTimed(settings, { ...timing, ...timingsOf(settings) });
  }
  const opened = await openTask(settings);
  const why = mistaken(model, named, opened.task);
  if (why === undefined) return opened;
  opened[Symbol.dispose]();
  throw new UsageError(why);
}

/** Why a task is not the one of its name that a model was trained on, if so. */
function mistaken(
  model: Model,
  named: string,
  { name, file }: Task,
): string | undefined {
  if (model.task?.name !== name) return undefined;
  const own = ownTaskOf(model);
  if (!file) {
    return own &&
      `Cannot use the built-in task ${name}: the model was trained on ` +
        `another one of this name, ${own}; name its file by --task FILE.ts`;
  }
  if (own) {
    // What older versions wrote says no more than that it was a file's.
    return model.task.fingerprint &&
      `Cannot use task ${named}: the model was trained on another one of the ` +
        `name ${name}, ${own}; this file has SHA-256 ` +
        `${file.sha256.slice(0, 12)}… and makes other trials. Name the ` +
        "model's file, or give this file's task another name";
  }
  // Files of other programs do not say whose task it was.
  return model.provenance &&
    `Cannot use task ${named}: the model was trained on the built-in task ` +
      `${name}; leave out --task, or give the file's task another name`;
}

/** Whether a task file makes the trials that a model was trained on. */
async function sameTrials(
  settings: TaskSettings,
  timing: Readonly<Record<string, number>>,
  fingerprint: string,
): Promise<boolean> {
  try {
    using then = await openTimed(settings, timing);
    return await taskFingerprint(then.task) === fingerprint;
  } catch (error) {
    // It may not have these timings any more.
    if (error instanceof UsageError || error instanceof TaskError) return false;
    throw error;
  }
}

/** What a model says of a task of your own; nothing if it was a built-in one. */
function ownTaskOf({ task, provenance }: Model): string | undefined {
  const trainedOn = provenance?.settings.task;
  const hint = typeof trainedOn === "string" && isTaskFile(trainedOn)
    ? trainedOn
    : undefined;
  if (task?.file) {
    const { path, sha256 } = task.file;
    return `that of the file ${shown(path)}, SHA-256 ` +
      `${sha256.slice(0, 12)}…`;
  }
  if (hint !== undefined) return `that of the file ${shown(hint)}`;
  return task?.fingerprint ? "one that a program defined" : undefined;
}

/**
 * A model that says its task: if its file (of the original, say) does not know
 * one, the task that it did. That is certain if trials had that length when the
 * network was trained; if nothing says how long they were, the flags have to name
 * it. What is not certain is not said.
 */
export async function sayingTask(
  model: Model,
  task: Task,
  { task: named }: Pick<TaskSettings, "task">,
): Promise<Model> {
  if (model.task && !model.task.guessed) return model;
  const { name, timing, steps } = task;
  const known = trialSteps(model);
  const certain = known === undefined
    ? named !== undefined && trialLengths(model).size === 0
    : known === steps;
  return certain
    ? { ...model, task: { name, timing, ...await taskIdentity(task) } }
    : model;
}

/** Timings that were given, by name. */
function timingsOf(
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
 * @throws {UsageError} if the task cannot be timed that way
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
        `${error.message}; with a delay of ${
          countOf(timing.delay, "step")
        } it was to be ` +
          "learned first, --curriculum none leaves that out",
        { cause: error },
      );
    }
  }
  const all = opened.move();
  return { tasks, [Symbol.dispose]: () => all.dispose() };
}

const nothing = { [Symbol.dispose]() {} };
