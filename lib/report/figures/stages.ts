/** Where training went on to its next stage, along an axis of updates. */
import type { StageChange } from "../../train/stage_changes.ts";
import type { Spec } from "../types.ts";
import { upright } from "./layers.ts";

export {
  stageChanges,
  type StagedEvaluation,
} from "../../train/stage_changes.ts";

/** An upright line at each change, fainter than those of a rule. */
export function stageMarks(changes: readonly StageChange[]): Spec[] {
  return changes.map(({ update }) =>
    upright(update, { strokeDash: [1, 0], opacity: 0.3 })
  );
}

/** What a caption says of the lines; nothing where there are none. */
export function stagesText(changes: readonly StageChange[]): string {
  if (changes.length === 0) return "";
  const all = changes.map(({ update, to }) => `to ${to} (update ${update})`);
  return ` Upright lines: training went on ${all.join(", ")}.`;
}
