/** A sweep from its points to their results. */
import { archivedPoints } from "../../sweep/archives.ts";
import { readFailure, stateOf } from "../../sweep/folder.ts";
import type {
  Engine,
  Point,
  PointState,
  SweepCounts,
  SweepEvent,
} from "../../sweep/types.ts";

/** Events of running points: a start, then the events of an engine. */
export type RunEvent =
  | SweepEvent
  /** All that is there already was found; `open` points are run. */
  | {
    readonly kind: "sweep-started";
    readonly points: number;
    readonly done: number;
    readonly open: number;
    /** Results that cannot be read: their points are run again. */
    readonly damaged: readonly string[];
  };

/**
 * Runs the points that have no result yet.
 *
 * @param folder of the sweep
 * @param points all of them
 * @param options the engine; how often a failed point is tried again; a signal that
 *   ends the run
 * @returns what happens; as the generator's value, how the sweep stands at the end
 * @throws the signal's reason once it is aborted
 */
export async function* runPoints(
  folder: string,
  points: readonly Point[],
  { engine, retries, signal }: {
    readonly engine: Engine;
    readonly retries: number;
    readonly signal?: AbortSignal;
  },
): AsyncGenerator<RunEvent, SweepCounts> {
  const damaged: string[] = [];
  const archived = await archivedPoints(
    folder,
    (_, reason) => damaged.push(reason),
  );
  const states = await Promise.all(
    points.map(({ id }) =>
      archived.has(id)
        ? "done"
        : stateOf(folder, id, (reason) => damaged.push(reason))
    ),
  );
  const open = points.filter((_, index) => states[index] !== "done");
  let done = points.length - open.length;
  let failed = 0;
  yield {
    kind: "sweep-started",
    points: points.length,
    done,
    open: open.length,
    damaged,
  };
  for await (const event of engine.run(open, { folder, retries, signal })) {
    if (event.kind === "point-done") done++;
    if (event.kind === "point-failed" && event.retriesLeft === 0) failed++;
    yield event;
  }
  return { points: points.length, done, failed };
}

/** State of one point of a sweep. */
export interface PointStanding {
  /** The point's name. */
  readonly id: string;
  /** Its state. */
  readonly state: PointState;
  /** Why it failed, or why its result cannot be read. */
  readonly reason?: string;
}

/**
 * The state of all points of a sweep, with reasons for those that failed or
 * whose result is damaged.
 */
export async function surveySweep(
  folder: string,
  points: readonly Point[],
): Promise<PointStanding[]> {
  const archived = await archivedPoints(folder);
  return await Promise.all(points.map(async ({ id }) => {
    if (archived.has(id)) return { id, state: "done" as const };
    let reason: string | undefined;
    const state = await stateOf(folder, id, (why) => reason = why);
    if (state === "failed") reason = await readFailure(folder, id);
    return { id, state, reason };
  }));
}
