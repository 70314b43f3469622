/** Checks of a whole task, which may come from a file of the user's. */
import { z } from "zod";
import { TaskError } from "../errors.ts";
import { isConditionName } from "./check_definition.ts";
import { shown } from "./shown.ts";
import { checkLayout, longestTrial } from "./timing.ts";
import type { Task } from "./types.ts";

/** A task without its functions: what can be sent from one worker to another. */
export type TaskData = Omit<Task, "trial" | "trials" | "file">;

/** Most numbers of a trial's stimulus. */
const mostNumbers = 2 ** 26;

/** Names are printed, so they hold nothing that a terminal would obey. */
const name = z.string().min(1).max(64).regex(
  /^[^\p{Cc}\p{Cf}]+$/u,
  "must be printable",
);
const names = z.array(name).min(1).max(10_000).refine(
  (list) => new Set(list).size === list.length,
  "must differ from each other",
);
const step = z.int().min(0).max(longestTrial);
const windowOf = z.object({ from: step, to: step });

const schema = z.object({
  name: name.regex(
    /^[a-z0-9][a-z0-9-]*$/,
    "must be lower-case letters, digits and hyphens",
  ),
  description: z.string().min(1).max(1000).regex(
    /^[^\p{Cc}]+$/u,
    "must be printable",
  ),
  stepMs: z.number().positive().max(1e6),
  steps: z.int().min(2).max(longestTrial),
  channels: names,
  conditions: names.refine(
    (list) => list.every(isConditionName),
    "must have no commas, nor spaces around them",
  ),
  labels: z.record(name, name).optional(),
  timing: z.record(name, z.number()),
  stimuli: z.array(windowOf.extend({ name })).max(10_000),
  windows: z.object({
    paper: windowOf,
    paperSpiking: windowOf,
    strict: windowOf,
  }),
  graded: z.object({
    window: windowOf,
    means: z.record(name, z.record(name, z.number())),
    relevant: z.record(name, name),
  }).optional(),
  stopping: z.object({
    loss: z.number().min(0),
    performance: z.number().min(0),
    trials: z.number().min(0),
  }),
});

/**
 * Checks the data of a task.
 *
 * @param task anything
 * @returns the data, without whatever else the object held
 * @throws {TaskError} naming the first field that is wrong and what it should be
 */
export function checkTaskData(task: unknown): TaskData {
  const parsed = schema.safeParse(task);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    const field = path.length === 0 ? "it" : `its ${path.join(".")}`;
    const received = path.reduce(
      (value: unknown, key) => (value as Record<PropertyKey, unknown>)?.[key],
      task,
    );
    throw new TaskError(
      `Cannot use a task: ${field} is ${shown(received)}: ${message}`,
    );
  }
  const data = parsed.data;
  const { name, steps, channels, timing, stimuli, windows } = data;
  if (channels.length * steps > mostNumbers) {
    throw new TaskError(
      `Cannot use task ${name}: a stimulus of ${channels.length} channels × ` +
        `${steps} steps, allowed are ${mostNumbers} numbers`,
    );
  }
  checkLayout(name, { ...timing, T: steps }, {
    stepMs: data.stepMs,
    stimuli,
    windows,
  });
  return data;
}
