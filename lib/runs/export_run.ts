/** Writing a network for another program: the use case behind `export`. */
import { basename } from "node:path";
import {
  type Exported,
  exportNetwork,
  type ExportOptions,
} from "../export/export.ts";
import { formats, formatsThat } from "../export/names.ts";
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
 * @param path of the file to open
 * @param onRemark called if it is doubtful that the task is the model's
 * @throws {UsageError} for a network that the format cannot hold, flags that say
 *   nothing to it, or a model whose task or factor is not known
 */
export async function exportModel(
  model: Model,
  settings: ExportSettings,
  path: string,
  output: Reporter,
  onRemark: (remark: string) => void,
): Promise<Exported> {
  const to = formatOf(settings.to);
  const { ending, hasFlavours, isScript } = formats[to];
  if (settings.flavour !== undefined && !hasFlavours) {
    throw new UsageError(
      `Cannot use --flavour with --to ${to}: it is for --to ${
        formatsThat((format) => format.hasFlavours, " or ")
      }`,
    );
  }
  if (settings.condition && !isScript) {
    throw new UsageError(
      `Cannot use --condition with --to ${to}: a graph has no trials`,
    );
  }
  const target = basename(path);
  const name = target.endsWith(ending)
    ? target.slice(0, -ending.length)
    : target;
  const mapped = async (stepMs: number) =>
    await toSpiking(model, {
      ...mappingOf(settings, model),
      scalingFactor: factorOf(settings, model),
      stepMs,
    }, output);
  const graph = async (stepMs: number) => {
    const spiking = await mapped(stepMs);
    const { flavour } = settings;
    return await asUsage(() =>
      exportNetwork(spiking, { to, name, flavour } as ExportOptions)
    );
  };
  const recorded = model.search?.settings.stepMs;
  if (!isScript && typeof recorded === "number" && !settings.task) {
    // A graph needs no trials, and so no task.
    return await graph(recorded);
  }
  using opened = await openTaskOf(model, settings, onRemark);
  const { task } = opened;
  if (!isScript) return await graph(task.stepMs);
  const spiking = await mapped(task.stepMs);
  const seed = settings.seed ?? drawSeed();
  output.note(`trials of ${task.name}, seed ${seed}`);
  const trials = { task, conditions: settings.condition, seed };
  return await asUsage(() =>
    exportNetwork(spiking, { to, name, trials } as ExportOptions)
  );
}
