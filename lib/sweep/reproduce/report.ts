/** The files of a reproduction. */
import { toCsv } from "../../formats/csv.ts";
import type { Figure } from "../../report/types.ts";
import { sweepFigure, type SweepFigureOptions } from "../figures.ts";
import type { Labels } from "../figures_layout.ts";
import { sweepReport } from "../report.ts";
import type { GroupSummary } from "../summary.ts";
import { comparisonTable, drawnValues } from "./compare.ts";
import {
  conditionGroups,
  type ConditionResults,
  conditionRows,
} from "./groups.ts";
import { type PopulationRates, populationsTable } from "./populations.ts";
import type { FigurePlan } from "./types.ts";

/** What was made for a figure. */
export interface Reproduced {
  readonly byCondition: readonly ConditionResults[];
  readonly failed?: readonly { readonly id: string; readonly reason: string }[];
  /** Networks that were asked for and are not there. */
  readonly missing?: number;
  /** Of the networks that met their criteria, where the plan asks for them. */
  readonly populations?: readonly PopulationRates[];
}

/** A file by its name. */
export interface NamedFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/**
 * Makes the files of a figure: `table.md`, `report.html`, `results.csv`,
 * `figure.svg` and `figure.png`; no figure without results.
 *
 * @param plan of the figure
 * @param made its networks
 * @returns the files
 */
export async function reproductionFiles(
  plan: FigurePlan,
  made: Reproduced,
): Promise<NamedFile[]> {
  const { byCondition, failed, missing, populations = [] } = made;
  const groups = conditionGroups(byCondition);
  const rows = conditionRows(plan, byCondition);
  const report = await sweepReport({
    results: byCondition.flatMap(({ results }) => results),
    failed,
    missing,
  }, {
    title: plan.title,
    introduction: [
      ...plan.description,
      "Performance by the paper’s rule is what the paper gives: that in the search, at the factor that is best by this rule. Performance by the strict rule is that of the strictly chosen factor, on fresh trials.",
      `Made with: spikernn reproduce ${plan.figure}`,
    ],
    groups,
    labels: labelsOf(plan),
    tables: [
      ...(plan.paper.length > 0
        ? [{
          title: "Beside the paper",
          table: comparisonTable(plan, groups),
        }]
        : []),
      ...(populations.length > 0
        ? [{
          title: "Firing rates by population",
          table: populationsTable(populations),
        }]
        : []),
    ],
    figure: drawnAs(plan, groups),
  });
  const text = (content: string) => new TextEncoder().encode(content);
  return [
    { name: "table.md", content: text(report.markdown) },
    { name: "report.html", content: text(report.html) },
    { name: "results.csv", content: text(toCsv(rows)) },
    ...(report.figure
      ? [
        { name: "figure.svg", content: report.figure.svg },
        { name: "figure.png", content: report.figure.png },
      ]
      : []),
  ];
}

/**
 * Draws what `figure.svg` shows: the results, with the paper's numbers.
 *
 * @param plan of the figure
 * @param byCondition results of its networks
 * @throws {RangeError} for no results
 */
export function reproductionFigure(
  plan: FigurePlan,
  byCondition: readonly ConditionResults[],
): Figure {
  const groups = conditionGroups(byCondition);
  return sweepFigure(groups, {
    ...drawnAs(plan, groups),
    labels: labelsOf(plan),
  });
}

function drawnAs(
  plan: FigurePlan,
  groups: readonly GroupSummary[],
): SweepFigureOptions {
  return {
    name: "figure",
    title: plan.title,
    known: drawnValues(plan, groups),
    knownName: "paper",
  };
}

function labelsOf({ axis }: FigurePlan): Labels {
  return { title: axis, of: ({ varied }) => String(varied.condition) };
}
