/**
 * Workers that run jobs. Defaults to those of kernels. Each holds one private instance of every
 * module. They start from text and are sent the compiled modules, so that no
 * permission is needed.
 */
import { heard } from "../heard.ts";
import { BackendError } from "../errors.ts";
import type { WasmJob, WasmResult } from "../kernels/job.ts";
import {
  processors,
  startThread,
  type Thread,
  threadLocks,
} from "../platform/threads.ts";
import { type FromWorker, type ToWorker, workerSource } from "./pool_worker.ts";

/** How a pool is opened. */
export interface PoolOptions {
  /** Number of workers. Defaults to as many as the machine has processors. */
  readonly workers?: number;
  /** Compiled modules by the names that jobs use. They import nothing. */
  readonly modules: Readonly<Record<string, WebAssembly.Module>>;
  /**
   * Gives the program of the next worker, which takes and gives the messages of
   * `pool_worker.ts`. Defaults to the one that runs kernels.
   */
  readonly program?: () => string;
  /** Time that a worker has to start, ms. Defaults to a minute. */
  readonly startMs?: number;
}

/** Workers that take jobs. */
export interface Pool<Job = WasmJob, Result = WasmResult> {
  /** Number of workers. */
  readonly workers: number;
  /**
   * Runs a job.
   *
   * @param onDone is told how far it has come, where its program says so; from
   *   the beginning again where a worker died of it
   * @throws {BackendError} if the job fails, or the pool is closed first
   */
  run(job: Job, onDone?: (done: number) => void): Promise<Result>;
  /**
   * Runs jobs, of which only as many are asked for at a time as keep the workers
   * busy: neither jobs nor results pile up.
   *
   * @param take is given each result, in the order of the jobs
   * @throws {BackendError} if a job fails: the first one that does, in order
   */
  runAll(
    jobs: Iterable<Job>,
    take: (result: Result, index: number) => void,
  ): Promise<void>;
  /** Ends the workers; jobs not yet done are rejected. */
  close(): void;
}

/** Names of lives: the page's other programs may have pools as well. */
const started = crypto.getRandomValues(new Uint32Array(4)).join("-");
let lives = 0;

/** How often a job is tried whose worker dies, and a worker that does not start. */
const attempts = 3;

interface Pending<Job, Result> {
  readonly id: number;
  readonly job: Job;
  readonly onDone?: (done: number) => void;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
  deaths: number;
}

/** A worker and the job that it is at. */
interface Seat<Job, Result> {
  /** None until it is started, and between two. */
  worker?: Thread;
  /** Ends the time that it has to start. */
  clock?: ReturnType<typeof setTimeout>;
  /** Whether the worker has its modules, and would be missed. */
  ready: boolean;
  pending: Pending<Job, Result> | undefined;
}

/**
 * Opens a pool of workers.
 *
 * A job's result does not depend on the worker it runs in: a worker that dies is
 * replaced, and its job run again.
 *
 * @throws {RangeError} if the number of workers is not a whole number from 1
 */
