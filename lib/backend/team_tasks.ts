/**
 * How threads share out the tasks of a list: each takes the next one that nobody
 * has taken, waits until what it depends on is done, and runs it. Since tasks
 * only depend on earlier ones, one of them can always go on.
 */

/** Tasks that a run may have. */
export const mostTasks = 4000;

/**
 * Places in the control block, 32-bit words in shared memory.
 *
 * The ticket holds the number of the run above 12 bits of the next task's
 * number: a thread that comes late, to a run that is over, finds another ticket
 * than it has read before, and takes nothing.
 */
export const controlWord = {
  /** Number of the run; a thread with nothing to do waits for it to change. */
  run: 0,
  ticket: 1,
  /** Tasks of the run. */
  count: 2,
  /** 1 once a call has failed, or a wait timed out. */
  failed: 3,
  /** 1: the threads are to end. */
  closed: 4,
  /** Threads that have come up, besides the one that calls. */
  present: 5,
  /** Where the numbers of each task start in the program. */
  starts: 16,
  /** 1 for each task that is done. */
  done: 16 + mostTasks,
} as const;

/** Words of the control block. */
export const controlWords: number = controlWord.done + mostTasks;

/** The part of a ticket that counts tasks. */
export const taskMask = 4095;

/** What threads share besides the kernel's memory. */
export interface TeamBoard {
  readonly control: Int32Array;
  /**
   * Each task's numbers: how many tasks it waits for, which; how many calls it
   * makes, and for each the function, how many values, the values.
   */
  readonly program: Float64Array;
  readonly word: typeof controlWord;
  readonly taskMask: number;
}

/**
 * Waits until a task is done; false if a minute has passed, or the run failed.
 * Written without reference to anything outside, since workers are sent its
 * source.
 */
export function isTaskDone(
  { control, word }: TeamBoard,
  task: number,
): boolean {
  /** Turns of a loop before the thread goes to sleep: some ten microseconds. */
  const turns = 20_000;
  const at = word.done + task;
  for (let turn = 0; turn < turns; turn++) {
    if (Atomics.load(control, at) !== 0) return true;
  }
  // A minute, in short parts: where the process is stopped and continued, one
  // part is lost and not the minute.
  for (let part = 0; part < 600; part++) {
    Atomics.wait(control, at, 0, 100);
    if (Atomics.load(control, at) !== 0) return true;
    if (Atomics.load(control, word.failed) !== 0) return false;
  }
  return false;
}

/**
 * Takes and runs tasks until none is left to take. Written without reference to
 * anything outside but its arguments, since workers are sent its source.
 *
 * @param functions what may be called
 * @param isDone {@link isTaskDone}
 */
export function takeTasks(
  board: TeamBoard,
  functions: readonly ((...values: number[]) => unknown)[],
  isDone: typeof isTaskDone,
): void {
  const { control, program, word, taskMask } = board;

  function runTask(index: number): void {
    let at = control[word.starts + index];
    for (let left = program[at++]; left > 0; left--) {
      if (!isDone(board, program[at++])) throw new Error("no answer");
    }
    for (let left = program[at++]; left > 0; left--) {
      const call = functions[program[at++]];
      const count = program[at++];
      call(...program.subarray(at, at + count));
      at += count;
    }
  }

  for (;;) {
    const ticket = Atomics.load(control, word.ticket);
    const index = ticket & taskMask;
    if (index >= Atomics.load(control, word.count)) return;
    const found = Atomics.compareExchange(
      control,
      word.ticket,
      ticket,
      ticket + 1,
    );
    if (found !== ticket) continue;
    try {
      runTask(index);
    } catch {
      Atomics.store(control, word.failed, 1);
    }
    Atomics.store(control, word.done + index, 1);
    Atomics.notify(control, word.done + index);
  }
}
