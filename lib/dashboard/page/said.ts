/** What the page says beside its plots. */
import type { ThinRates } from "../../records/log_lines.ts";
import { shown } from "./plot.ts";
import type { RunView } from "./state.ts";

/** How many of the units are shown, in words. */
export function someOf({ rows, unitStride }: ThinRates, all: string): string {
  return unitStride === 1
    ? `${rows} units`
    : `every ${ordinal(unitStride)} of ${all}`;
}

/** The last loss of a run that is alone. */
export function lossSaid(runs: readonly RunView[]): string {
  const last = runs.length === 1 ? runs[0].loss.at(-1) : undefined;
  return last ? `${shown(last.loss)} at update ${last.update}` : "";
}

/** The last evaluation of a run that is alone. */
export function performanceSaid(runs: readonly RunView[]): string {
  const last = runs.length === 1 ? runs[0].evaluated.at(-1) : undefined;
  if (!last) return "";
  const { score: { paper, strict }, update, noiseLevel = 1, lesson } = last;
  return `paper rule ${percent(paper)}, strict rule ${percent(strict)} at ` +
    `update ${update}` +
    (lesson === undefined ? "" : `, curriculum stage ${lesson}`) +
    `${noiseLevel === 1 ? "" : `, noise ${noiseLevel}x`}`;
}

/** Which trial of a run is shown. */
export function exampleSaid(run: RunView | undefined): string {
  if (!run?.example) return "";
  const { example, update } = run.example;
  return `a trial of condition ${conditionSaid(example)} at update ${update}`;
}

/** A trial's condition, in the task's words if it has any. */
export function conditionSaid(
  { condition, label }: { readonly condition: string; readonly label?: string },
): string {
  return label ?? condition;
}

/** How far a search over one factor is. */
export function searchSaid(run: RunView | undefined): string {
  if (!run || run.factors.length === 0) return "";
  const failed = run.failedFactors > 0
    ? `, ${run.failedFactors} could not be tried`
    : "";
  return run.mapped
    ? `chosen ${run.mapped.chosen}${failed}`
    : `${run.factors.length} factors so far${failed}`;
}

/** A number, or a dash where it is unknown. */
export function number(value: number | null): string {
  return value === null ? "–" : shown(value);
}

/** A share in per cent, or a dash where it is unknown. */
export function percent(value: number | null): string {
  return value === null ? "–" : `${shown(100 * value)} %`;
}

/** The n-th, from the second on. */
export function ordinal(n: number): string {
  return n === 2 ? "second" : n === 3 ? "third" : `${n}th`;
}
