/** Parts of a trial by name. */
import type { Task, Window } from "./types.ts";

/** Parts of a trial that a task may have. */
export type EpochName = "stimulus" | "delay" | "response";

/** Names of the epochs. */
export const epochNames: readonly EpochName[] = [
  "stimulus",
  "delay",
  "response",
];

/**
 * When an epoch of a task is, in steps [from, to): `stimulus` while a stimulus
 * is on, `delay` between stimuli and between the last one and the response,
 * `response` in the strict window.
 *
 * @param task the task
 * @param name of the epoch
 * @returns its windows, ascending; none if the task has no such epoch
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { epochWindows, getTask } from "@spikernn/spikernn/tasks";
 * // Two stimuli of 25 steps, and 75 steps between them.
 * const delays = epochWindows(getTask("xor"), "delay");
 * assert(delays[0].from === 75 && delays[0].to === 150);
 * ```
 */
export function epochWindows(
  { stimuli, windows, steps }: Pick<Task, "stimuli" | "windows" | "steps">,
  name: EpochName,
): Window[] {
  // Output k belongs to step k + 1.
  const response = {
    from: windows.strict.from + 1,
    to: Math.min(windows.strict.to + 1, steps),
  };
  if (name === "response") return [response];
  const shown: Window[] = [];
  for (const { from, to } of [...stimuli].sort((a, b) => a.from - b.from)) {
    const last = shown.at(-1);
    if (last && from <= last.to) {
      shown[shown.length - 1] = { ...last, to: Math.max(last.to, to) };
    } else shown.push({ from, to });
  }
  if (name === "stimulus") return shown;
  return shown.map(({ to }, k) => ({
    from: to,
    to: shown[k + 1]?.from ?? response.from,
  })).filter(({ from, to }) => from < to);
}
