/** Parts of an analysis side by side, each in a thread. */
import { openPool } from "../backend/pool.ts";
import { canShareMemory } from "../platform/threads.ts";
import { heedAbort } from "../platform/turn.ts";
import type { SpikeTrains } from "./activity.ts";
import type { NamedJob } from "./worker.ts";
import {
  type JobOf,
  type OnDone,
  type ResultOf,
  workerJobs,
  type WorkName,
} from "./worker_jobs.ts";
import { workerProgram } from "./worker_program.ts";

/** How work is shared. */
export interface SharedWorkOptions {
  /** Threads. Defaults to 1: the program's own. */
  readonly workers?: number;
  /** Stops the work. */
  readonly signal?: AbortSignal;
}

/**
 * Does jobs of one kind. What comes out does not depend on the number of
 * workers, since each job is done by itself.
 *
 * @param name what is to be done
 * @param jobs with what, in the order of the results
 * @param options threads, what stops it, and who hears how many parts of all
 *   jobs are done: awaited where the program's own thread works
 * @throws {BackendError} if no worker can be started
 */
export async function inWorkers<Name extends WorkName>(
  name: Name,
  jobs: readonly JobOf<Name>[],
  { workers = 1, signal, onDone }: SharedWorkOptions & {
    readonly onDone?: OnDone;
  },
): Promise<ResultOf<Name>[]> {
  signal?.throwIfAborted();
  const done = jobs.map(() => 0);
  const told = (k: number) => (parts: number) => {
    done[k] = parts;
    return onDone?.(done.reduce((sum, count) => sum + count, 0));
  };
  const threads = Math.min(workers, jobs.length);
  if (!(threads > 1)) {
    const work = workerJobs[name] as (
      job: JobOf<Name>,
      onDone: OnDone,
      signal?: AbortSignal,
    ) => Promise<ResultOf<Name>>;
    const results: ResultOf<Name>[] = [];
    for (const [k, job] of jobs.entries()) {
      const tell = told(k);
      results.push(
        await work(job, async (parts) => {
          await tell(parts);
          await heedAbort(signal);
        }, signal),
      );
    }
    return results;
  }
  const pool = openPool<NamedJob, ResultOf<Name>>({
    workers: threads,
    modules: {},
    program: () => workerProgram,
  });
  const stop = () => pool.close();
  signal?.addEventListener("abort", stop, { once: true });
  // What a listener throws stops the signal's work as well: it is thrown there.
  const tell = (k: number) => (parts: number) =>
    void Promise.resolve(told(k)(parts)).catch(() => {});
  try {
    return await Promise.all(
      jobs.map((job, k) => pool.run({ name, job }, tell(k))),
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
    pool.close();
  }
}

/** A list of numbers that threads read without a copy each, where they can. */
export function shareable<
  Values extends Float32Array | Float64Array | Uint32Array | Uint8Array,
>(values: Values, workers = 1): Values {
  if (!(workers > 1 && canShareMemory())) return values;
  const buffer = new SharedArrayBuffer(values.byteLength);
  const copy =
    new (values.constructor as new (of: SharedArrayBuffer) => Values)(
      buffer,
    );
  copy.set(values);
  return copy;
}

/** Spikes that threads read without a copy each, where they can. */
export function sharedTrains(
  trains: SpikeTrains,
  workers: number,
): SpikeTrains {
  return {
    ...trains,
    trial: shareable(trains.trial, workers),
    unit: shareable(trains.unit, workers),
    time: shareable(trains.time, workers),
  };
}

/** The whole numbers below `count`, in parts as equal as can be. */
export function spans(
  count: number,
  parts: number,
): { readonly from: number; readonly to: number }[] {
  const number = Math.max(1, Math.min(count, parts));
  return Array.from({ length: number }, (_, k) => ({
    from: Math.floor(k * count / number),
    to: Math.floor((k + 1) * count / number),
  }));
}
