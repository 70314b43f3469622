/** The engine that runs points on this machine: a pool of workers. */
import { processors } from "../platform/threads.ts";
import { forgetFailure, hasResult, writeFailure } from "./folder.ts";
import type { Engine, EngineContext, Point, SweepEvent } from "./types.ts";

/** What a worker is told: to run a point. */
export interface PointJob {
  readonly folder: string;
  readonly point: Point;
  readonly trials: number;
  /** SHA-256 of task files that run with the program's permissions. */
  readonly trusted: readonly string[];
}

/** What a worker tells: that it is done with a point, or why not. */
export interface PointReply {
  readonly id: string;
  readonly reason?: string;
}

/** Why a point was not run to its end. */
export interface PointTrouble {
  readonly text: string;
  /** The worker itself cannot be used any more. */
  readonly broken: boolean;
}

/** What runs points, one after the other. */
export interface PointWorker {
  /**
   * Runs a point; undefined when it says that all went well. An aborted run ends
   * soon, and leaves the worker broken.
   */
  run(job: PointJob, signal: AbortSignal): Promise<PointTrouble | undefined>;
  /** Ends it, whatever it does. */
  end(): void;
}

/** Options of the local engine. */
export interface LocalOptions {
  /** Makes what runs points: a worker of `webPointWorker`, for one. */
  readonly makeWorker: () => PointWorker;
  /** Trials of the final evaluation of a point. */
  readonly trials: number;
  /** SHA-256 of task files that run with the program's permissions; none by default. */
  readonly trusted?: readonly string[];
  /** Points that run at once: one per core by default. */
  readonly workers?: number;
}

/**
 * Makes the engine. Points run in workers, one core each, in the order given;
 * results do not depend on how many there are. A worker that breaks costs its
 * point an attempt and is replaced. An aborted run, or one whose events are not
 * read to their end, ends its workers at once: each point goes on from its last
 * checkpoint when it is run again.
 *
 * @throws {RangeError} if the number of workers is not a whole number from 1
 */
export function localEngine(options: LocalOptions): Engine {
  const { workers = processors(), trusted = [] } = options;
  if (!Number.isSafeInteger(workers) || workers < 1) {
    throw new RangeError(
      `Cannot run points: workers is ${workers}, allowed are whole numbers from 1`,
    );
  }
  return {
    name: "local",
    run: (points, context) =>
      runPool(points, context, { ...options, workers, trusted }),
  };
}

async function* runPool(
  points: readonly Point[],
  { folder, signal: stop, retries }: EngineContext,
  { makeWorker, trials, trusted, workers }: Required<LocalOptions>,
): AsyncGenerator<SweepEvent> {
  const waiting = points.map((point) => ({ point, left: retries }));
  const events: SweepEvent[] = [];
  let wake = () => {};
  let running = 0;
  // Whoever stops reading stops the run.
  const unread = new AbortController();
  const signal = AbortSignal.any([unread.signal, ...(stop ? [stop] : [])]);
  const tell = (event: SweepEvent) => {
    events.push(event);
    wake();
  };

  /** One worker's life: points until none is left. */
  async function work(number: number): Promise<void> {
    let worker: PointWorker | undefined;
    try {
      for (;;) {
        const next = waiting.shift();
        if (!next || signal.aborted) return;
        const { point, left } = next;
        tell({
          kind: "point-started",
          id: point.id,
          where: `worker ${number}`,
        });
        await forgetFailure(folder, point.id);
        worker ??= makeWorker();
        const job = { folder, point, trials, trusted };
        const reason = await worker.run(job, signal);
        if (signal.aborted) return;
        // Only the file counts: a reply may tell of a result that is not there.
        if (reason === undefined && await hasResult(folder, point.id)) {
          tell({ kind: "point-done", id: point.id });
          continue;
        }
        const text = reason?.text ?? "its result was not written";
        if (reason === undefined || reason.broken) {
          worker.end();
          worker = undefined;
          // A worker that is well has written why.
          await writeFailure(folder, point.id, text);
        }
        tell({
          kind: "point-failed",
          id: point.id,
          reason: text,
          retriesLeft: left,
        });
        if (left > 0) waiting.push({ point, left: left - 1 });
      }
    } finally {
      worker?.end();
    }
  }

  let failure: unknown;
  const pool = Array.from(
    { length: Math.min(workers, points.length) },
    async (_, index) => {
      running++;
      try {
        await work(index + 1);
      } catch (error) {
        failure ??= error;
        waiting.length = 0;
      } finally {
        running--;
        wake();
      }
    },
  );
  try {
    while (running > 0 || events.length > 0) {
      yield* events.splice(0);
      if (running > 0 && events.length === 0) {
        await new Promise<void>((resolve) => wake = resolve);
      }
    }
  } finally {
    unread.abort();
    await Promise.all(pool);
  }
  if (failure) throw failure;
  stop?.throwIfAborted();
}

/**
 * A web worker as what runs points.
 *
 * @param worker that takes a `PointJob` and answers with a `PointReply`
 */
export function webPointWorker(worker: Worker): PointWorker {
  return {
    run: (job, signal) =>
      new Promise((resolve) => {
        const ended = new AbortController();
        const end = (trouble?: PointTrouble) => {
          ended.abort();
          resolve(trouble);
        };
        const options = { signal: ended.signal };
        const answer = ({ data }: MessageEvent<PointReply>) => {
          if (data.id !== job.point.id) return;
          end(data.reason ? { text: data.reason, broken: false } : undefined);
        };
        const interrupt = () => end({ text: "interrupted", broken: true });
        worker.addEventListener("message", answer, options);
        worker.addEventListener("error", (event) => {
          event.preventDefault();
          end({ text: `its worker broke: ${event.message}`, broken: true });
        }, options);
        signal.addEventListener("abort", interrupt, options);
        if (signal.aborted) interrupt();
        else worker.postMessage(job);
      }),
    end: () => worker.terminate(),
  };
}
