/** Writing a network for another program: the use case behind `export`. */
import { basename } from "node:path";
import { type Exported, exportNetwork } from "../export/export.ts";
import type { Model } from "../network/records.ts";
import { asUsage, UsageError } from "./errors.ts";
import { type ExportSettings, formatOf } from "./export_flags.ts";
import type { Reporter } from "./reporter.ts";
import { drawSeed } from "./resources.ts";
import { factorOf, mappingOf, toSpiking } from "./spiking_flags.ts";
import { openTaskOf } from "./task.ts";

/**
 * Makes the files of an export.
 *
 * @param target path of the file to open
 * @param onRemark called if it is doubtful that the task is the model's
 * @throws {UsageError} for a network that the format cannot hold, flags that say
 *   nothing to it, or a model whose task or factor is not known
 */
export async function exportModel(
  model: Model,
  settings: ExportSettings,
  target: string,
  output: Reporter,
  onRemark: (remark: string) => void,
): Promise<Exported> {
  const to = formatOf(settings.to);
  if (settings.flavour !== undefined && to !== "nir") {
    throw new UsageError(
      `Cannot use --flavour with --to ${to}: it is for --to nir`,
    );
  }
  if (settings.condition && to === "nir") {
    throw new UsageError(
      "Cannot use --condition with --to nir: a graph has no trials",
    );
  }
  const name = basename(target).replace(/\.(py|nir)$/, "");
  const mapped = async (stepMs: number) =>
    await toSpiking(model, {
      ...mappingOf(settings, model),
      scalingFactor: factorOf(settings, model),
      stepMs,
    }, output);
  const recorded = model.search?.settings.stepMs;
  if (to === "nir" && typeof recorded === "number" && !settings.task) {
    // A graph needs no trials, and so no task.
    const spiking = await mapped(recorded);
    return await asUsage(() =>
      exportNetwork(spiking, { to, name, flavour: settings.flavour })
    );
  }
  using opened = await openTaskOf(model, settings, onRemark);
  const { task } = opened;
  const spiking = await mapped(task.stepMs);
  if (to === "nir") {
    return await asUsage(() =>
      exportNetwork(spiking, { to, name, flavour: settings.flavour })
    );
  }
  const seed = settings.seed ?? drawSeed();
  output.note(`trials of ${task.name}, seed ${seed}`);
  const trials = { task, conditions: settings.condition, seed };
  return await asUsage(() => exportNetwork(spiking, { to, name, trials }));
}
