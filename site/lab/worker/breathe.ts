/** Lets messages in while the worker computes. */
import { turns } from "../../../lib/platform/turn.ts";

/** Waits a moment, if it is time to. */
export type Breathe = () => Promise<void>;

/** What lets messages in after every 12 ms of computing. */
export function breathing(): Breathe {
  const pause = turns(12);
  return async () => {
    await pause();
  };
}
