/**
 * Workers that run kernels' jobs. Each holds one private instance of every
 * module. They start from a `blob:` URL and are sent the compiled modules, so
 * that no permission is needed.
 */
import { BackendError } from "../errors.ts";
import type { WasmJob, WasmResult } from "../kernels/job.ts";
import { type FromWorker, type ToWorker, workerSource } from "./pool_worker.ts";

/** How a pool is opened. */
export interface PoolOptions {
  /** Number of workers; as many as the machine has processors unless told. */
  readonly workers?: number;
  /** Compiled modules by the names that jobs use. They import nothing. */
  readonly modules: Readonly<Record<string, WebAssembly.Module>>;
  /** Makes a worker; for tests of what happens when one dies. */
  readonly start?: () => Worker;
}

/** Workers that take jobs. */
export interface Pool {
  /** Number of workers. */
  readonly workers: number;
  /**
   * Runs a job.
   *
   * @throws {BackendError} if the job fails, or the pool is closed first
   */
  run(job: WasmJob): Promise<WasmResult>;
  /**
   * Runs jobs, of which only as many are asked for at a time as keep the workers
   * busy: neither jobs nor results pile up.
   *
   * @param take is given each result, in the order of the jobs
   * @throws {BackendError} if a job fails: the first one that does, in order
   */
  runAll(
    jobs: Iterable<WasmJob>,
    take: (result: WasmResult, index: number) => void,
  ): Promise<void>;
  /** Ends the workers; jobs not yet done are rejected. */
  close(): void;
}

/** How often a job is tried whose worker dies. */
const attempts = 3;

interface Pending {
  readonly id: number;
  readonly job: WasmJob;
  readonly resolve: (result: WasmResult) => void;
  readonly reject: (error: Error) => void;
  deaths: number;
}

/** A worker and the job that it is at. */
interface Seat {
  worker: Worker;
  /** Whether the worker has its modules, and would be missed. */
  ready: boolean;
  pending: Pending | undefined;
}

function startWorker(): Worker {
  const url = URL.createObjectURL(
    new Blob([workerSource], { type: "text/javascript" }),
  );
  try {
    return new Worker(url, { type: "module", name: "spikernn kernels" });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * Opens a pool of workers.
 *
 * A job's result does not depend on the worker it runs in: a worker that dies is
 * replaced, and its job run again.
 *
 * @throws {RangeError} if the number of workers is not a whole number from 1
 */
export function openPool(options: PoolOptions): Pool {
  const { modules, start = startWorker } = options;
  const workers = options.workers ?? navigator.hardwareConcurrency;
  if (!(Number.isInteger(workers) && workers >= 1)) {
    throw new RangeError(
      `Cannot open a pool: ${workers} workers, allowed are whole numbers from 1`,
    );
  }
  const queue: Pending[] = [];
  const seats: Seat[] = [];
  let nextId = 0;
  let closed = false;

  function seat(): Seat {
    const made: Seat = { worker: start(), ready: false, pending: undefined };
    seats.push(made);
    hire(made);
    return made;
  }

  /** Listens to a seat's worker and gives it the modules. */
  function hire(at: Seat): void {
    const { worker } = at;
    const life = `spikernn worker ${crypto.randomUUID()}`;
    at.ready = false;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if ("ready" in data) {
        at.ready = true;
        // A worker that ends without a word lets go of its lock.
        navigator.locks.request(life, () => {
          if (at.worker === worker) replace(at, "it ended");
        });
        next();
        return;
      }
      const { pending } = at;
      if (pending === undefined || pending.id !== data.id) return;
      at.pending = undefined;
      if ("result" in data) pending.resolve(data.result);
      else pending.reject(failure(data));
      next();
    };
    worker.onmessageerror = () => replace(at, "its answer cannot be read");
    worker.onerror = (event) => {
      // Without this the error would end the whole program.
      event.preventDefault();
      replace(at, event.message);
    };
    worker.postMessage({ modules, life } satisfies ToWorker);
  }

  function replace(at: Seat, reason: string): void {
    if (closed) return;
    at.worker.onmessage = at.worker.onerror = at.worker.onmessageerror = null;
    at.worker.terminate();
    const { pending } = at;
    at.pending = undefined;
    if (pending !== undefined) {
      pending.deaths++;
      if (pending.deaths < attempts) queue.unshift(pending);
      else {
        pending.reject(
          new BackendError(
            `Cannot run a job: ${attempts} workers died of it, ` +
              `the last one with "${reason}"`,
          ),
        );
      }
    }
    at.worker = start();
    hire(at);
    next();
  }

  /** Gives waiting jobs to idle workers. */
  function next(): void {
    while (queue.length > 0) {
      const idle = seats.find((at) => at.ready && at.pending === undefined);
      if (idle === undefined) {
        // Those that are starting take the first of the jobs that wait.
        const starting = seats.filter(({ ready }) => !ready).length;
        if (starting >= queue.length || seats.length >= workers) return;
        seat();
        continue;
      }
      const pending = queue.shift()!;
      idle.pending = pending;
      // Not transferred: the job must still be there if the worker dies.
      idle.worker.postMessage(
        { id: pending.id, job: pending.job } satisfies ToWorker,
      );
    }
  }

  function run(job: WasmJob): Promise<WasmResult> {
    if (closed) {
      return Promise.reject(
        new BackendError("Cannot run a job: the pool is closed"),
      );
    }
    return new Promise((resolve, reject) => {
      queue.push({ id: nextId++, job, resolve, reject, deaths: 0 });
      next();
    });
  }

  async function runAll(
    jobs: Iterable<WasmJob>,
    take: (result: WasmResult, index: number) => void,
  ): Promise<void> {
    const inFlight: Promise<WasmResult>[] = [];
    let index = 0;
    const takeOldest = async () => take(await inFlight.shift()!, index++);
    for (const job of jobs) {
      const result = run(job);
      // A later job's failure is reported when its turn comes, or not at all
      // when an earlier one fails.
      result.catch(() => {});
      inFlight.push(result);
      // One job more than workers, so that none waits for this thread.
      if (inFlight.length > workers) await takeOldest();
    }
    while (inFlight.length > 0) await takeOldest();
  }

  return {
    workers,
    run,
    runAll,
    close() {
      closed = true;
      const error = new BackendError("Cannot run a job: the pool was closed");
      for (const { reject } of queue.splice(0)) reject(error);
      for (const { worker, pending } of seats.splice(0)) {
        worker.terminate();
        pending?.reject(error);
      }
    },
  };
}

/** What a worker reported, as an error. */
function failure({ error, kind }: { error: string; kind: string }): Error {
  return new BackendError(
    kind === "RangeError" && error.startsWith("Cannot")
      ? error
      : `Cannot run a job: the kernel failed with ${kind}: ${error}`,
  );
}
