/** A sweep in numbers: its networks in groups of the same varied settings. */
import { mean, median, sampleStandardDeviation } from "simple-statistics";
import type { Proportion } from "../network/scores.ts";
import { wilson } from "../simulate/wilson.ts";
import { type Cell, cellOf, inOrder, variedSettings } from "./results.ts";
import type { PointResult } from "./types.ts";

/** Performance from which a spiking network counts as a success, as in the paper. */
export const successLevel = 0.95;

/** Statistics of some numbers. */
export interface Spread {
  /** How many. */
  readonly n: number;
  /** Mean; NaN without numbers, like the median. */
  readonly mean: number;
  /** Standard deviation of a sample (n - 1); NaN for fewer than two numbers. */
  readonly sd: number;
  /** Median. */
  readonly median: number;
}

/** The spiking networks of a group by one rule. */
export interface SpikingSummary {
  /** Proportion of the trials that are correct. */
  readonly performance: Spread;
  /** Proportion of networks with at least 95 %. */
  readonly good: Proportion;
}

/** Networks that differ only in their seed. */
export interface GroupSummary {
  /** The varied settings that they share, as fields. */
  readonly varied: Readonly<Record<string, Cell>>;
  /** The networks. */
  readonly results: readonly PointResult[];
  /** Networks whose training met the criteria. */
  readonly trained: Proportion;
  /** Of those. */
  readonly updates: Spread;
  /** Trials that those networks have seen. */
  readonly trials: Spread;
  /** Spiking twins of those networks; n is 0 if none was mapped. */
  readonly paper: SpikingSummary;
  /** The same by the strict rule. */
  readonly strict: SpikingSummary;
  /**
   * By the factor alone, strict rule, of networks that are calibrated; n is 0
   * if none is.
   */
  readonly uncalibrated: SpikingSummary;
  /** Performance by the paper's rule at the factor that this rule chooses. */
  readonly paperFactor: SpikingSummary;
  /** The scaling factor that was chosen. */
  readonly factor: Spread;
  /** Firing rates, Hz. */
  readonly excitatoryRate: Spread;
  /** The same of inhibitory units. */
  readonly inhibitoryRate: Spread;
  /** Wall time of a whole point, s. */
  readonly seconds: Spread;
}

/**
 * Groups results by the varied settings, over all seeds, and summarises each
 * group. Statistics of spiking networks are of the twins of networks that met
 * their criteria, as in the paper.
 *
 * @param results of the points, in any order
 * @returns the groups by the values of their settings
 */
export function summariseSweep(
  results: readonly PointResult[],
): GroupSummary[] {
  const settings = variedSettings(results);
  const groups = new Map<string, PointResult[]>();
  for (const result of inOrder(results)) {
    const key = JSON.stringify(
      settings.map((name) => cellOf(result.varied[name])),
    );
    const group = groups.get(key);
    if (group) group.push(result);
    else groups.set(key, [result]);
  }
  return [...groups.values()].map((group) => summariseGroup(group, settings));
}

/** Describes numbers. */
export function spread(values: readonly number[]): Spread {
  const n = values.length;
  return {
    n,
    mean: n > 0 ? mean([...values]) : NaN,
    sd: n > 1 ? sampleStandardDeviation([...values]) : NaN,
    median: n > 0 ? median([...values]) : NaN,
  };
}

function summariseGroup(
  group: readonly PointResult[],
  settings: readonly string[],
): GroupSummary {
  const trained = group.filter((result) => result.trained);
  const spiking = trained.flatMap((result) => result.spiking ?? []);
  type Spiking = typeof spiking[number];
  const by = (performance: (score: Spiking) => number | undefined) => {
    const values = spiking.map(performance)
      .filter((value) => value !== undefined);
    return {
      performance: spread(values),
      good: wilson(
        values.filter((value) => value >= successLevel).length,
        values.length,
      ),
    };
  };
  return {
    varied: Object.fromEntries(
      settings.map((name) => [name, cellOf(group[0].varied[name])]),
    ),
    results: group,
    trained: wilson(trained.length, group.length),
    updates: spread(trained.map(({ updates }) => updates)),
    trials: spread(trained.map(({ trials }) => trials)),
    paper: by(({ paper }) => paper),
    strict: by(({ strict }) => strict),
    uncalibrated: by(({ uncalibrated }) => uncalibrated?.strict),
    paperFactor: by(({ paperFactorPerformance }) => paperFactorPerformance),
    factor: spread(spiking.map(({ factor }) => factor)),
    excitatoryRate: spread(spiking.map((score) => score.excitatoryRate)),
    inhibitoryRate: spread(spiking.map((score) => score.inhibitoryRate)),
    seconds: spread(group.map(({ seconds }) => seconds.total)),
  };
}
