/**
 * The program of a worker that searches fixed points, for a pool. It runs as the
 * text that tools/build_workers.ts makes of it.
 */
import type { FromWorker, ToWorker } from "../backend/pool_worker.ts";
import { threadLocks } from "../platform/threads.ts";
import { findFixedPoints, type FixedPoints } from "./fixed_points.ts";
import type { RateDynamics } from "./rate_dynamics.ts";

/** A search at one constant input. */
export interface FixedPointJob {
  readonly dynamics: RateDynamics;
  readonly drive: Float64Array;
  readonly starts: readonly Float64Array[];
  readonly mostSpectra?: number;
}

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ToWorker<FixedPointJob>>) => void;
  postMessage(message: FromWorker<FixedPoints>): void;
};

async function answer(id: number, job: FixedPointJob): Promise<void> {
  const { dynamics, drive, starts, mostSpectra } = job;
  try {
    const result = await findFixedPoints(dynamics, drive, starts, {
      ...(mostSpectra !== undefined && { mostSpectra }),
      onProgress: (done) => scope.postMessage({ id, done }),
    });
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
