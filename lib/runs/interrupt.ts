/** Ctrl-C: the work is told to stop, and saves what there is. */
import { exit, onSignal, type Signal, systemName } from "../platform/system.ts";
import { letAbortIn } from "../platform/turn.ts";
import { exitCodes, InterruptedError } from "./errors.ts";
import type { Reporter } from "./reporter.ts";

/** What a piece of work needs to be stopped. */
export interface Interruption {
  /** Aborted once the work is to stop. */
  readonly signal: AbortSignal;
  /** Asks the work to stop, as the first Ctrl-C does. */
  stop(): void;
  /**
   * Lets the system's signals through, if it is time to. A computation that
   * never waits for anything must call it, or nobody can stop it.
   */
  breathe(): Promise<void>;
}

/** What is said as soon as work is asked to stop: stopping may take seconds. */
export interface Stopping {
  readonly output: Reporter;
  /** What happens now, as in "the network is saved after this update". */
  readonly next: string;
}

/**
 * Runs work that Ctrl-C (SIGINT) and SIGTERM stop: the first one asks it to
 * stop, the second one ends the process at once. A terminal that is closed
 * (SIGHUP) stops nothing: it only listens.
 *
 * @param work to be run
 * @param stopping what to say once it is asked to stop
 */
export async function interruptible<T>(
  work: (interruption: Interruption) => Promise<T>,
  stopping: Stopping,
): Promise<T> {
  const controller = new AbortController();
  controller.signal.addEventListener("abort", () => {
    const { output, next } = stopping;
    output.note(`stopping: ${next}; Ctrl-C again ends at once`);
  });
  const ask = () =>
    controller.abort(new DOMException("interrupted", "AbortError"));
  const stop = () => {
    if (controller.signal.aborted) {
      stopping.output.notice("ended at once: what was not saved is lost");
      exit(exitCodes.interrupted);
    }
    ask();
  };
  const { stop: others } = stopping.output;
  others?.addEventListener("abort", ask);
  if (others?.aborted) ask();
  // Whoever has a way to stop the work has the signals as well.
  const deaf = others ? [] : listen(stop);
  try {
    return await work({
      signal: controller.signal,
      stop: ask,
      breathe: () => letAbortIn(controller.signal),
    });
  } finally {
    others?.removeEventListener("abort", ask);
    for (const undo of deaf) undo();
  }
}

/** Whether an error only says that the work was asked to stop. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/**
 * Does work whose interruption has nothing of its own to say.
 *
 * @param text what to say, after "Interrupted "
 * @param work that may be told to stop
 * @throws {InterruptedError} in place of what says that it was told to
 */
export async function orInterrupted<T>(
  text: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isAbort(error)) throw error;
    throw new InterruptedError(`Interrupted ${text}`, { cause: error });
  }
}

/** Listens to signals that ask to stop; returns what ends that. */
function listen(stop: () => void): (() => void)[] {
  const windows = systemName() === "windows";
  const asking: Signal[] = windows
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM"];
  return [
    ...asking.map((signal) => onSignal(signal, stop)),
    // A terminal that goes away says so by a signal.
    ...(windows ? [] : [onSignal("SIGHUP", () => {})]),
  ];
}
