/** What a terminal shows of a sweep that runs. */
import { countOf } from "../count.ts";
import type { SweepCounts } from "../sweep/types.ts";
import { InterruptedError } from "../runs/errors.ts";
import { type Interruption, isAbort } from "../runs/interrupt.ts";
import type { RunEvent } from "../runs/sweep/run.ts";
import type { Swept } from "../runs/sweep/sweep.ts";
import type { Output } from "./output.ts";

/**
 * Shows the events of a sweep as they come.
 *
 * @param events of the sweep
 * @param output where they go
 * @param interruption whose signal ends the sweep
 * @returns how the sweep stands at the end
 * @throws {InterruptedError} after Ctrl-C
 */
export async function showSweep(
  events: AsyncIterable<RunEvent | Swept>,
  output: Output,
  { signal }: Interruption,
): Promise<SweepCounts> {
  let [points, before, done, failed] = [0, 0, 0, 0];
  const running = new Set<string>();
  const begun = performance.now();
  // Points take minutes: what is left is told by all that this run has done.
  const rate = () => (done - before) / ((performance.now() - begun) / 1000);
  const show = () =>
    output.progress({
      label: "sweep",
      done,
      total: points,
      unit: "points",
      rate: rate(),
      details: [
        `${running.size} running`,
        ...(failed > 0 ? [`${failed} failed`] : []),
      ],
    });
  const clock = setInterval(show, 1000);
  try {
    for await (const event of events) {
      switch (event.kind) {
        case "sweep-started":
          ({ points, done } = event);
          before = done;
          for (const reason of event.damaged) {
            output.problem(`${reason}; the point is run again`);
          }
          if (before > 0) {
            output.note(
              `${before} of ${
                countOf(points, "point is", "points are")
              } done already`,
            );
          }
          continue;
        case "swept":
          continue;
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
      output.event({ ...event });
      show();
    }
  } catch (error) {
    if (!isAbort(error) && !signal.aborted) throw error;
    throw new InterruptedError(
      `Interrupted: ${done} of ${
        countOf(points, "point is", "points are")
      } done, ` +
        "run the same command to go on",
      { cause: error },
    );
  } finally {
    clearInterval(clock);
    output.endProgress();
  }
  return { points, done, failed };
}
