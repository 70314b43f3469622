/** What times mean, whatever the machine: beside the times of `deno bench`. */
import type { BenchCase, OpenCase } from "./cases.ts";
import { peakFlops } from "./peak.ts";

let peak: number | undefined;

/** A case's figures that tell more than a time. */
export interface Yardstick {
  /** Operations a second, in 1e9; absent where none are counted. */
  readonly gflops?: number;
  /** Part of what the workers' cores can do at most, by `peakFlops`. */
  readonly ofPeak?: number;
  /** Trials a second and worker. */
  readonly trialsPerCore: number;
}

/** What a run of so many ms makes of a case. */
export function yardstick(
  { trials, workers }: Pick<BenchCase, "trials" | "workers">,
  { flops }: Pick<OpenCase, "flops">,
  ms: number,
): Yardstick {
  const trialsPerCore = 1000 * trials / ms / workers;
  if (flops === undefined) return { trialsPerCore };
  peak ??= peakFlops();
  const gflops = flops / ms / 1e6;
  return { trialsPerCore, gflops, ofPeak: 1e9 * gflops / (peak * workers) };
}

/** The figures in words. */
export function inWords({ gflops, ofPeak, trialsPerCore }: Yardstick): string {
  const rate = `${rounded(trialsPerCore)} trials/s a core`;
  if (gflops === undefined || ofPeak === undefined) return rate;
  return `${gflops.toFixed(1)} GFLOP/s, ${
    (100 * ofPeak).toFixed(0)
  } % of what multiply-add does, ${rate}`;
}

/** Three digits of a number, written out. */
export function rounded(value: number): string {
  return `${Number(value.toPrecision(3))}`;
}

/** The value in the middle of a list, of which it makes a sorted copy. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/**
 * Opens a case, and prints a line on it: its name, the median time of a run, and
 * what that means.
 *
 * @returns what runs it, for `Deno.bench`
 */
export async function opened(each: BenchCase): Promise<() => Promise<void>> {
  const open = await each.open();
  const times: number[] = [];
  const until = performance.now() + 600;
  while (performance.now() < until || times.length < 4) {
    const start = performance.now();
    await open.run();
    times.push(performance.now() - start);
  }
  // The first half warms up the compiler.
  const ms = median(times.slice(times.length >> 1));
  const figures = inWords(yardstick(each, open, ms));
  console.log(`${each.name.padEnd(48)} ${ms.toFixed(3)} ms: ${figures}`);
  return async () => {
    await open.run();
  };
}
