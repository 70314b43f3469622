/** Ctrl-C: the work is told to stop, and saves what there is. */
import { exitCodes } from "./errors.ts";
import type { Reporter } from "./reporter.ts";

/** Milliseconds that a computation may go on before signals are looked at. */
const longestBreath = 50;

/** What a piece of work needs to be stopped. */
export interface Interruption {
  /** Aborted once somebody wants the work to stop. */
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
      Deno.exit(exitCodes.interrupted);
    }
    ask();
  };
  const signals = listenable();
  for (const signal of signals) Deno.addSignalListener(signal, stop);
  if (hangs) Deno.addSignalListener("SIGHUP", goOn);
  let last = performance.now();
  try {
    return await work({
      signal: controller.signal,
      stop: ask,
      async breathe() {
        if (performance.now() - last < longestBreath) return;
        await new Promise((resolve) => setTimeout(resolve, 0));
        last = performance.now();
      },
    });
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, stop);
    if (hangs) Deno.removeSignalListener("SIGHUP", goOn);
  }
}

/** Whether an error only says that the work was asked to stop. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** Whether a terminal that goes away says so by a signal. */
const hangs = Deno.build.os !== "windows";

function goOn(): void {}

function listenable(): Deno.Signal[] {
  return Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM"];
}
