/**
 * A trial's work as tasks: calls of the kernel's functions that depend on other
 * tasks. Whoever runs them, in whatever order the dependencies allow, the same
 * bits come out: no two tasks without a dependency between them write what the
 * other one reads or writes.
 */
import type { KernelMemory, RateScanFunction } from "./memory.ts";

/** A call of a function of the kernel. */
export interface KernelCall {
  readonly name: RateScanFunction;
  readonly values: readonly number[];
}

/** Calls that are made one after the other. */
export interface KernelTask {
  readonly calls: readonly KernelCall[];
  /** Numbers of the tasks that must be done before; all are smaller than its own. */
  readonly after: readonly number[];
}

/** Tasks in an order that respects their dependencies. */
export class TaskList {
  readonly tasks: KernelTask[] = [];

  /** Adds a task and returns its number. */
  add(calls: readonly KernelCall[], after: readonly number[] = []): number {
    return this.tasks.push({ calls, after }) - 1;
  }
}

/** Makes calls in this thread. */
export function runCalls(
  memory: KernelMemory,
  calls: readonly KernelCall[],
): void {
  for (const { name, values } of calls) memory.run[name](...values);
}

/** Runs tasks in this thread, one after the other. */
export function runTasksHere(
  memory: KernelMemory,
  tasks: readonly KernelTask[],
): void {
  for (const { calls } of tasks) runCalls(memory, calls);
}

/** Several threads in one memory. */
export interface TaskTeam {
  readonly memory: KernelMemory;
  /** Number of threads, this one included. */
  readonly threads: number;
  /** Whether all have come up, so that as many tasks run at the same time. */
  readonly isComplete: boolean;
  /** Starts the other threads, if they are not started; they join in as they come up. */
  start(): void;
  /**
   * Runs tasks to their end.
   *
   * @throws {BackendError} if a call fails or a thread does not answer; the team
   *   is of no more use then
   */
  run(tasks: readonly KernelTask[]): void;
  /** Ends the other threads. */
  close(): void;
}
