/** A sweep from its points to their results, with what is told on the way. */
import type { Engine, Point } from "../../sweep/types.ts";
import { readFailure, stateOf } from "../../sweep/folder.ts";
import { InterruptedError } from "../../runs/errors.ts";
import { type Interruption, isAbort } from "../../runs/interrupt.ts";
import type { Output } from "../output.ts";

/** How a sweep stands: numbers of points. */
export interface SweepCounts {
  readonly points: number;
  readonly done: number;
  readonly failed: number;
}

/**
 * Runs the points that have no result yet.
 *
 * @param folder of the sweep
 * @param points all of them
 * @returns how the sweep stands at the end
 * @throws {InterruptedError} after Ctrl-C
 */
export async function runSweep(
  folder: string,
  points: readonly Point[],
  { engine, retries, output, interruption }: {
    readonly engine: Engine;
    readonly retries: number;
    readonly output: Output;
    readonly interruption: Interruption;
  },
): Promise<SweepCounts> {
  const states = await Promise.all(
    points.map(({ id }) =>
      stateOf(
        folder,
        id,
        (reason) => output.problem(`${reason}; the point is run again`),
      )
    ),
  );
  const open = points.filter((_, index) => states[index] !== "done");
  const before = points.length - open.length;
  if (before > 0) {
    output.note(`${before} of ${points.length} points are done already`);
  }
  let done = before;
  let failed = 0;
  const running = new Set<string>();
  const begun = performance.now();
  // Points take minutes: what is left is told by all that this run has done.
  const rate = () => (done - before) / ((performance.now() - begun) / 1000);
  const show = () =>
    output.progress({
      label: "sweep",
      done,
      total: points.length,
      unit: "points",
      rate: rate(),
      details: [
        `${running.size} running`,
        ...(failed > 0 ? [`${failed} failed`] : []),
      ],
    });
  const clock = setInterval(show, 1000);
  try {
    const context = { folder, retries, signal: interruption.signal };
    for await (const event of engine.run(open, context)) {
      output.event({ ...event });
      switch (event.kind) {
        case "point-started":
          running.add(event.id);
          break;
        case "point-done":
          running.delete(event.id);
          done++;
          break;
        case "point-failed":
          running.delete(event.id);
          if (event.retriesLeft === 0) failed++;
          output.problem(
            `${event.id}: ${event.reason}` +
              (event.retriesLeft > 0 ? "; it will be tried again" : ""),
          );
          break;
        case "engine":
          output.note(event.message);
      }
      show();
    }
  } catch (error) {
    if (!isAbort(error) && !interruption.signal.aborted) throw error;
    throw new InterruptedError(
      `Interrupted: ${done} of ${points.length} points are done, ` +
        "run the same command to go on",
      { cause: error },
    );
  } finally {
    clearInterval(clock);
    output.endProgress();
  }
  return { points: points.length, done, failed };
}

/**
 * How all points of a sweep stand, with the reasons of those that failed or whose
 * result is damaged.
 */
export async function surveySweep(folder: string, points: readonly Point[]) {
  return await Promise.all(points.map(async ({ id }) => {
    let reason: string | undefined;
    const state = await stateOf(folder, id, (why) => reason = why);
    if (state === "failed") reason = await readFailure(folder, id);
    return { id, state, reason };
  }));
}
