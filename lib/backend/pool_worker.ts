/** The program of a pool's workers, as text. */
import { threadLocks } from "../platform/threads.ts";
import { runJob, type WasmJob, type WasmResult } from "../kernels/job.ts";

/** What a worker is sent: its modules first, then jobs. */
export type ToWorker<Job = WasmJob> =
  | {
    readonly modules: Readonly<Record<string, WebAssembly.Module>>;
    /** Name of a lock that the worker holds for as long as it lives. */
    readonly life: string;
  }
  | { readonly id: number; readonly job: Job };

/** What a worker answers; `done` is how far a long job has come. */
export type FromWorker<Result = WasmResult> =
  | { readonly ready: true }
  | { readonly id: number; readonly done: number }
  | { readonly id: number; readonly result: Result }
  | { readonly id: number; readonly error: string; readonly kind: string };

/** The worker's program; the functions are put in as text. */
function program(run: typeof runJob, locksHere: typeof threadLocks): void {
  let modules: Readonly<Record<string, WebAssembly.Module>> = {};
  const instances = new Map<string, WebAssembly.Instance>();
  const scope = globalThis as unknown as {
    onmessage: (event: MessageEvent<ToWorker>) => void;
    postMessage(message: FromWorker, transfer?: Transferable[]): void;
  };
  function attempt(id: number, job: WasmJob): FromWorker {
    try {
      const module = modules[job.module];
      if (module === undefined) {
        throw new RangeError(
          `Cannot run a job: there is no module "${job.module}", allowed ` +
            `are ${Object.keys(modules).join(", ")}`,
        );
      }
      let instance = instances.get(job.module);
      if (instance === undefined) {
        instance = new WebAssembly.Instance(module);
        instances.set(job.module, instance);
      }
      return { id, result: run(instance, job) };
    } catch (thrown) {
      // A trap may have left the instance's memory half written.
      instances.delete(job.module);
      const error = thrown instanceof Error ? thrown : new Error(`${thrown}`);
      return { id, error: error.message, kind: error.name };
    }
  }
  scope.onmessage = ({ data }) => {
    if ("modules" in data) {
      modules = data.modules;
      const ready = () => scope.postMessage({ ready: true });
      // Node says itself that a thread has ended, and may have no locks.
      const locks = locksHere();
      if (locks === undefined) return ready();
      // Held until the worker ends, however it does.
      locks.request(data.life, () => {
        ready();
        return new Promise<void>(() => {});
      });
      return;
    }
    const answer = attempt(data.id, data.job);
    const buffers = "result" in answer
      ? answer.result.map((array) => array.buffer)
      : [];
    scope.postMessage(answer, buffers);
  };
}

/** Source of the worker, plain JavaScript. */
export const workerSource: string = `(${program})(${runJob}, ${threadLocks});`;
