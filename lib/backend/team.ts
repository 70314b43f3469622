/**
 * A team: threads that run the tasks of one trial in one memory. A pool's
 * workers are for trials that share nothing; a team is for a single trial, of
 * which every piece depends on others.
 */
import { BackendError } from "../errors.ts";
import { memoryImport } from "../kernels/kernel_module.ts";
import { KernelMemory, sharedPages } from "../kernels/rate_scan/memory.ts";
import {
  type KernelTask,
  runTasksHere,
  type TaskTeam,
} from "../kernels/rate_scan/tasks.ts";
import { rateScanShared } from "../kernels/rate_scan/rate_scan_shared_wasm.ts";
import { startThread, type Thread } from "../platform/threads.ts";
import {
  controlWord,
  controlWords,
  isTaskDone,
  mostTasks,
  takeTasks,
  taskMask,
  type TeamBoard,
} from "./team_tasks.ts";
import { teamWorkerSource, type ToTeamWorker } from "./team_worker.ts";

/** Numbers that the program of a run may have. */
const programNumbers = 1 << 17;

/** A memory, and the threads that have come together in it. */
interface Place {
  readonly board: TeamBoard;
  readonly instance: WebAssembly.Instance;
  readonly functions: readonly ((...values: number[]) => unknown)[];
  /** Numbers of the functions by their names. */
  readonly numberOf: ReadonlyMap<string, number>;
  /** What a worker is sent. */
  readonly sent: ToTeamWorker;
  workers?: Thread[];
}

/**
 * @param pages size of the memory, which stays
 * @throws {RangeError} if the machine gives no memory that threads can share
 */
function openPlace(pages: number): Place {
  const memory = new WebAssembly.Memory({
    initial: pages,
    maximum: pages,
    shared: true,
  });
  const module = rateScanShared(pages);
  const imports = memoryImport(module, memory);
  const instance = new WebAssembly.Instance(module, imports);
  const functions: ((...values: number[]) => unknown)[] = [];
  const numberOf = new Map<string, number>();
  for (const [name, value] of Object.entries(instance.exports)) {
    if (typeof value !== "function") continue;
    numberOf.set(name, functions.length);
    functions.push(value as (...values: number[]) => unknown);
  }
  const board: TeamBoard = {
    control: new Int32Array(new SharedArrayBuffer(4 * controlWords)),
    program: new Float64Array(new SharedArrayBuffer(8 * programNumbers)),
    word: controlWord,
    taskMask,
  };
  const names = [...numberOf.keys()];
  const sent = { ...board, module, imports, names };
  return { board, instance, functions, numberOf, sent };
}

function startThreads(count: number, sent: ToTeamWorker): Thread[] {
  const started: Thread[] = [];
  for (let k = 0; k < count; k++) {
    // What one does not do, the others do: a worker that cannot start is no loss but
    // of time.
    try {
      const worker = startThread(teamWorkerSource, {
        name: "spikernn team",
        onMessage() {},
        onEnd() {},
      });
      started.push(worker);
      worker.post(sent);
    } catch {
      break;
    }
  }
  return started;
}

/** Tells the threads to end. */
function leave({ board: { control } }: Place): void {
  Atomics.store(control, controlWord.closed, 1);
  Atomics.store(control, controlWord.run, -1);
  Atomics.notify(control, controlWord.run);
}

/** Writes the tasks down; false if there is no room for them. */
function write(
  { board: { control, program }, numberOf }: Place,
  tasks: readonly KernelTask[],
): boolean {
  if (tasks.length > mostTasks) return false;
  let at = 0;
  for (const [index, { calls, after }] of tasks.entries()) {
    const values = calls.reduce((sum, call) => sum + call.values.length, 0);
    const size = 2 + after.length + 2 * calls.length + values;
    if (at + size > programNumbers) return false;
    control[controlWord.starts + index] = at;
    program[at++] = after.length;
    for (const task of after) program[at++] = task;
    program[at++] = calls.length;
    for (const { name, values } of calls) {
      program[at++] = numberOf.get(name)!;
      program[at++] = values.length;
      for (const value of values) program[at++] = value;
    }
  }
  return true;
}

/**
 * Opens a team in a memory of its own. Its workers start with the first run, and
 * join in as they come up. Where the memory becomes too small there is a larger one,
 * with workers of its own.
 *
 * @param threads number of threads, the one that calls included
 * @throws {RangeError} if the machine gives no memory that threads can share
 */
export function openTeam(threads: number): TaskTeam {
  let place: Place | undefined;
  const memory = new KernelMemory((pages) => {
    const before = place;
    place = openPlace(sharedPages(pages));
    if (before !== undefined) leave(before);
    return place.instance;
  });
  let run = 0;
  /** Why no further run can be trusted. */
  let broken: BackendError | undefined;
  let closed = false;

  function start(): void {
    if (!closed) place!.workers ??= startThreads(threads - 1, place!.sent);
  }

  return {
    memory,
    threads,
    get isComplete() {
      const { control } = place!.board;
      return Atomics.load(control, controlWord.present) === threads - 1;
    },
    start,
    run(tasks) {
      if (broken !== undefined) throw broken;
      start();
      const { board, functions } = place!;
      const { control } = board;
      run = run + 1 & 0x3ffff;
      const first = run * (taskMask + 1);
      // Nobody takes a task until all is written.
      Atomics.store(control, controlWord.ticket, first | taskMask);
      if (!write(place!, tasks)) return runTasksHere(memory, tasks);
      control.fill(0, controlWord.done, controlWord.done + tasks.length);
      Atomics.store(control, controlWord.failed, 0);
      Atomics.store(control, controlWord.count, tasks.length);
      Atomics.store(control, controlWord.ticket, first);
      Atomics.store(control, controlWord.run, run);
      Atomics.notify(control, controlWord.run);
      takeTasks(board, functions, isTaskDone);
      const allDone = tasks.every((_, task) => isTaskDone(board, task));
      if (!allDone || control[controlWord.failed] !== 0) {
        throw broken = new BackendError(
          "Cannot run a trial: one of the threads that share it failed, or did " +
            "not answer for a minute",
        );
      }
    },
    close() {
      closed = true;
      leave(place!);
      // They end by themselves: what a worker shares is never freed where it is
      // terminated. One that does not answer has to be.
      if (broken !== undefined) {
        place!.workers?.forEach((worker) => worker.end());
      }
    },
  };
}
