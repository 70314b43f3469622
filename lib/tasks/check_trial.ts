/** Checks of a trial that a task made; the task may be the user's own. */
import { firstNotFinite } from "../arithmetic/finite.ts";
import { TaskError } from "../errors.ts";
import { shown } from "./shown.ts";
import type { Expectation, Task, Trial } from "./types.ts";

/**
 * Checks shapes and numbers of a trial.
 *
 * @throws {TaskError} naming what is wrong: what was received, what is needed
 */
export function checkTrial(
  task: Pick<Task, "name" | "channels" | "conditions" | "steps">,
  trial: Trial,
): void {
  const { name, channels, conditions, steps } = task;
  if (typeof trial !== "object" || trial === null) {
    throw new TaskError(
      `Cannot use a trial of task ${name}: it is ${typeof trial}, ` +
        "an object is needed",
    );
  }
  if (!conditions.includes(trial.condition)) {
    throw new TaskError(
      `Cannot use a trial of task ${name}: its condition is ` +
        `${shown(trial.condition)}, allowed are ${conditions.join(", ")}`,
    );
  }
  const numbers = channels.length * steps;
  checkNumbers(
    [`${trial.condition} trial of task ${name}: its inputs`, many],
    trial.inputs,
    numbers,
    `${channels.length} channel${
      channels.length === 1 ? "" : "s"
    } × ${steps} steps`,
  );
  checkNumbers(
    [`${trial.condition} trial of task ${name}: its target`, one],
    trial.target,
    steps,
    "one a step",
  );
  if (!isExpectation(trial.expects)) {
    throw new TaskError(
      `Cannot use a ${trial.condition} trial of task ${name}: it expects ` +
        `${
          shown(trial.expects)
        }, allowed are { reach: a number other than 0 } ` +
        "and { within: a number above 0 }",
    );
  }
}

/** Words of one thing, and of several. */
const one = { are: "is", have: "has", hold: "holds" };
const many = { are: "are", have: "have", hold: "hold" };

function checkNumbers(
  [what, { are, have, hold }]: readonly [string, typeof one],
  values: unknown,
  length: number,
  shape: string,
): void {
  if (!(values instanceof Float32Array)) {
    throw new TaskError(
      `Cannot use a ${what} ${are} ${shown(values)}, a Float32Array is needed`,
    );
  }
  if (values.length !== length) {
    throw new TaskError(
      `Cannot use a ${what} ${have} ${values.length} numbers, ` +
        `needed are ${length} (${shape})`,
    );
  }
  const bad = firstNotFinite(values);
  if (bad >= 0) {
    throw new TaskError(
      `Cannot use a ${what} ${hold} ${values[bad]} at index ${bad}, ` +
        "finite numbers are needed",
    );
  }
}

function isExpectation(value: unknown): value is Expectation {
  if (typeof value !== "object" || value === null) return false;
  if ("reach" in value) {
    return Number.isFinite(value.reach) && value.reach !== 0;
  }
  return "within" in value && Number.isFinite(value.within) &&
    (value.within as number) > 0;
}
