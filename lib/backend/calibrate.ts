/** Times the backends on work of a given size, once for each size. */
import type { SpikingTrial } from "../network/spiking.ts";
import {
  knownNetwork,
  knownSpikingKey,
  knownSpikingNetwork,
  knownStimulus,
  knownTrial,
} from "./known.ts";
import { runtimeVersion } from "../platform/runtime.ts";
import { version } from "../version.ts";
import { openBackend } from "./open.ts";
import type { Backend } from "./types.ts";

/** The size of work. */
export interface Work {
  /** Updates of a rate network, or trials of a spiking one. */
  readonly kind: "train" | "simulate";
  /** Units of the network. */
  readonly units: number;
  /** Steps of the rate network in a trial. */
  readonly steps: number;
  /** Trials of an update, or trials that can run at once. */
  readonly trials: number;
}

/** Milliseconds for the work. */
export interface Times {
  /** By the processor. */
  readonly simd: number;
  /** By the graphics card. */
  readonly webgpu: number;
}

/**
 * Keeps measurements beyond the process; the program that opens backends says
 * where.
 */
export interface TimesMemory {
  /** Returns what was kept under a name; it is checked before it is used. */
  recall(name: string): Promise<unknown>;
  /** Keeps measurements under a name. */
  keep(name: string, times: Times): Promise<void>;
}

const known = new Map<string, Times>();

/** Trials measured at most: a GPU wants many at once, SIMD has no need of them. */
const mostTrials = { simd: 8, webgpu: 1024 };
/** Steps measured at most; what a step takes does not depend on their number. */
const mostSteps = { train: 100, simulate: 5 };
/** Milliseconds timed at least: the clocks of pages tell no less than one apart. */
const leastMs = 2;

/**
 * Times both backends, or remembers what was measured for work of about this
 * size: to the next power of 2 in units and trials. Measurements are known by
 * all that they depend on: the versions of this package and of Deno, the
 * adapter, the processors, the workers and the size.
 *
 * @throws {BackendError} if WebGPU fails
 */
export async function calibrate(
  adapter: string,
  { kind, units, steps, trials }: Work,
  options: { workers?: number; gpu?: number | "off"; memory?: TimesMemory },
): Promise<Times> {
  const alike = {
    kind,
    units: nextPower(units),
    steps,
    trials: nextPower(trials),
  };
  const workers = options.workers ?? 1;
  const name = JSON.stringify([
    version,
    runtimeVersion(),
    adapter,
    navigator.hardwareConcurrency,
    workers,
    alike,
  ]);
  const remembered = known.get(name) ??
    timesOf(await options.memory?.recall(name));
  if (remembered) {
    known.set(name, remembered);
    return remembered;
  }
  const gpu = typeof options.gpu === "number" ? options.gpu : undefined;
  const times = {
    webgpu: await timed("webgpu", alike, { gpu }),
    simd: await timed("simd", alike, { workers }),
  };
  known.set(name, times);
  await options.memory?.keep(name, times);
  return times;
}

/** Times that were kept, if they can be; nothing for what is spoilt. */
function timesOf(kept: unknown): Times | undefined {
  if (typeof kept !== "object" || kept === null) return undefined;
  const { simd, webgpu } = kept as Record<string, unknown>;
  return isTime(simd) && isTime(webgpu) ? { simd, webgpu } : undefined;
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}

function nextPower(n: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(n, 1)));
}

async function timed(
  name: "simd" | "webgpu",
  work: Work,
  options: { workers?: number; gpu?: number },
): Promise<number> {
  const backend = await openBackend({ name, ...options });
  try {
    const most = mostTrials[name] * (options.workers ?? 1);
    const trials = Math.min(work.trials, most);
    const steps = Math.min(work.steps, mostSteps[work.kind]);
    const task = work.kind === "train"
      ? await training(backend, work.units, trials, steps)
      : simulating(backend, work.units, trials, steps);
    // The first time compiles kernels and fills caches.
    await task();
    const took: number[] = [];
    const began = performance.now();
    do {
      const start = performance.now();
      let runs = 0;
      let passed;
      do {
        await task();
        runs++;
        passed = performance.now() - start;
      } while (passed < leastMs);
      took.push(passed / runs);
    } while (took.length < 5 && performance.now() - began < 200);
    return Math.min(...took) * (work.trials / trials) * (work.steps / steps);
  } finally {
    backend.close();
  }
}

async function training(
  backend: Backend,
  units: number,
  trials: number,
  steps: number,
): Promise<() => Promise<unknown>> {
  const session = await backend.open(knownNetwork(units));
  const batch = Array.from({ length: trials }, (_, b) => knownTrial(steps, b));
  return () => session.update(batch, "l2", { learningRate: 1e-4 });
}

function simulating(
  backend: Backend,
  units: number,
  trials: number,
  steps: number,
): () => Promise<unknown> {
  const network = knownSpikingNetwork(units);
  const inputs = knownStimulus(steps + 1);
  const batch = Array.from({ length: trials }, (_, b): SpikingTrial => ({
    inputs,
    columns: steps + 1,
    noise: { key: knownSpikingKey, trial: b },
  }));
  return () => backend.simulate(network, batch, { outputs: true });
}
