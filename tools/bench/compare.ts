/**
 * Compares the times of two checkouts in one process: case by case, a run of the
 * one and a run of the other in turn, so that what else the machine does is the
 * same to both.
 */
import type { BenchCase } from "../../bench/cases.ts";
import {
  median,
  rounded,
  type Yardstick,
  yardstick,
} from "../../bench/flops.ts";

/** Times of one case in two checkouts. */
export interface Compared extends Yardstick {
  readonly name: string;
  /** Medians, ms: of the checkout compared with, and of this one. */
  readonly before: number;
  readonly after: number;
  /** Median of the ratios after / before of neighbouring runs, and its quartiles. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** Runs of each. */
  readonly runs: number;
}

/** How long each case is timed, and by which clock. */
export interface CompareOptions {
  /** Of both checkouts together, after some runs that do not count. */
  readonly seconds: number;
  /** ms */
  readonly now?: () => number;
}

/** Runs of each checkout that do not count, and the fewest that do. */
const warmUps = 3;
const fewestRuns = 5;

/**
 * Times a case in two checkouts.
 *
 * @param before the case in the checkout compared with
 * @param after the same case in this one, by which its figures are told
 */
export async function compareCase(
  before: BenchCase,
  after: BenchCase,
  { seconds, now = () => performance.now() }: CompareOptions,
): Promise<Compared> {
  const [old, here] = [await before.open(), await after.open()];
  const timed = async (run: () => Promise<unknown>) => {
    const start = now();
    await run();
    return now() - start;
  };
  try {
    if (!after.isLong) {
      for (let k = 0; k < warmUps; k++) {
        await old.run();
        await here.run();
      }
    }
    const pairs: (readonly [number, number])[] = [];
    const end = now() + 1000 * seconds;
    while (pairs.length < fewestRuns || now() < end) {
      // Who comes second finds the processor as the first one leaves it.
      if (pairs.length % 2 === 0) {
        const first = await timed(() => old.run());
        pairs.push([first, await timed(() => here.run())]);
      } else {
        const first = await timed(() => here.run());
        pairs.push([await timed(() => old.run()), first]);
      }
    }
    const ratios = pairs.map(([a, b]) => b / a).sort((a, b) => a - b);
    const quartile = (part: number) =>
      ratios[Math.floor(part * (ratios.length - 1))];
    const ms = median(pairs.map(([, b]) => b));
    return {
      name: after.name,
      before: median(pairs.map(([a]) => a)),
      after: ms,
      ratio: median(ratios),
      low: quartile(0.25),
      high: quartile(0.75),
      runs: pairs.length,
      ...yardstick(after, here, ms),
    };
  } finally {
    old.close();
    here.close();
  }
}

/** The comparison as a table. */
export function comparedTable(
  all: readonly Compared[],
  ref: string,
): string {
  const rows = all.map((each) => [
    each.name,
    rounded(each.before),
    rounded(each.after),
    `${each.ratio.toFixed(2)} (${each.low.toFixed(2)} to ${
      each.high.toFixed(2)
    })`,
    `${each.runs}`,
    each.gflops?.toFixed(1) ?? "",
    each.ofPeak === undefined ? "" : `${(100 * each.ofPeak).toFixed(0)} %`,
    rounded(each.trialsPerCore),
  ]);
  const head = [
    "case",
    `${ref}, ms`,
    "here, ms",
    "ratio (quartiles)",
    "runs",
    "GFLOP/s",
    "of peak",
    "trials/s a core",
  ];
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column].length))
  );
  return [head, widths.map((width) => "-".repeat(width)), ...rows]
    .map((row) =>
      row.map((cell, column) =>
        column === 0
          ? cell.padEnd(widths[column])
          : cell.padStart(widths[column])
      ).join("  ").trimEnd()
    ).join("\n");
}
