/** How many units of a model take no part in its task, rate and spiking. */
import type { Backend } from "../backend/types.ts";
import { unitCount } from "../network/geometry.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import type { FloatArray, RateNetwork } from "../network/types.ts";
import { simulateEach } from "../simulate/simulate.ts";
import { simulateRateEach } from "../simulate/simulate_rate.ts";
import type { Task } from "../tasks/types.ts";
import { silentUnits } from "./silent.ts";

/** Units that take no part, from 0 over all layers. */
export interface SilentUnits {
  /** Number of units N. */
  readonly units: number;
  /** Rate units that never exceed a twentieth of the activation's range. */
  readonly rate: readonly number[];
  /** Spiking units that never fire; absent without a spiking network. */
  readonly spiking?: readonly number[];
  /** Trials of each condition. */
  readonly trials: number;
}

/**
 * Runs a few trials of each condition: the rate network without noise, the
 * spiking network with it, and finds the units that take no part.
 *
 * @param network the rate network
 * @param task that it does
 * @param options seed, spiking twin, trials of each condition (5 unless told)
 * @throws {TypeError} where network and task differ in size
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
 * // Without input a sigmoid is at a half.
 * assert(rate.length < 10 && spiking!.length < 10);
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
  for await (
    const { trace } of simulateRateEach(network, request, {
      ...run,
      noiseScale: 0,
      record: { rates: true },
    })
  ) rates.push(trace.rates!);
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
