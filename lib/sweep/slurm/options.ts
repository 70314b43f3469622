/** What a plan says about SLURM: its table `[slurm]`. */
import { z } from "zod";

/** How points become jobs. Every length of time is in seconds. */
export interface SlurmOptions {
  /** Account that pays. */
  readonly account?: string;
  /** Partition, or several with commas between them. */
  readonly partition?: string;
  /** Longest time of a task, as `sbatch --time` takes it: `2:30:00`, minutes. */
  readonly time?: string;
  /** Memory of a task, as `sbatch --mem` takes it: `2G`. */
  readonly mem?: string;
  /** Processors of a task. */
  readonly cpus: number;
  /** Most tasks that run at once; absent: as many as the cluster lets. */
  readonly throttle?: number;
  /** Points that a task runs, one after the other. */
  readonly pointsPerTask: number;
  /** Most tasks in the queue at once; absent: half of what the cluster takes. */
  readonly maxTasks?: number;
  /** Lines of bash before Deno is started on a node: `module load deno`. */
  readonly setup: readonly string[];
  /** Deno on the nodes: a path, or a name that `PATH` leads to there. */
  readonly deno: string;
  /** More options of `sbatch`: `--qos=long`. */
  readonly extra: readonly string[];
  /** Time between two looks at the queue. */
  readonly poll: number;
  /** How long the result of an ended task may take to be seen here. */
  readonly settle: number;
  /** A running task that writes nothing for so long counts as dead; 0: never. */
  readonly heartbeat: number;
}

const count = (most: number) => z.number().int().min(1).max(most);
const seconds = z.number().min(0).max(1e6);
const word = z.string().regex(/^[\w.,@+:/-]+$/);
/** One line, nothing that ends it. */
const line = z.string().max(10_000).regex(/^[^\n\r\0]*$/);

const fields: Record<keyof Table, [schema: z.ZodType, allowed: string]> = {
  account: [word, "a name"],
  partition: [word, "a name, or names with commas between them"],
  time: [
    z.union([
      count(1e7).transform(String),
      z.string().regex(/^(\d+|\d+:\d+(:\d+)?|\d+-\d+(:\d+){0,2})$/),
    ]),
    'minutes, or "h:mm:ss", or "d-h"',
  ],
  mem: [
    z.union([count(1e9).transform(String), z.string().regex(/^\d+[KMGT]?$/)]),
    'megabytes, or a number with K, M, G or T: "2G"',
  ],
  cpus: [count(10_000), "a whole number from 1"],
  throttle: [count(1e6), "a whole number from 1"],
  points_per_task: [count(10_000), "a whole number from 1"],
  max_tasks: [count(1e7), "a whole number from 1"],
  setup: [z.array(line).max(1000), "a list of lines of bash"],
  deno: [line.min(1), "a path or a name"],
  extra: [z.array(line.regex(/^-/)), 'a list of options: ["--qos=long"]'],
  poll: [seconds.min(0.1), "seconds, at least 0.1"],
  settle: [seconds, "seconds, at least 0"],
  heartbeat: [seconds, "seconds, at least 0 (never)"],
};

/** The table as it is written. */
interface Table {
  account?: string;
  partition?: string;
  time?: string;
  mem?: string;
  cpus?: number;
  throttle?: number;
  points_per_task?: number;
  max_tasks?: number;
  setup?: string[];
  deno?: string;
  extra?: string[];
  poll?: number;
  settle?: number;
  heartbeat?: number;
}

/** Options of `sbatch` on which following a job rests. */
const reserved: readonly (readonly [long: string, short?: string])[] = [
  ["--array", "-a"],
  ["--chdir", "-D"],
  ["--clusters", "-M"],
  ["--error", "-e"],
  ["--job-name", "-J"],
  ["--no-requeue"],
  ["--open-mode"],
  ["--output", "-o"],
  ["--parsable"],
  ["--requeue"],
  ["--test-only"],
  ["--wait", "-W"],
  ["--wrap"],
];

/**
 * Reads the table `[slurm]` of a plan.
 *
 * @param table as it stands in the plan; undefined for none
 * @returns the options, with what is absent filled in
 * @throws {TypeError} if it is not a table
 * @throws {RangeError} for a setting that does not exist or a value that is not
 *   allowed
 */
export function readSlurmOptions(table: unknown = {}): SlurmOptions {
  if (typeof table !== "object" || table === null || Array.isArray(table)) {
    throw new TypeError(
      `Cannot use [slurm]: it is ${JSON.stringify(table)}, allowed is a table`,
    );
  }
  const read: Table = Object.fromEntries(
    Object.entries(table).map(([name, value]) => [name, check(name, value)]),
  );
  for (const option of read.extra ?? []) checkExtra(option);
  return {
    account: read.account,
    partition: read.partition,
    time: read.time,
    mem: read.mem,
    cpus: read.cpus ?? 1,
    throttle: read.throttle,
    pointsPerTask: read.points_per_task ?? 1,
    maxTasks: read.max_tasks,
    setup: read.setup ?? [],
    deno: read.deno ?? "deno",
    extra: read.extra ?? [],
    poll: read.poll ?? 15,
    settle: read.settle ?? 60,
    heartbeat: read.heartbeat ?? 3600,
  };
}

function check(name: string, value: unknown): unknown {
  if (!Object.hasOwn(fields, name)) {
    throw new RangeError(
      `Cannot use [slurm]: there is no setting ${JSON.stringify(name)}, ` +
        `allowed are ${Object.keys(fields).join(", ")}`,
    );
  }
  const [schema, allowed] = fields[name as keyof Table];
  const outcome = schema.safeParse(value);
  if (outcome.success) return outcome.data;
  throw new RangeError(
    `Cannot use [slurm]: ${name} is ${
      typeof value === "number" ? value : JSON.stringify(value)
    }, allowed are ` +
      allowed,
  );
}

function checkExtra(option: string): void {
  const name = option.split(/[=\s]/, 1)[0];
  // sbatch takes a long option by its beginning, and a short one with its value.
  const taken = reserved.find(([long, short]) =>
    (name.length > 3 && long.startsWith(name)) ||
    (short !== undefined && option.startsWith(short))
  );
  if (taken) {
    throw new RangeError(
      `Cannot use [slurm]: extra has ${JSON.stringify(option)}, allowed is ` +
        `everything but ${reserved.map(([long]) => long).join(", ")}`,
    );
  }
}
