/**
 * The runner of trials: training, evaluation and simulation draw, chunk, run
 * and hand out their trials here. A trial depends on the stream of its series
 * and on its number alone, so chunks and workers change nothing.
 */
import type { Backend } from "../backend/types.ts";
import { heard } from "../heard.ts";
import { heedAbort } from "../platform/turn.ts";
import type { RandomStream } from "../random/stream.ts";
import { noiseOf, type NoiseScale } from "./noise_levels.ts";
import { drawFrom, type PreparedTrial, type TrialSource } from "./requests.ts";

/** Trials that are made from one stream. */
export interface TrialSeries {
  /** Which trials they are. */
  readonly source: TrialSource;
  /** Of the trials; a fork of it is the noise's. */
  readonly random: RandomStream;
  /** What runs them: each kind has noise of its own. */
  readonly kind: "rate" | "spiking";
  /** Multiplies the noise of the model. Defaults to 1. */
  readonly noiseScale?: NoiseScale;
}

/** Noise of one trial. */
export interface TrialNoise {
  readonly key: number;
  readonly trial: number;
  readonly scale: number;
}

/** Makes of a trial what a kernel takes. */
export type PlaceTrial<Placed> = (
  trial: PreparedTrial,
  noise: TrialNoise,
) => Placed;

/** A trial that is about to run, and what a kernel takes of it. */
interface ReadyTrial<Placed> {
  readonly trial: PreparedTrial;
  readonly placed: Placed;
}

/** Trials [from, to) of a series, ready to run. */
export async function readyTrials<Placed>(
  { source, random, kind, noiseScale = 1 }: TrialSeries,
  { from, to }: { readonly from: number; readonly to: number },
  place: PlaceTrial<Placed>,
): Promise<ReadyTrial<Placed>[]> {
  const extra = kind === "spiking" ? 1 : 0;
  // Every condition gets every strength of the noise.
  const round = "task" in source ? source.task.conditions.length : 1;
  const { key } = random.fork(`${kind} noise`);
  const trials = await drawFrom(source, random, { from, to, extra });
  return trials.map((trial, i) => ({
    trial,
    // Counters of the kernels have 32 bits.
    placed: place(trial, {
      key,
      trial: (from + i) % 2 ** 32,
      scale: noiseOf(noiseScale, from + i, round),
    }),
  }));
}

/** Trials run at once at most, in lanes those of a rate network. */
const most = { rate: 64, spiking: 32 };
/** About how many numbers they may hold; twice that where two chunks run at once. */
const heldNumbers = 2 ** 24;
/** The same if calls made at one time run as one: 12×100 trials of 1 s. */
const gathered = { trials: 4096, numbers: 2 ** 25 };

/**
 * Trials to run at once.
 *
 * @param each numbers that a trial holds, for all networks that run it
 * @param gathers whether the backend gathers calls made at one time
 */
export function chunkSize(
  kind: "rate" | "spiking",
  each: number,
  gathers = false,
): number {
  const { trials, numbers } = gathers
    ? gathered
    : { trials: most[kind], numbers: heldNumbers };
  return Math.max(1, Math.min(trials, Math.floor(numbers / Math.max(1, each))));
}

/**
 * Whether a chunk may run beside the one before it: where workers share the trials
 * of a call, two calls keep them busy while one comes to its end.
 */
export function runsAhead(
  { workers = 1, gathers = false }: Pick<Backend, "workers" | "gathers">,
): boolean {
  return workers > 1 && !gathers;
}

/** How a series is run. */
export interface RunPlan<Placed, Trace> {
  readonly series: TrialSeries;
  /** Number of the first trial. Defaults to 0. */
  readonly first?: number;
  /** Number of trials, those before the first included. */
  readonly total: number;
  /** Trials to run at once, from trial `from` on. */
  readonly size: (from: number) => number;
  /** Whether the last trial runs alone. */
  readonly lastAlone?: boolean;
  readonly place: PlaceTrial<Placed>;
  /** Runs trials; the first one's number is `from`. */
  readonly run: (trials: Placed[], from: number) => Promise<readonly Trace[]>;
  /**
   * Whether the chunk that begins at a trial may run beside the one before it, since
   * its trials are wanted in any case. Defaults to never.
   */
  readonly ahead?: (from: number) => boolean;
  /** Stops between chunks. */
  readonly signal?: AbortSignal;
}

/** A trial and its result in a network. */
export interface Run<Trace> extends PreparedTrial {
  /** Result of the trial. */
  readonly trace: Trace;
}

/** A chunk that is drawn, and may run already. */
interface Chunk<Placed, Trace> {
  readonly from: number;
  /** One past the last trial. */
  readonly to: number;
  readonly ready: Promise<ReadyTrial<Placed>[]>;
  /** Its results, where it runs ahead of its turn. */
  readonly traces?: Promise<readonly Trace[]>;
}

/**
 * Runs a series chunk by chunk: what a caller does not keep is not held. While a
 * chunk runs, the next one is drawn.
 *
 * @yields the trials of each chunk, in order
 * @throws {DOMException} `AbortError` once `signal` says so
 */
export async function* runTrials<Placed, Trace>(
  plan: RunPlan<Placed, Trace>,
): AsyncGenerator<Run<Trace>[], void> {
  const { series, first = 0, total, size, lastAlone, place, signal } = plan;
  const together = lastAlone ? total - 1 : total;
  const chunkFrom = (from: number): Chunk<Placed, Trace> => {
    const to = from < together ? Math.min(together, from + size(from)) : total;
    return { from, to, ready: heard(readyTrials(series, { from, to }, place)) };
  };
  const run = async (trials: readonly ReadyTrial<Placed>[], from: number) =>
    await plan.run(trials.map(({ placed }) => placed), from);
  const runAhead = async ({ from, ready }: Chunk<Placed, Trace>) => {
    const trials = await ready;
    signal?.throwIfAborted();
    return await run(trials, from);
  };
  signal?.throwIfAborted();
  let chunk = first < total ? chunkFrom(first) : undefined;
  while (chunk !== undefined) {
    const { from, to, ready, traces: begun }: Chunk<Placed, Trace> = chunk;
    const trials = await ready;
    await heedAbort(signal);
    // Workers get this chunk before the next one is drawn.
    const running = begun ?? run(trials, from);
    chunk = to < total ? chunkFrom(to) : undefined;
    if (chunk !== undefined && plan.ahead?.(to)) {
      chunk = { ...chunk, traces: heard(runAhead(chunk)) };
    }
    const traces = await running;
    yield trials.map(({ trial }, i) => ({ ...trial, trace: traces[i] }));
  }
}
