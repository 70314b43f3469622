/** Lets messages in while the worker computes. */

/** Waits a moment, if it is time to. */
export type Breathe = () => Promise<void>;

/** Milliseconds of computing after which messages are let in. */
const every = 12;

/** By a channel of its own: timers wait 4 ms, and a second in a hidden tab. */
export function breathing(): Breathe {
  const { port1, port2 } = new MessageChannel();
  let wake = () => {};
  port1.onmessage = () => wake();
  let last = performance.now();
  /** The wait that goes on: who comes meanwhile waits for the same one. */
  let waiting: Promise<void> | undefined;
  return async () => {
    if (performance.now() - last < every) return;
    waiting ??= new Promise<void>((resolve) => {
      wake = resolve;
      port2.postMessage(0);
    });
    await waiting;
    waiting = undefined;
    last = performance.now();
  };
}
