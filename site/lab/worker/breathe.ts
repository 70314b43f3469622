/** Lets messages in while the worker computes. */
import { nextTurn } from "../../../lib/platform/turn.ts";

/** Waits a moment, if it is time to. */
export type Breathe = () => Promise<void>;

/** Milliseconds of computing after which messages are let in. */
const every = 12;

/** What lets messages in now and then. */
export function breathing(): Breathe {
  let last = performance.now();
  /** The wait that goes on: who comes meanwhile waits for the same one. */
  let waiting: Promise<void> | undefined;
  return async () => {
    if (performance.now() - last < every) return;
    await (waiting ??= nextTurn());
    waiting = undefined;
    last = performance.now();
  };
}
