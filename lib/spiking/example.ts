/** A trial of a spiking network with its spikes: what a viewer looks at. */
import type { Backend } from "../backend/types.ts";
import { unitTypes } from "../network/effective.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import type { RateNetwork } from "../network/types.ts";
import type { SpikingExample } from "../records/events.ts";
import type { Task } from "../tasks/types.ts";
import { simulate } from "./simulate.ts";

/**
 * One trial of the task's first condition. It is the same trial for every
 * scaling factor, so that their pictures compare.
 *
 * @param spiking the network
 * @param task what it does
 * @param options seed, backend
 */
export async function spikingExample(
  spiking: SpikingNetwork,
  task: Task,
  options: {
    readonly seed: number;
    readonly backend: Backend;
    readonly signal?: AbortSignal;
  },
): Promise<SpikingExample> {
  const condition = task.conditions[0];
  const [{ trace }] = await simulate(
    spiking,
    { task, trials: 1, conditions: [condition] },
    { ...options, record: { spikes: true } },
  );
  const { steps, units } = trace.spikes!;
  return {
    condition,
    duration: trace.steps * spiking.dt,
    times: Float32Array.from(steps, (step) => step * spiking.dt),
    units,
    populations: populationsOf(spiking.rate),
  };
}

/** Units by layer and type, excitatory ones first. */
function populationsOf(
  { layers, dale }: RateNetwork,
): SpikingExample["populations"] {
  let first = 0;
  return layers.flatMap((layer) => {
    const start = first;
    first += layer.size;
    const all = Array.from({ length: layer.size }, (_, unit) => unit);
    const { excitatory, inhibitory, sst, pv } = unitTypes(layer);
    const types = !dale
      ? [["units", all] as const]
      : sst.length > 0
      ? [["E", excitatory], ["PV", pv], ["SST", sst]] as const
      : [["E", excitatory], ["I", inhibitory]] as const;
    return types.filter(([, units]) => units.length > 0)
      .map(([type, units]) => ({
        type,
        units: units.map((unit) => start + unit),
      }));
  });
}
