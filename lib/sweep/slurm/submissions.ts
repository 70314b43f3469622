/**
 * What was submitted, in the folder of the sweep: a folder for each array with
 * its tasks, its script, its output, and the number of its job.
 */
import { join } from "node:path";
import { z } from "zod";
import { writeAtomic } from "../../formats/atomic.ts";
import type { TaskPoints } from "./arrays.ts";

/** An array that was submitted, or was about to be. */
export interface Submission {
  /** Name of its job and of its folder: no other array of any sweep has it. */
  readonly name: string;
  /** Its folder, an absolute path. */
  readonly folder: string;
  /** Number of its job; absent if whoever submitted it did not live to see it. */
  job?: string;
  /** Points of each of its tasks. */
  readonly tasks: readonly TaskPoints[];
  /** Its tasks that may run at once. */
  readonly throttle?: number;
}

const schema = z.object({
  job: z.string().regex(/^\d+$/).optional(),
  throttle: z.number().int().min(1).optional(),
  ended: z.boolean(),
});

/** Folder of all submissions of a sweep. */
export function submissionsFolder(sweep: string): string {
  return join(sweep, "slurm");
}

/** A name for an array that will not come again. */
export function newName(): string {
  return `spikernn-${crypto.randomUUID().slice(0, 13)}`;
}

/**
 * Writes all of a submission before it is submitted: whatever happens next, a
 * later run finds the job by its name.
 *
 * @param script text of its script, from the path of its file of tasks
 */
export async function prepareSubmission(
  submission: Submission,
  script: (tasksFile: string) => string,
): Promise<void> {
  const { folder, tasks } = submission;
  await Deno.mkdir(join(folder, "logs"), { recursive: true });
  const tasksFile = join(folder, "tasks");
  await write(tasksFile, tasks.map((ids) => ids.join(" ") + "\n").join(""));
  await write(join(folder, "job.sh"), script(tasksFile));
  await recordSubmission(submission, false);
}

/** Writes a submission's job, and whether any of its tasks is still of interest. */
export async function recordSubmission(
  { folder, job, throttle }: Submission,
  ended: boolean,
): Promise<void> {
  const record: z.infer<typeof schema> = { job, throttle, ended };
  await write(join(folder, "submission.json"), JSON.stringify(record) + "\n");
}

/** Submissions of a sweep that have not ended as far as is known. */
export async function openSubmissions(sweep: string): Promise<Submission[]> {
  const all = submissionsFolder(sweep);
  const found: Submission[] = [];
  for (const name of await listFolders(all)) {
    const folder = join(all, name);
    const record = await readRecord(folder);
    if (!record || record.ended) continue;
    const { job, throttle } = record;
    found.push({ name, folder, job, throttle, tasks: await readTasks(folder) });
  }
  return found.sort((a, b) => Number(a.job ?? 0) - Number(b.job ?? 0));
}

/** File of what a task prints. */
export function logOf(submission: Submission, task: number): string {
  return join(submission.folder, "logs", `${task}.log`);
}

async function readRecord(folder: string) {
  try {
    const text = await Deno.readTextFile(join(folder, "submission.json"));
    return schema.parse(JSON.parse(text));
  } catch (error) {
    // Its writer was stopped before it had submitted anything.
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function readTasks(folder: string): Promise<TaskPoints[]> {
  const text = await Deno.readTextFile(join(folder, "tasks"));
  return text.trimEnd().split("\n").map((line) => line.split(" "));
}

async function listFolders(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (entry.isDirectory) names.push(entry.name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names;
}

async function write(path: string, text: string): Promise<void> {
  await writeAtomic(path, new TextEncoder().encode(text));
}
