/** Trains and searches for long in one process, and watches its memory. */
import { openBackend } from "../lib/backend/open.ts";
import type { Backend } from "../lib/backend/types.ts";
import { createNetwork } from "../lib/network/create.ts";
import type { RateNetwork } from "../lib/network/types.ts";
import { randomStream } from "../lib/random/stream.ts";
import { searchScalingFactor } from "../lib/map/search.ts";
import { getTask } from "../lib/tasks/registry.ts";
import { encodeCheckpoint } from "../lib/train/checkpoint.ts";
import { train } from "../lib/train/train.ts";

/** Memory of the process after a collection of garbage, in bytes. */
export interface Sample {
  readonly phase: "train" | "search";
  /** Updates or searches done. */
  readonly done: number;
  readonly heap: number;
  readonly external: number;
  readonly resident: number;
}

/** What is done. */
export interface SoakPlan {
  readonly updates: number;
  readonly searches: number;
  /** Units of the network. */
  readonly units: number;
  /** Samples of a phase. */
  readonly samples: number;
  /** Is kept, and so leaks: to see that it is noticed. */
  readonly leak?: () => unknown;
}

const task = getTask("go-nogo");
const leaked: unknown[] = [];

/**
 * Updates with evaluations and checkpoints, then searches of two factors with
 * two trials each, all on one backend with two workers.
 *
 * @param plan how much of it
 * @yields the memory at equal distances
 */
export async function* soak(plan: SoakPlan): AsyncGenerator<Sample> {
  const backend = await openBackend({ workers: 2 });
  try {
    const network = createNetwork(
      { channels: task.channels.length, units: plan.units },
      randomStream(1).fork("network"),
    );
    const trained = yield* trainFor(plan, network, backend);
    yield* searchFor(plan, trained, backend);
  } finally {
    backend.close();
    leaked.length = 0;
  }
}

async function* trainFor(
  plan: SoakPlan,
  network: RateNetwork,
  backend: Backend,
): AsyncGenerator<Sample, RateNetwork> {
  const { updates, samples, leak } = plan;
  const every = Math.max(1, Math.floor(updates / samples));
  const events = train(network, task, {
    seed: 1,
    updates,
    backend,
    batch: 8,
    evalEvery: 50,
    evalTrials: 8,
    // Never met: all updates are made.
    stopping: { loss: 1e-30 },
    checkpoints: true,
  });
  for await (const event of events) {
    if (event.kind === "checkpoint") {
      const { name, timing } = task;
      encodeCheckpoint({
        state: event.state,
        seed: 1,
        settings: {},
        task: { name, timing, fingerprint: "" },
      });
    } else if (event.kind === "trained") {
      if (leak) leaked.push(leak());
      if (event.update % every === 0) yield await sample("train", event.update);
    } else if (event.kind === "stopped") return event.model.network;
  }
  throw new Error("Cannot go on: training gave no network");
}

async function* searchFor(
  { searches, samples, leak }: SoakPlan,
  network: RateNetwork,
  backend: Backend,
): AsyncGenerator<Sample> {
  const every = Math.max(1, Math.floor(searches / samples));
  for (let done = 1; done <= searches; done++) {
    const events = searchScalingFactor(network, task, {
      seed: done,
      backend,
      factors: [40, 50],
      trials: 2,
      examples: true,
    });
    for await (const _ of events);
    if (leak) leaked.push(leak());
    if (done % every === 0) yield await sample("search", done);
  }
}

async function sample(phase: Sample["phase"], done: number): Promise<Sample> {
  const { gc } = globalThis as { gc?: () => void };
  if (!gc) {
    throw new Error(
      "Cannot measure memory: run deno with --v8-flags=--expose-gc",
    );
  }
  // Messages of workers are let go of in turns of the event loop.
  for (let k = 0; k < 2; k++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const { heapUsed: heap, external, rss: resident } = Deno.memoryUsage();
  return { phase, done, heap, external, resident };
}

/** How much a median may grow from the second quarter of a phase to the last, bytes. */
export const allowedGrowth = { heap: 1.5e6, external: 3e6, resident: 12e6 };

/** How the memory of a phase went. */
export interface Course {
  readonly phase: Sample["phase"];
  readonly of: keyof typeof allowedGrowth;
  /** Median of the second quarter of samples, bytes; the first is warming up. */
  readonly early: number;
  /** Median of the last quarter. */
  readonly late: number;
  readonly flat: boolean;
}

/** Says of every phase and kind of memory whether it stayed flat. */
export function courses(samples: readonly Sample[]): Course[] {
  return (["train", "search"] as const).flatMap((phase) => {
    const own = samples.filter((sample) => sample.phase === phase);
    if (own.length < 8) {
      throw new RangeError(
        `Cannot judge the memory: ${own.length} samples of ${phase}, ` +
          "allowed are 8 or more",
      );
    }
    const quarter = Math.floor(own.length / 4);
    return (["heap", "external", "resident"] as const).map((of): Course => {
      const early = median(own.slice(quarter, 2 * quarter).map((s) => s[of]));
      const late = median(own.slice(-quarter).map((s) => s[of]));
      const flat = late - early <= allowedGrowth[of];
      return { phase, of, early, late, flat };
    });
  });
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}
