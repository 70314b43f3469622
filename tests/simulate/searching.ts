/** A search whose outcome is known beforehand. */
import assert from "node:assert/strict";
import type { SearchRecord } from "../../lib/network/records.ts";
import type { Progress } from "../../lib/records/events.ts";
import { searchScalingFactor } from "../../lib/map/search.ts";
import { type FakeBackend, fakeBackend, task } from "./spiking_fakes.ts";
import { layerOf, networkOf } from "./networks.ts";

/** The network that is mapped. */
export const network = networkOf([layerOf(4, 2, 1)]);

/**
 * Output 50/factor in go trials, 0 in the others: all factors up to 70 satisfy
 * the paper's rule, those from 34 to 100 the strict one, 50 has no error.
 */
export function graded(fail: readonly number[] = []): FakeBackend {
  return fakeBackend((spiking, trial) => {
    if (fail.includes(spiking.factor as number)) {
      throw new Error(`factor ${spiking.factor} is out of memory`);
    }
    const go = trial.inputs.some((u) => u > 0);
    return { output: go ? 50 / (spiking.factor as number) : 0 };
  });
}

/** Searches to the end: all that was told, and what was found. */
export async function search(
  options: Partial<Parameters<typeof searchScalingFactor>[2]>,
): Promise<{ events: Progress[]; record: SearchRecord }> {
  const events = await Array.fromAsync(
    searchScalingFactor(network, task, { seed: 1, trials: 8, ...options }),
  );
  const last = events.at(-1);
  assert.equal(last?.kind, "mapped");
  return { events, record: last.search };
}
