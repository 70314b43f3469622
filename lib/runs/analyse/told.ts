/** Work that tells of events by calls, as a stream of them. */
import type { AnalysisEvent } from "./types.ts";

/**
 * Runs work and hands on what it tells; the work's result is the generator's.
 *
 * @param work is given what it tells events to
 * @throws what the work throws
 */
export async function* told<T>(
  work: (tell: (event: AnalysisEvent) => void) => Promise<T>,
): AsyncGenerator<AnalysisEvent, T> {
  let waiting: AnalysisEvent[] = [];
  let wake = () => {};
  let over = false;
  const running = work((event) => {
    waiting.push(event);
    wake();
  }).finally(() => {
    over = true;
    wake();
  });
  // Whoever stops listening does not hear how it ends.
  running.catch(() => {});
  while (true) {
    const events = waiting;
    waiting = [];
    yield* events;
    if (waiting.length > 0) continue;
    if (over) return await running;
    await new Promise<void>((resolve) => wake = resolve);
  }
}
