// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/**
 * Where threads of one memory wait for each other, hundreds of times in a trial:
 * each counts its own steps in a line of the cache of its own, which the others
 * read. Compiled into the kernel whose memory is shared; in the other there is
 * one thread, and nobody to meet.
 */

/**
 * Bytes of a thread's line: its count, whether it sleeps, and for how many turns of
 * a loop it waits before it does.
 */
@inline const LINE: usize = 64;

/** Sleep is cut into parts of 100 ms, of which there are 600: a minute in all. */
@inline const PART: i64 = 100000000;
@inline const PARTS: i32 = 600;

/**
 * Waits until all threads have come as far as this one.
 *
 * @param meeting a line for each of `threads` threads, zeros but for the turns
 *   before the first meeting
 */
export function meet(meeting: usize, thread: i32, threads: i32): void {
  if (!ASC_FEATURE_THREADS) return;
  const own = meeting + LINE * thread;
  const count = load<i32>(own) + 1, turns = load<i32>(own, 8);
  atomic.store<i32>(own, count);
  for (let k = 0; k < threads; k++) {
    if (k == thread) continue;
    // Told only if it sleeps: to tell costs more than to look.
    if (atomic.load<i32>(meeting + LINE * k, 4) != 0) atomic.notify(own, -1);
  }
  for (let k = 0; k < threads; k++) {
    if (k == thread) continue;
    const line = meeting + LINE * k;
    let turn = 0;
    while (atomic.load<i32>(line) - count < 0 && turn < turns) turn++;
    if (turn == turns) sleep(line, own, count);
  }
}

/** Sleeps until the count of `line` is there; gives up after a minute. */
function sleep(line: usize, own: usize, count: i32): void {
  atomic.store<i32>(own, 1, 4);
  for (let part = 0; ; part++) {
    const seen = atomic.load<i32>(line);
    if (seen - count >= 0) break;
    if (part == PARTS) unreachable();
    atomic.wait<i32>(line, seen, PART);
  }
  atomic.store<i32>(own, 0, 4);
}
