/** Times the backends on work of a given size, once for each size. */
import type { SpikingTrial } from "../network/spiking.ts";
import {
  knownNetwork,
  knownSpikingKey,
  knownSpikingNetwork,
  knownStimulus,
  knownTrial,
} from "./known.ts";
import { openBackend } from "./open.ts";
import type { Backend } from "./types.ts";

/** The size of work. */
export interface Work {
  /** Updates of a rate network, or trials of a spiking one. */
  readonly kind: "train" | "simulate";
  readonly units: number;
  /** Steps of the rate network in a trial. */
  readonly steps: number;
  /** Trials of an update, or trials that can run at once. */
  readonly trials: number;
}

/** Milliseconds for the work. */
export interface Times {
  readonly simd: number;
  readonly webgpu: number;
}

const known = new Map<string, Times>();

/** Trials measured at most: a GPU wants many at once, SIMD has no need of them. */
const mostTrials = { simd: 8, webgpu: 1024 };
/** Steps measured at most; what a step takes does not depend on their number. */
const mostSteps = { train: 100, simulate: 5 };

/**
 * Times both backends, or remembers what was measured for work of about this
 * size: to the next power of 2 in units and trials.
 *
 * @throws {BackendError} where WebGPU fails
 */
export async function calibrate(
  adapter: string,
  work: Work,
  options: { workers?: number; gpu?: number | "off"; cache?: string },
): Promise<Times> {
  const alike = {
    ...work,
    units: nextPower(work.units),
    trials: nextPower(work.trials),
  };
  const workers = options.workers ?? 1;
  const name = JSON.stringify([adapter, workers, alike]);
  const remembered = known.get(name) ??
    (await readCache(options.cache))[name];
  if (remembered) return remembered;
  const gpu = typeof options.gpu === "number" ? options.gpu : undefined;
  const times = {
    webgpu: await timed("webgpu", alike, { gpu }),
    simd: await timed("simd", alike, { workers }),
  };
  known.set(name, times);
  await writeCache(options.cache, name, times);
  return times;
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
      await task();
      took.push(performance.now() - start);
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

/** Whether a file may be used without the user being asked for it. */
async function granted(name: "read" | "write", path: string): Promise<boolean> {
  const status = await Deno.permissions.query({ name, path });
  return status.state === "granted";
}

async function readCache(
  path: string | undefined,
): Promise<Record<string, Times>> {
  if (!path || !await granted("read", path)) return {};
  try {
    const found = JSON.parse(await Deno.readTextFile(path));
    return typeof found === "object" && found ? found : {};
  } catch {
    // Not there yet, or spoilt: it is only a memory of measurements.
    return {};
  }
}

async function writeCache(
  path: string | undefined,
  name: string,
  times: Times,
): Promise<void> {
  if (!path || !await granted("write", path)) return;
  const all = { ...await readCache(path), [name]: times };
  try {
    await Deno.writeTextFile(path, JSON.stringify(all, null, 1) + "\n");
  } catch {
    // A measurement that is not kept is made again.
  }
}
