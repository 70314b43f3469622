/**
 * The program of a worker of analyses, for a pool. It runs as the text that
 * tools/build_workers.ts makes of it.
 */
import type { FromWorker, ToWorker } from "../backend/pool_worker.ts";
import { threadLocks } from "../platform/threads.ts";
import { type JobOf, workerJobs, type WorkName } from "./worker_jobs.ts";

/** One piece of work. */
export interface NamedJob {
  readonly name: WorkName;
  readonly job: JobOf<WorkName>;
}

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ToWorker<NamedJob>>) => void;
  postMessage(message: FromWorker<unknown>): void;
};

async function answer(id: number, { name, job }: NamedJob): Promise<void> {
  try {
    const work = workerJobs[name] as (
      job: unknown,
      onDone: (done: number) => void,
    ) => unknown;
    const result = await work(job, (done) => scope.postMessage({ id, done }));
    scope.postMessage({ id, result });
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(`${thrown}`);
    scope.postMessage({ id, error: error.message, kind: error.name });
  }
}

scope.onmessage = ({ data }) => {
  if (!("modules" in data)) return void answer(data.id, data.job);
  const ready = () => scope.postMessage({ ready: true });
  const locks = threadLocks();
  if (locks === undefined) return ready();
  // Held until the worker ends, so that the pool knows of it.
  locks.request(data.life, () => {
    ready();
    return new Promise<void>(() => {});
  });
};
