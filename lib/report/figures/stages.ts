/** Where training went on to its next stage, along an axis of updates. */
import type { StageChange } from "../../train/stage_changes.ts";
import { ink, textSize } from "../theme.ts";
import type { Spec } from "../types.ts";
import { upright } from "./layers.ts";

export {
  stageChanges,
  type StagedEvaluation,
} from "../../train/stage_changes.ts";

/** Share of the axis that a label needs to itself. */
const labelRoom = 0.035;

/**
 * An upright line at each change, fainter than those of a rule, with what begins
 * there written along it; those too close to the one before are in the caption
 * alone.
 *
 * @param changes in order
 * @param last update at the end of the axis
 */
export function stageMarks(
  changes: readonly StageChange[],
  last: number,
): Spec[] {
  if (changes.length === 0) return [];
  let free = -Infinity;
  const labelled = changes.filter(({ update }) => {
    const fits = update >= free;
    if (fits) free = update + labelRoom * last;
    return fits;
  });
  return [
    ...changes.map(({ update }) =>
      upright(update, { strokeDash: [1, 0], opacity: 0.3 })
    ),
    {
      data: { values: labelled },
      mark: {
        type: "text",
        angle: 270,
        align: "right",
        baseline: "top",
        dy: 1.5,
        fontSize: textSize.label,
        color: ink,
        opacity: 0.8,
      },
      encoding: {
        x: { field: "update", type: "quantitative" },
        y: { value: 1 },
        text: { field: "to" },
      },
    },
  ];
}

/** What a caption says of the lines; nothing if there are none. */
export function stagesText(changes: readonly StageChange[]): string {
  if (changes.length === 0) return "";
  const all = changes.map(({ update, to }) => `to ${to} (update ${update})`);
  return ` Upright lines: training went on ${all.join(", ")}.`;
}
