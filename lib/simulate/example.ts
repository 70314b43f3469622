/** A trial of a spiking network with its spikes: what a viewer looks at. */
import type { Backend } from "../backend/types.ts";
import { populationsOf } from "../network/geometry.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import type { SpikingExample } from "../records/events.ts";
import type { Task } from "../tasks/types.ts";
import { labelIn } from "../tasks/labels.ts";
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
    task,
    { ...options, trials: 1, condition, record: { spikes: true } },
  );
  const { steps, units } = trace.spikes!;
  return {
    condition,
    ...labelIn(task, condition),
    duration: trace.steps * spiking.dt,
    times: Float32Array.from(steps, (step) => step * spiking.dt),
    units,
    populations: populationsOf(spiking.rate).map(({ type, units }) => ({
      type,
      units,
    })),
  };
}
