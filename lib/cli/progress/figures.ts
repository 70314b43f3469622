/** Progress of what figures are made of: trials, then eigenvalues. */
import type { Decomposed, Simulated } from "../../records/events.ts";
import type { Output } from "../output.ts";
import { Counted } from "../../runs/progress/counted.ts";

type Piece = Simulated | Decomposed;

/**
 * Shows each piece of the work in a line of its own: another kind is another
 * piece, and so is what begins again.
 *
 * @param label what trials are simulated for: "report"
 * @param output where it is shown; the caller ends the last line
 * @param now milliseconds from any start
 */
export function figureProgress(
  label: string,
  output: Output,
  now: () => number = () => performance.now(),
): (event: Piece) => void {
  const of = (kind: Piece["kind"]) =>
    kind === "simulated"
      ? new Counted(label, "trials", output, now)
      : new Counted("eigenvalues", "%", output, now);
  // Trials are told of when some are done: their time begins before.
  let kind: Piece["kind"] = "simulated";
  let counted = of(kind);
  let last = 0;
  return (event) => {
    if (event.kind !== kind || event.done < last) {
      output.endProgress();
      kind = event.kind;
      counted = of(kind);
    }
    last = event.done;
    counted.show(event.done, event.total);
  };
}
