/** What many networks have in common: means with intervals over networks. */
import { student975 } from "../../lib/analysis/distributions.ts";
import type { CsvCell } from "../../lib/formats/csv.ts";
import { type Mapping, type MeasureName, measures } from "./measures.ts";
import type { TwinRecord } from "./study.ts";

/** A mean over networks. */
export interface MeanOver {
  /** Networks that have a number. */
  readonly networks: number;
  readonly mean: number;
  /** Ends of its 95 % interval (Student's t); NaN for a single network. */
  readonly low: number;
  readonly high: number;
}

/** The ways in which a network is there, in order. */
export const mappings: readonly Mapping[] = ["rate", "factor", "tuned"];

/** One measure of the networks of one task. */
export interface TaskSummary {
  readonly task: string;
  readonly measure: MeasureName;
  /** By mapping; absent if the measure is none of that mapping. */
  readonly values: Readonly<Partial<Record<Mapping, readonly number[]>>>;
  readonly means: Readonly<Partial<Record<Mapping, MeanOver>>>;
  /** What the factor alone changes: the twin less its rate network. */
  readonly mapping?: MeanOver;
  /** What tuning changes: tuned less factor alone, of the same network. */
  readonly tuning?: MeanOver;
}

/**
 * Mean over networks with its interval; what is no number is left out.
 *
 * @param values one number a network
 * @param bounds between which the interval stays
 */
export function meanOver(
  values: readonly number[],
  [least, most]: readonly [number, number] = [-Infinity, Infinity],
): MeanOver {
  const known = values.filter(Number.isFinite);
  const n = known.length;
  const mean = known.reduce((sum, value) => sum + value, 0) / n;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const half = student975(n - 1) * Math.sqrt(squares / (n - 1) / n);
  return {
    networks: n,
    mean,
    low: Math.max(least, mean - half),
    high: Math.min(most, mean + half),
  };
}

/**
 * Sums up a study, by measure and task.
 *
 * @param records of networks; those that did not learn their task are left out
 */
export function summarise(records: readonly TwinRecord[]): TaskSummary[] {
  const learned = records.filter(({ measured }) => measured.length > 0);
  const tasks = [...new Set(learned.map(({ task }) => task))];
  return (Object.keys(measures) as MeasureName[]).flatMap((measure) => {
    const bounds = "share" in measures[measure] ? [0, 1] as const : undefined;
    return tasks.map((task) => {
      const own = learned.filter((record) => record.task === task);
      const of = (mapping: Mapping) =>
        own.map(({ measured }) =>
          measured.find((one) =>
            one.mapping === mapping && one.measure === measure
          )?.value ?? NaN
        );
      const there = mappings.filter((mapping) =>
        of(mapping).some(Number.isFinite)
      );
      const values = Object.fromEntries(
        there.map((mapping) => [mapping, of(mapping)]),
      );
      return {
        task,
        measure,
        values,
        means: Object.fromEntries(
          there.map((mapping) => [mapping, meanOver(values[mapping], bounds)]),
        ),
        ...(values.rate && values.factor && {
          mapping: difference(values.factor, values.rate),
        }),
        ...(values.factor && values.tuned && {
          tuning: difference(values.tuned, values.factor),
        }),
      };
    });
  });
}

function difference(
  values: readonly number[],
  others: readonly number[],
): MeanOver {
  return meanOver(values.map((value, k) => value - others[k]));
}

/** Every number of every network, one a row. */
export function tidyRows(
  records: readonly TwinRecord[],
): Record<string, CsvCell>[] {
  return records.flatMap(({ task, seed, units, trials, tuned, measured }) =>
    measured.map(({ mapping, measure, value }) => ({
      task,
      seed,
      units,
      trials,
      tuning_kept: tuned,
      mapping,
      measure,
      value: Number.isFinite(value) ? value : null,
    }))
  );
}
