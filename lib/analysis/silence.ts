/** How many units of a model take no part in its task, rate and spiking. */
import type { Backend } from "../backend/types.ts";
import { unitCount } from "../network/geometry.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import type { FloatArray, RateNetwork } from "../network/types.ts";
import { simulateEach } from "../simulate/simulate.ts";
import { simulateRateEach } from "../simulate/simulate_rate.ts";
import type { Task } from "../tasks/types.ts";
import { silentUnits } from "./silent.ts";

/** Units that take no part in the activity, numbered from 0 over all layers. */
export interface SilentUnits {
  /** Number of units N. */
  readonly units: number;
  /** Rate units that never exceed 0.05 of the activation's range after 100 ms. */
  readonly rate: readonly number[];
  /** Spiking units that never fire; absent without a spiking network. */
  readonly spiking?: readonly number[];
  /** Trials of each condition. */
  readonly trials: number;
}

/** Left out at the beginning of a trial: sigmoid units all start at a half, ms. */
const settlingMs = 100;

function withoutFirst(
  rates: FloatArray,
  units: number,
  first: number,
): FloatArray {
  const samples = rates.length / units;
  const left = samples - first;
  const kept = new Float32Array(units * left);
  for (let unit = 0; unit < units; unit++) {
    const from = unit * samples + first;
    kept.set(rates.subarray(from, from + left), unit * left);
  }
  return kept;
}

/**
 * Finds the units that take no part in the activity. Runs a few trials of each
 * condition, of the rate network without noise and of the spiking network with
 * it. The first 100 ms of rates, which start at phi(0), do not count, and
 * neither do the first 9 steps of spikes, which depend on the initial voltages.
 *
 * @param network the rate network
 * @param task the task of the network
 * @param options seed, spiking twin, trials of each condition (defaults to 5)
 * @throws {TypeError} if network and task differ in size
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { convert, createNetwork, getTask, randomStream } from "@spikernn/spikernn";
 * import { findSilentUnits } from "@spikernn/spikernn/analysis";
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const twin = convert(network, { scalingFactor: 50 });
 * const { rate, spiking } = await findSilentUnits(network, getTask("go-nogo"), {
 *   seed: 1, twin, trials: 1,
 * });
 * assert(rate.length < 20 && spiking!.length < 20);
 * ```
 */
export async function findSilentUnits(
  network: RateNetwork,
  task: Task,
  { seed, twin, trials = 5, backend, signal }: {
    readonly seed: number;
    readonly twin?: SpikingNetwork;
    readonly trials?: number;
    readonly backend?: Backend;
    readonly signal?: AbortSignal;
  },
): Promise<SilentUnits> {
  const units = unitCount(network);
  const request = { task, trials: trials * task.conditions.length };
  const run = { seed, backend, signal };
  const rates: FloatArray[] = [];
  const settled = Math.min(Math.ceil(settlingMs / task.stepMs), task.steps - 1);
  for await (
    const { trace } of simulateRateEach(network, request, {
      ...run,
      noiseScale: 0,
      record: { rates: true },
    })
  ) rates.push(withoutFirst(trace.rates!, units, settled));
  const rate = silentUnits(rates, units, network.activation);
  if (!twin) return { units, rate, trials };
  const fired = new Uint8Array(units);
  for await (
    const { trace } of simulateEach(twin, request, { ...run, record: {} })
  ) {
    trace.spikeCounts.forEach((count, unit) => {
      // At the very start units fire of their initial voltage alone.
      if (count > trace.earlyCounts[unit]) fired[unit] = 1;
    });
  }
  const spiking = Array.from(fired.keys()).filter((unit) => !fired[unit]);
  return { units, rate, spiking, trials };
}
