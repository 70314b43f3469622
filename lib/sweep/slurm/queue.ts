/** Reads what SLURM's clients print: plain formats, since JSON changes with the version. */
import type { ClusterLimits, QueueRow, TaskRange } from "./client.ts";

/** Format of `squeue` that `parseQueue` reads; only the last field may have any text. */
export const queueFormat = "%i|%T|%j|%N|%r";

/**
 * Reads the lines of `squeue --noheader --format=…`.
 *
 * `12_3` is a task; `12_[3-8,10%2]` are tasks that wait together; so are all
 * that are not listed by themselves where the list ends in dots; a plain `12`
 * is an array cancelled before it was split.
 *
 * @param text of `squeue`
 * @returns a row a line; lines of another form (warnings) are left out
 */
export function parseQueue(text: string): QueueRow[] {
  return text.split("\n").flatMap((line) => {
    const [id, state, name, node, ...reason] = line.trim().split("|");
    const parts = id.match(/^(\d+)(?:_(?:(\d+)|\[([^\]]*)\]?))?$/);
    if (!parts || !state || name === undefined || node === undefined) return [];
    const [, job, task, list] = parts;
    return [{
      job,
      name,
      tasks: task !== undefined
        ? [range(task, task)]
        : list === undefined || list.includes("...")
        ? "rest"
        : parseTasks(list),
      state,
      node: node === "(null)" ? "" : node,
      reason: reason.join("|"),
    }];
  });
}

/**
 * Finds the rows of tasks.
 *
 * @param rows of one job; where several name a task, the first one counts
 * @returns gives the row of a task by its number; undefined if there is none
 */
export function rowFinder(
  rows: readonly QueueRow[],
): (task: number) => QueueRow | undefined {
  // Of an array of thousands, each task may have a row of its own.
  const single = new Map<number, QueueRow>();
  const several: QueueRow[] = [];
  for (const row of rows) {
    const only = row.tasks[0];
    if (typeof only === "object" && only.first === only.last) {
      if (!single.has(only.first)) single.set(only.first, row);
      if (row.tasks.length > 1) several.push(row);
    } else several.push(row);
  }
  const rest = rows.find(({ tasks }) => tasks === "rest");
  return (task) =>
    single.get(task) ?? several.find((row) => names(row, task)) ?? rest;
}

function names({ tasks }: QueueRow, task: number): boolean {
  return tasks !== "rest" &&
    tasks.some(({ first, last, step }) =>
      task >= first && task <= last && (task - first) % step === 0
    );
}

/** Number of the job in the output of `sbatch --parsable`: `12` or `12;cluster`. */
export function parseSubmitted(text: string): string | undefined {
  // Sites let sbatch print words of their own before it.
  return text.trim().split("\n").at(-1)?.match(/^(\d+)(;.*)?$/)?.[1];
}

/** Limits in the output of `scontrol show config`; SLURM's defaults for what is absent. */
export function parseLimits(text: string): ClusterLimits {
  const number = (name: string, otherwise: number) => {
    const found = text.match(new RegExp(`^${name}\\s*=\\s*(\\d+)\\s*$`, "m"));
    return found ? Number(found[1]) : otherwise;
  };
  return {
    arraySize: number("MaxArraySize", 1001),
    jobs: number("MaxJobCount", 10_000),
  };
}

function parseTasks(list: string): TaskRange[] {
  return list.replace(/%\d+$/, "").split(",").flatMap((part) => {
    const parts = part.match(/^(\d+)(?:-(\d+)(?::(\d+))?)?$/);
    return parts ? [range(parts[1], parts[2] ?? parts[1], parts[3])] : [];
  });
}

function range(first: string, last: string, step = "1"): TaskRange {
  return { first: Number(first), last: Number(last), step: Number(step) };
}
