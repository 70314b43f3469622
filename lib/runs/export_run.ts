/** Writing a network for another program: the use case behind `export`. */
import { basename } from "node:path";
import {
  type Exported,
  type ExportFormat,
  exportFormats,
  exportNetwork,
} from "../export/export.ts";
import type { NirFlavour } from "../export/nir.ts";
import type { Model } from "../network/records.ts";
import {
  type Flags,
  grouped,
  oneOf,
  text,
  type Values,
} from "../settings/kinds.ts";
import { conditionNames, seedFlags, taskFlags } from "./common_flags.ts";
import { asUsage, UsageError } from "./errors.ts";
import type { Reporter } from "./reporter.ts";
import { drawSeed } from "./resources.ts";
import {
  factorFlags,
  factorOf,
  mappingFlags,
  mappingOf,
  toSpiking,
} from "./spiking_flags.ts";
import { openTaskOf } from "./task.ts";

/** Settings of an export. */
export const exportFlags = {
  ...grouped("Export", {
    to: oneOf(
      "as what: a script that needs NumPy alone, a script for Brian2, a graph of NIR",
      {
        names: exportFormats,
        fallback: undefined,
        shown: "none, it has to be said",
        placeholder: exportFormats.join("|"),
      },
    ),
    flavour: oneOf("nir: exactly, or in the form that snnTorch reads", {
      names: ["graph", "snntorch"] as const satisfies readonly NirFlavour[],
      fallback: undefined,
      shown: "graph",
      placeholder: "graph|snntorch",
    }),
    condition: conditionNames(
      "numpy, brian2: conditions of which a trial goes with the script",
      "all",
    ),
    output: {
      ...text(
        "file to write, .py (its numbers in the .npz beside it) or .nir",
        {
          fallback: undefined,
          placeholder: "FILE",
          path: "file",
          shown: "beside the model, …_numpy.py, …_brian2.py, .nir",
        },
      ),
      aliases: ["out"],
    },
  }),
  ...taskFlags,
  ...factorFlags,
  ...mappingFlags,
  ...seedFlags,
} satisfies Flags;

/** Settings of an export, with their values. */
export type ExportSettings = Values<typeof exportFlags>;

/**
 * The files that an export writes; the first is the one to open.
 *
 * @throws {UsageError} if no format is named, or a name has another ending than
 *   the format's files
 */
export function exportTargets(
  path: string,
  { to, flavour, output }: Pick<ExportSettings, "to" | "flavour" | "output">,
): string[] {
  const format = formatOf(to);
  const ending = format === "nir" ? ".nir" : ".py";
  if (output !== undefined && !output.endsWith(ending)) {
    throw new UsageError(
      `Cannot write ${output}: with --to ${format} its name must end in ${ending}`,
    );
  }
  const suffix = format !== "nir"
    ? `_${format}`
    : flavour === "snntorch"
    ? "_snntorch"
    : "";
  const main = output ?? path.replace(/(\.mat)?$/i, "") + suffix + ending;
  return format === "nir" ? [main] : [main, main.replace(/\.py$/, ".npz")];
}

function formatOf(to: ExportFormat | undefined): ExportFormat {
  if (to !== undefined) return to;
  throw new UsageError(
    `Cannot export the network: --to says as what; allowed are ${
      exportFormats.join(", ")
    }`,
  );
}

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
