/** The analyses that a report shows. */
import { unitCount } from "../network/geometry.ts";
import type {
  ReportedAnalyses,
  ReportedAnalysis,
} from "../report/page/analyses.ts";
import {
  analyse,
  type AnalysedNetwork,
  type AnalyseOptions,
} from "./analyse/analyse.ts";
import { analysisNames, loadAnalyses } from "./analyse/registry.ts";
import { quickAnalyses, usualBinMs, usualTrials } from "./analyse/settings.ts";
import type { AnalysisEvent } from "./analyse/types.ts";

/** Numbers of activity of a network up to which these are made unasked. */
const mostActivity = 4e7;

/** How a report's analyses are made. */
export interface ReportAnalysesOptions
  extends Pick<AnalyseOptions, "seed" | "signal" | "pause"> {
  /** Names, `all` or `none`; absent: those that take little time. */
  readonly names?: readonly string[];
  /** Hears what happens. */
  readonly onEvent?: (event: AnalysisEvent) => void;
}

/**
 * Makes the analyses of a report. Unasked these are a few that take little time,
 * with fewer trials, and none of a network that is large.
 *
 * @param source network and task; its number of trials is not looked at
 * @param options which analyses, seed, what stops it and who hears of it
 * @returns what they found; undefined for `none`
 * @throws {RangeError} for an unknown analysis
 */
export async function analysesOfReport(
  source: AnalysedNetwork,
  { names = [], onEvent, ...run }: ReportAnalysesOptions,
): Promise<ReportedAnalyses | undefined> {
  if (names.includes("none")) return undefined;
  const asked = names.includes("all") ? analysisNames : names;
  const missing: { name: string; reason: string }[] = [];
  const made: ReportedAnalysis[] = [];
  const unasked = new Map(quickAnalyses);
  const large = asked.length === 0 ? tooLarge(source) : undefined;
  if (large) {
    missing.push(...quickAnalyses.map(([name]) => ({ name, reason: large })));
  }
  const groups = asked.length > 0
    ? Map.groupBy(asked, () => usualTrials)
    : Map.groupBy(large ? [] : unasked.keys(), (name) => unasked.get(name)!);
  for (const [trials, analyses] of groups) {
    const questions = new Map(
      (await loadAnalyses(analyses)).map((one) => [one.name, one.question]),
    );
    const events = analyse({ ...source, trials }, {
      ...run,
      analyses,
      leaveOut: true,
      // A page shows no tables of units.
      unitIntervals: false,
    });
    for await (const event of events) {
      onEvent?.(event);
      if (event.kind === "leftOut") {
        missing.push({ name: event.analysis, reason: event.reason });
      } else if (event.kind === "analysis") {
        const { analysis: name, result } = event;
        const question = questions.get(name)!;
        const { summary, remarks, scalars, figures } = result;
        made.push({
          ...{ name, question, trials, summary, remarks, scalars, figures },
        });
      }
    }
  }
  const others = analysisNames.filter((name) =>
    ![...made, ...missing].some((one) => one.name === name)
  );
  return {
    made,
    missing,
    ...(others.length > 0 && {
      others: `More analyses: report --analyse with ${others.join(", ")} or ` +
        "all; with tables and arrays: analyse.",
    }),
  };
}

/** Why a network is not analysed unasked, if it is not. */
function tooLarge({ model, task }: AnalysedNetwork): string | undefined {
  const [[, trials]] = quickAnalyses;
  const bins = Math.ceil(task.steps * task.stepMs / usualBinMs);
  const size = unitCount(model.network) * bins * trials *
    task.conditions.length;
  return size > mostActivity
    ? "it would take long: ask for it with --analyse"
    : undefined;
}
