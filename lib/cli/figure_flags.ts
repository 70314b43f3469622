/** What the commands that draw share: their seed, and the spiking twin. */
import type { Model } from "../network/records.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import { convert } from "../spiking/convert.ts";
import type { Task } from "../tasks/types.ts";
import { asUsage } from "../runs/errors.ts";
import type { Values } from "../settings/kinds.ts";
import { knownFactor, mappingOf } from "../runs/spiking_flags.ts";
import type { factorSettings, mappingSettings } from "../spiking/settings.ts";

/** The seed of a picture. */
export function figureSeed(given: number | undefined, model: Model): number {
  return given ?? model.provenance?.seed ?? 1;
}

/**
 * The spiking twin to show: mapped by the factor given, or the searched one.
 *
 * @returns `undefined` if no factor is known
 * @throws {UsageError} for a mapping that is not allowed
 */
export async function twinOf(
  flags: Values<typeof factorSettings & typeof mappingSettings>,
  model: Model,
  task: Task,
): Promise<SpikingNetwork | undefined> {
  const scalingFactor = knownFactor(flags, model);
  if (scalingFactor === undefined) return undefined;
  return await asUsage(() =>
    convert(model.network, {
      ...mappingOf(flags, model),
      scalingFactor,
      stepMs: task.stepMs,
    })
  );
}
