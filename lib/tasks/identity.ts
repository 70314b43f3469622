/** Which task it is, beyond its name: two may have the same. */
import { TaskError } from "../errors.ts";
import { sha256 } from "../platform/hash.ts";
import { randomStream } from "../random/stream.ts";
import { drawTrials } from "./draw.ts";
import { getTask, tasks } from "./registry.ts";
import type { Task, TaskFile } from "./types.ts";

/** What a model records of a task that is not a built-in one. */
export interface TaskIdentity {
  /** Stands for the trials that it makes. */
  readonly fingerprint?: string;
  /** The file that it came from. */
  readonly file?: TaskFile;
}

/**
 * A short text that stands for the trials that a task makes: it changes with a
 * change of the task's code or timings.
 */
export async function taskFingerprint(task: Task): Promise<string> {
  const random = randomStream(0).fork("fingerprint");
  const parts: (string | Uint8Array<ArrayBuffer>)[] = [];
  const trials = await drawTrials(task, random, { first: 0, count: 8 });
  for (const { condition, inputs, target, expects } of trials) {
    parts.push(JSON.stringify([condition, expects]));
    // Copies: the buffer may be one that is shared.
    for (const { buffer, byteOffset, byteLength } of [inputs, target]) {
      parts.push(new Uint8Array(buffer, byteOffset, byteLength).slice());
    }
  }
  parts.push(JSON.stringify([task.stopping, task.windows]));
  return await sha256(...parts);
}

/** What tells a task from others of its name; nothing for a built-in one. */
export async function taskIdentity(task: Task): Promise<TaskIdentity> {
  const fingerprint = await taskFingerprint(task);
  const { file } = task;
  if (file) return { fingerprint, file };
  return fingerprint === await builtInFingerprint(task) ? {} : { fingerprint };
}

/** That of the built-in task with a task's name and timings, if there is one. */
async function builtInFingerprint(
  { name, timing }: Task,
): Promise<string | undefined> {
  if (!Object.hasOwn(tasks, name)) return undefined;
  let builtIn: Task;
  try {
    builtIn = getTask(name, timing);
  } catch (error) {
    if (error instanceof TaskError) return undefined;
    throw error;
  }
  return await taskFingerprint(builtIn);
}