export function openPool<Job = WasmJob, Result = WasmResult>(
  options: PoolOptions,
): Pool<Job, Result> {
  const { modules, program = () => workerSource, startMs = 60_000 } = options;
  const workers = options.workers ?? processors();
  if (!(Number.isInteger(workers) && workers >= 1)) {
    throw new RangeError(
      `Cannot open a pool: ${workers} workers, allowed are whole numbers from 1`,
    );
  }
  const queue: Pending<Job, Result>[] = [];
  const seats: Seat<Job, Result>[] = [];
  let nextId = 0;
  /** Why no further job is run. */
  let over: BackendError | undefined;
  /** Workers in a row that did not start. */
  let unstarted = 0;

  /** Starts a seat's worker, listens to it and gives it the modules. */
  function hire(at: Seat<Job, Result>): void {
    const life = `spikernn worker ${++lives} of ${started}`;
    at.ready = false;
    const onEnd = (reason: string) => {
      if (at.worker === worker) replace(at, reason);
    };
    const onMessage = (message: unknown) => {
      const data = message as FromWorker<Result>;
      if ("ready" in data) {
        at.ready = true;
        unstarted = 0;
        clearTimeout(at.clock);
        // A worker that ends without a word lets go of its lock.
        threadLocks()?.request(life, () => onEnd("it ended"));
        next();
        return;
      }
      const { pending } = at;
      if (pending === undefined || pending.id !== data.id) return;
      if ("done" in data) return pending.onDone?.(data.done);
      at.pending = undefined;
      if ("result" in data) pending.resolve(data.result);
      else pending.reject(failure(data));
      next();
    };
    let worker: Thread | undefined;
    try {
      worker = at.worker = startThread(program(), {
        ...{ name: "spikernn kernels", onMessage, onEnd },
      });
      worker.post({ modules, life } satisfies ToWorker<Job>);
    } catch (error) {
      // Not at once: whoever asked for the pool has its promise first.
      const reason = error instanceof Error ? error.message : `${error}`;
      at.clock = setTimeout(() => replace(at, reason));
      return;
    }
    at.clock = setTimeout(
      () => onEnd(`it gave no sign within ${startMs / 1000} s`),
      startMs,
    );
  }

  function replace(at: Seat<Job, Result>, reason: string): void {
    if (over) return;
    clearTimeout(at.clock);
    at.worker?.end();
    at.worker = undefined;
    if (!at.ready && ++unstarted >= attempts) return fail(reason);
    const { pending } = at;
    at.pending = undefined;
    if (pending !== undefined) {
      pending.deaths++;
      if (pending.deaths < attempts) queue.unshift(pending);
      else {
        pending.reject(
          new BackendError(
            `Cannot run a job: ${attempts} workers died of it, ` +
              `the last one with "${oneLine(reason)}"`,
          ),
        );
      }
    }
    hire(at);
    next();
  }

  /** Gives up: where no worker starts, jobs would wait for ever. */
  function fail(reason: string): void {
    end(
      new BackendError(
        `Cannot run a job: ${attempts} workers in a row did not start, the ` +
          `last one with "${oneLine(reason)}"; one worker runs in the ` +
          "program itself",
      ),
    );
  }

  function end(error: BackendError): void {
    over = error;
    for (const { reject } of queue.splice(0)) reject(error);
    for (const { worker, clock, pending } of seats.splice(0)) {
      clearTimeout(clock);
      worker?.end();
      pending?.reject(error);
    }
  }

  /** Gives waiting jobs to idle workers. */
  function next(): void {
    while (queue.length > 0) {
      const idle = seats.find((at) => at.ready && at.pending === undefined);
      if (idle === undefined) {
        // Those that are starting take the first of the jobs that wait.
        const starting = seats.filter(({ ready }) => !ready).length;
        if (starting >= queue.length || seats.length >= workers) return;
        const made: Seat<Job, Result> = { ready: false, pending: undefined };
        seats.push(made);
        hire(made);
        continue;
      }
      const pending = queue.shift()!;
      idle.pending = pending;
      // Not transferred: the job must still be there if the worker dies.
      idle.worker!.post(
        { id: pending.id, job: pending.job } satisfies ToWorker<Job>,
      );
    }
  }

  function run(job: Job, onDone?: (done: number) => void): Promise<Result> {
    if (over) return Promise.reject(over);
    return new Promise((resolve, reject) => {
      queue.push({ id: nextId++, job, onDone, resolve, reject, deaths: 0 });
      next();
    });
  }

  async function runAll(
    jobs: Iterable<Job>,
    take: (result: Result, index: number) => void,
  ): Promise<void> {
    const inFlight: Promise<Result>[] = [];
    let index = 0;
    const takeOldest = async () => take(await inFlight.shift()!, index++);
    for (const job of jobs) {
      // A later job's failure is reported when its turn comes, or not at all
      // when an earlier one fails.
      inFlight.push(heard(run(job)));
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
      end(new BackendError("Cannot run a job: the pool was closed"));
    },
  };
}

/** Some runtimes show the program with what is wrong in it. */
function oneLine(reason: string): string {
  return reason.replace(/\s+/g, " ").trim().slice(0, 200);
}

/** What a worker reported, as an error. */
function failure({ error, kind }: { error: string; kind: string }): Error {
  return new BackendError(
    kind === "RangeError" && error.startsWith("Cannot")
      ? error
      : `Cannot run a job: the kernel failed with ${kind}: ${error}`,
  );
}
