/** Lets in what waits while a long computation goes on. */
import { runtime } from "./runtime.ts";

/**
 * Waits until messages, signals and timers that have come are heard. A timer would
 * do, but waits 1 to 4 ms, and in a hidden tab of a browser a second.
 */
export async function nextTurn(): Promise<void> {
  if (runtime === "browser") await messageToItself();
  // Another thread computes it. Deno looks for signals only where it has to wait
  // for something else: it would not for a message.
  else await crypto.subtle.digest("SHA-256", new Uint8Array(1));
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
