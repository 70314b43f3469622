/** Histograms of one quantity in several groups, with common bins. */
import { max, min } from "simple-statistics";

/** One bar of a histogram. */
export interface Bin {
  readonly group: string;
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Count over the group's number of values. */
  readonly share: number;
}

/** Steps that read well on an axis: 1, 2 or 5 times a power of ten. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return [1, 2, 5, 10].map((k) => k * power).find((s) => s >= step * 0.999)!;
}

/**
 * Counts values in about `bins` bins of a round width, common to all groups;
 * values that are not finite are left out.
 */
export function histogram(
  groups: readonly {
    readonly name: string;
    readonly values: ArrayLike<number>;
  }[],
  bins = 24,
): Bin[] {
  const finite = groups.map((group) => ({
    name: group.name,
    values: Array.from(group.values).filter(Number.isFinite),
  }));
  const all = finite.flatMap((group) => group.values);
  if (all.length === 0) return [];
  const low = min(all);
  const high = max(all);
  const step = roundStep((high - low || Math.abs(high) || 1) / bins);
  const start = Math.floor(low / step);
  const count = Math.floor(high / step) - start + 1;
  return finite.flatMap(({ name, values }) => {
    const counts = new Array<number>(count).fill(0);
    for (const value of values) {
      counts[Math.min(Math.floor(value / step) - start, count - 1)]++;
    }
    return counts.map((n, k) => ({
      group: name,
      from: (start + k) * step,
      to: (start + k + 1) * step,
      count: n,
      share: values.length === 0 ? 0 : n / values.length,
    }));
  });
}

/** Bars of several groups on top of each other, in the order of their names. */
export function stackedBars(
  bins: readonly Bin[],
  names: readonly string[],
) {
  const heights = new Map<number, number>();
  return names.flatMap((name) =>
    bins.filter((bin) => bin.group === name && bin.count > 0).map((bin) => {
      const bottom = heights.get(bin.from) ?? 0;
      heights.set(bin.from, bottom + bin.count);
      return { ...bin, bottom, top: bottom + bin.count };
    })
  );
}
