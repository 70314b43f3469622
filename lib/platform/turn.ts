/** Lets in what waits while a long computation goes on. */
import { runtime } from "./runtime.ts";

const { setImmediate: immediately } = globalThis as unknown as {
  /** Of Deno, Node and Bun: calls after one round of what waits. */
  setImmediate?(callback: () => void): unknown;
};

/** Milliseconds after which Deno has to rest, so that it hears of signals. */
const restAfter = 150;

let rested = 0;

/**
 * Waits until messages and timers that have come are heard, and, at the latest
 * after {@linkcode restAfter} ms of such waits, signals of the system.
 */
export async function nextTurn(): Promise<void> {
  // Deno is sure to hear of signals only while it has nothing to do. A timer sees
  // to that, but takes 2 ms, and in a hidden tab of a browser a second.
  if (runtime === "deno" && performance.now() - rested > restAfter) {
    await new Promise((resolve) => setTimeout(resolve));
    rested = performance.now();
    return;
  }
  // Messages are heard by this one, timers in Bun by the other.
  await messageToItself();
  if (immediately) await new Promise<void>((resolve) => immediately(resolve));
}

/**
 * What lets in what waits, once so much time has passed.
 *
 * @param every ms of computing in between
 * @returns to be called again and again; says whether it has waited
 */
export function turns(every: number): () => Promise<boolean> {
  let last = performance.now();
  /** The wait that goes on: who comes meanwhile waits for the same one. */
  let waiting: Promise<void> | undefined;
  return async () => {
    if (performance.now() - last < every) return false;
    await (waiting ??= nextTurn());
    waiting = undefined;
    last = performance.now();
    return true;
  };
}

/** What lets in what waits, for each signal that is looked after. */
const pauses = new WeakMap<AbortSignal, () => Promise<boolean>>();

/**
 * Lets in what may abort a signal (a timer, a message, a signal of the system),
 * once 15 ms have passed since that was done for it. A computation that never
 * waits for anything would not hear of it.
 *
 * @param signal nothing is done without one; if it is aborted, what comes then is
 *   let in as well
 */
export async function letAbortIn(signal?: AbortSignal): Promise<void> {
  if (!signal) return;
  let pause = pauses.get(signal);
  if (!pause) pauses.set(signal, pause = turns(15));
  await pause();
}

/**
 * Goes on unless a signal is aborted, which it lets in as {@linkcode letAbortIn}
 * does.
 *
 * @throws the signal's reason
 */
export async function heedAbort(signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await letAbortIn(signal);
  signal?.throwIfAborted();
}

/** Messages come in order: those that were sent before are heard first. */
function messageToItself(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
