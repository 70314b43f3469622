/** The program of a team's workers, as text. */
import type { MemoryImport } from "../kernels/kernel_module.ts";
import { isTaskDone, takeTasks, type TeamBoard } from "./team_tasks.ts";

/** What a worker is sent, once. */
export interface ToTeamWorker extends TeamBoard {
  readonly module: WebAssembly.Module;
  /** The memory, by the names that the module has for it. */
  readonly imports: MemoryImport;
  /** Exported functions by the numbers that tasks use. */
  readonly names: readonly string[];
}

/** The worker's program; the functions are put in as text. */
function program(take: typeof takeTasks, isDone: typeof isTaskDone): void {
  const scope = globalThis as unknown as {
    onmessage: (event: MessageEvent<ToTeamWorker>) => void;
    postMessage(message: unknown): void;
    close(): void;
  };
  scope.onmessage = ({ data }) => {
    const { module, imports, names, control, word } = data;
    const { exports } = new WebAssembly.Instance(module, imports);
    const functions = names.map((name) =>
      exports[name] as (...values: number[]) => unknown
    );
    // Its program need not be kept for it any more.
    scope.postMessage("started");
    Atomics.add(control, word.present, 1);
    // From here on the worker hears of work through shared memory alone.
    for (let run = 0; Atomics.load(control, word.closed) === 0;) {
      Atomics.wait(control, word.run, run);
      run = Atomics.load(control, word.run);
      take(data, functions, isDone);
    }
    scope.close();
  };
}

/** Source of the worker, plain JavaScript. */
export const teamWorkerSource: string =
  `(${program})(${takeTasks}, ${isTaskDone});`;
