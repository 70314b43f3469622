/** The paper's numbers beside ours. */
import type { KnownValue, Measure } from "../figures_panels.ts";
import {
  meanAndMedian,
  percentSpread,
  proportion,
  type TextTable,
} from "../report_tables.ts";
import type { GroupSummary } from "../summary.ts";
import type { FigurePlan, PaperValue } from "./types.ts";

/** What a measure is called in the table. */
const names: Readonly<Record<Measure, string>> = {
  trained: "networks that learn the task",
  updates: "updates to the criteria",
  performance: "spiking performance",
  good: "spiking networks at 95 %",
};

/**
 * The table of comparison: one row for every number of the paper that is known.
 *
 * @param plan with the paper's numbers
 * @param groups of the plan's conditions
 */
export function comparisonTable(
  plan: FigurePlan,
  groups: readonly GroupSummary[],
): TextTable {
  return {
    caption: "The paper’s numbers (Kim, Li and Sejnowski, PNAS 116:22811, " +
      "2019) beside those of these networks. What the paper shows as a curve " +
      "only is not read off it.",
    head: [plan.axis, "Quantity", "Paper", "Here", "Difference"],
    rows: plan.paper.map((value) => {
      const group = groupOf(groups, value);
      return [
        value.condition,
        names[value.measure],
        value.text + (value.note ? ` (${value.note})` : ""),
        group ? ours(group, value.measure) : "–",
        group ? difference(group, value) : "–",
      ];
    }),
  };
}

/** The numbers that go into the figure. */
export function drawnValues(
  plan: FigurePlan,
  groups: readonly GroupSummary[],
): KnownValue[] {
  return plan.paper.flatMap((value) => {
    const group = groupOf(groups, value);
    if (!group || value.drawn === false) return [];
    return [{
      measure: value.measure,
      group,
      value: value.value,
      ...(value.sd !== undefined && { sd: value.sd }),
    }];
  });
}

function groupOf(
  groups: readonly GroupSummary[],
  { condition }: PaperValue,
): GroupSummary | undefined {
  return groups.find(({ varied }) => varied.condition === condition);
}

function ours(group: GroupSummary, measure: Measure): string {
  switch (measure) {
    case "trained":
      return proportion(group.trained);
    case "updates":
      return meanAndMedian(group.updates);
    case "performance":
      return percentSpread(group.paper.performance);
    case "good":
      return proportion(group.paper.good);
  }
}

/** How far off we are, and for shares whether chance alone may be why. */
function difference(
  group: GroupSummary,
  { measure, value }: PaperValue,
): string {
  if (measure === "updates" || measure === "performance") {
    const { n, mean } = measure === "updates"
      ? group.updates
      : group.paper.performance;
    if (n === 0) return "–";
    return measure === "updates"
      ? signed(mean - value, 0)
      : `${signed(100 * (mean - value), 1)} points`;
  }
  const share = measure === "trained" ? group.trained : group.paper.good;
  if (share.trials === 0) return "–";
  const within = share.low <= value && value <= share.high;
  return `${signed(100 * (share.value - value), 0)} points, ` +
    `${within ? "within" : "outside"} the interval`;
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return (value < 0 ? "−" : "+") + text;
}
