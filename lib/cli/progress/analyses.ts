/** Progress of analyses: trials, then parts of one analysis after the other. */
import type { AnalysisEvent } from "../../runs/analyse/types.ts";
import { Counted } from "../../runs/progress/counted.ts";
import type { Output } from "../output.ts";

/**
 * Shows trials that are simulated and parts of analyses that are done, each
 * analysis in a line of its own.
 *
 * @param output where it is shown; the caller ends the last line
 */
export function analysisProgress(
  output: Output,
): (event: AnalysisEvent) => void {
  let counted: { readonly label: string; readonly view: Counted } | undefined;
  const show = (label: string, unit: string, part: number, total: number) => {
    if (counted?.label !== label) {
      output.endProgress();
      counted = { label, view: new Counted(label, unit, output) };
    }
    counted.view.show(part, total);
  };
  return (event) => {
    if (event.kind === "simulated") {
      show("simulate", "trials", event.done, event.total);
    } else if (event.kind === "analysing") {
      show(event.analysis, "parts", event.done, event.total);
    }
  };
}
