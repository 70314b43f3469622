/** From points to tasks, and from tasks to arrays. */
import type { ClusterLimits } from "./client.ts";

/** Ids of the points that one task runs, in this order. */
export type TaskPoints = readonly string[];

/**
 * Groups points to tasks. One that has failed before gets a task of its own,
 * where it takes no other with it.
 *
 * @param points ids, and whether each has failed before
 * @param size points of a task
 */
export function packTasks(
  points: readonly { readonly id: string; readonly failedBefore: boolean }[],
  size: number,
): TaskPoints[] {
  const fresh = points.filter(({ failedBefore }) => !failedBefore);
  const again = points.filter(({ failedBefore }) => failedBefore);
  const tasks: TaskPoints[] = [];
  for (let at = 0; at < fresh.length; at += size) {
    tasks.push(fresh.slice(at, at + size).map(({ id }) => id));
  }
  return [...tasks, ...again.map(({ id }) => [id])];
}

/** What is in the queue already. */
export interface QueueLoad {
  /** Tasks that wait or run. */
  readonly tasks: number;
  /** Sum of the throttles of arrays that have such tasks. */
  readonly throttle: number;
}

/** One array to be submitted. */
export interface ArrayPlan {
  readonly tasks: readonly TaskPoints[];
  readonly throttle?: number;
}

/**
 * Cuts tasks into arrays that the cluster takes now. What does not fit stays for
 * later; no small array is cut off while many tasks are left, so that a full
 * queue is not filled up one by one.
 *
 * @param tasks that wait to be submitted
 * @param limits of the cluster
 * @param load what is in the queue already
 * @param most tasks in the queue at once
 * @param throttle tasks that run at once, over all arrays; an array has at least
 *   1, whatever the others have
 */
export function planArrays(
  tasks: readonly TaskPoints[],
  limits: ClusterLimits,
  load: QueueLoad,
  most: number,
  throttle?: number,
): ArrayPlan[] {
  const room = Math.max(0, most - load.tasks);
  const worthwhile = Math.min(tasks.length, Math.ceil(most / 4));
  if (tasks.length === 0 || room < worthwhile) return [];
  const taken = tasks.slice(0, room);
  const sizes = cut(taken.length, Math.max(1, limits.arraySize));
  const left = throttle === undefined
    ? undefined
    : Math.max(sizes.length, throttle - load.throttle);
  let at = 0;
  return sizes.map((size, k) => ({
    tasks: taken.slice(at, at += size),
    ...(left === undefined ? {} : {
      throttle: Math.floor(left / sizes.length) +
        (k < left % sizes.length ? 1 : 0),
    }),
  }));
}

/** Parts of nearly equal size, each of at most `most`. */
function cut(total: number, most: number): number[] {
  const parts = Math.ceil(total / most);
  return Array.from(
    { length: parts },
    (_, k) => Math.floor(total / parts) + (k < total % parts ? 1 : 0),
  );
}
