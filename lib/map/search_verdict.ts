/** What to know of a search's result before it is used. */
import { countOf } from "../count.ts";
import type { SearchRecord } from "../network/records.ts";
import type { Proportion, Score } from "../network/scores.ts";
import type { Finding } from "./diagnosis_types.ts";
import type { Activation } from "../network/activations.ts";
import { factorsInstead } from "../network/scaling_factor.ts";
import { percent } from "./findings.ts";
import { limits } from "./verdict.ts";

/** What a search came to. */
export interface SearchJudgement {
  /**
   * Whether the mapping can be used: `false` if it is shown to be right in fewer
   * than 80 % of trials, and not shown to be right in more than an output that
   * is always the same.
   */
  readonly works: boolean;
  /** Gravest first; none if there is nothing to say. */
  readonly findings: readonly Finding[];
}

/** The score of a mapping as it is recorded: with its factors, calibrated. */
export function scoreInUse(search: SearchRecord): Score {
  const { factors, scores, chosen, layers, calibration } = search;
  const last = calibration?.outcomes.findLast(({ kept }) => kept);
  if (last) return last.after;
  return layers?.kept ? layers.score : scores[factors.indexOf(chosen)];
}

/**
 * Judges the result of a search by its own rule.
 *
 * @param search the record
 * @param chance the share of trials that an output is right in which is always
 *   the same, see `chanceLevel`
 * @param activation of the rate network: what factors can be meant for it
 */
export function judgeSearch(
  search: SearchRecord,
  chance: number,
  activation: Activation,
): SearchJudgement {
  const { select, calibration } = search;
  const right = scoreInUse(search)[select];
  const works = !(right.high < limits.enough && right.low <= chance);
  const findings = [
    ...performanceFindings(right, search, { works, chance }),
    // A calibrated network is not what the grid was searched for.
    ...(calibration?.outcomes.some(({ kept }) => kept)
      ? []
      : edgeFindings(search, activation)),
  ];
  return { works, findings };
}

/** The mapping's own factor, or factors, in words. */
function factorText({ chosen, layers }: SearchRecord): string {
  return layers?.kept
    ? `with the factors ${layers.factors.join(", ")}`
    : `with the factor ${chosen}`;
}

function performanceFindings(
  right: Proportion,
  search: SearchRecord,
  { works, chance }: { readonly works: boolean; readonly chance: number },
): Finding[] {
  const of = `${factorText(search)} the spiking network is right in ` +
    `${percent(right.value)} of ${countOf(right.trials, "trial")} ` +
    (search.select === "paper" ? "(paper's rule)" : "(strict rule)");
  const numbers = { value: right.value, trials: right.trials, chance };
  const beyond = search.calibration
    ? "train the rate network further, or search other factors"
    : "--calibrate tune fits more than the factor; see whether the rate " +
      "network does its task";
  if (!works) {
    return [{
      code: "at-chance",
      severity: "problem",
      message: `${of}, an output that is always the same in ` +
        percent(chance),
      numbers,
      advice: beyond,
    }];
  }
  if (right.low >= limits.enough) return [];
  if (right.high < limits.enough) {
    return [{
      code: "performance",
      severity: "problem",
      message: of,
      numbers,
      advice: beyond,
    }];
  }
  return [{
    code: "undecided",
    severity: "warning",
    message: `${of}: that leaves between ${percent(right.low)} and ` +
      percent(right.high),
    numbers: { ...numbers, low: right.low, high: right.high },
    advice: "try more trials (--trials)",
  }];
}

function edgeFindings(
  { factors, chosen }: SearchRecord,
  activation: Activation,
): Finding[] {
  const lowest = Math.min(...factors);
  const highest = Math.max(...factors);
  if (lowest === highest || chosen !== lowest && chosen !== highest) return [];
  const low = chosen === lowest;
  const next = beyondEdge([...factors], low)
    .filter((factor) => factorsInstead(factor, activation) === undefined);
  return [{
    code: "factor-at-edge",
    severity: "warning",
    message: `the scaling factor ${chosen} is the ` +
      `${low ? "smallest" : "largest"} of those searched`,
    numbers: { factor: chosen, lowest, highest },
    // The edge itself is among them.
    advice: next.length > 1
      ? `search on: --force --factors ${next.join(" ")}`
      : `nothing beyond it can be meant: search ${
        low ? "larger" : "smaller"
      } factors`,
  }];
}

/** Factors on the other side of an edge of the grid, and the edge itself. */
function beyondEdge(factors: number[], low: boolean): number[] {
  const sorted = factors.toSorted((a, b) => low ? a - b : b - a);
  const edge = sorted[0];
  if (!low) {
    const step = edge - sorted[1];
    return Array.from({ length: 6 }, (_, k) => round(edge + k * step));
  }
  const below = [1, 0.8, 0.6, 0.4, 0.2].map((share) => round(share * edge));
  return [...new Set(below)].reverse();
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
