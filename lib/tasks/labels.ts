/** What conditions are called where people read. */
import type { Task } from "./types.ts";

/**
 * The label of a condition in its task, or its name if it has none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { conditionLabel, getTask } from "@spikernn/spikernn";
 * assert(conditionLabel(getTask("xor"), "different:+-") === "Different (+ −)");
 * ```
 */
export function conditionLabel(
  { labels }: Pick<Task, "labels">,
  condition: string,
): string {
  return labels && Object.hasOwn(labels, condition)
    ? labels[condition]
    : condition;
}

/** The label of a condition as a part of a record; nothing if the task has no words for it. */
export function labelIn(
  task: Pick<Task, "labels">,
  condition: string,
): { readonly label?: string } {
  const label = conditionLabel(task, condition);
  return label === condition ? {} : { label };
}
