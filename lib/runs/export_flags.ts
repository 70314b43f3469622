/** Settings of an export to other programs. */
import {
  type ExportFormat,
  exportFormats,
  formats,
  formatsThat,
  type NirFlavour,
} from "../export/names.ts";
import {
  type Flags,
  grouped,
  oneOf,
  text,
  type Values,
} from "../settings/kinds.ts";
import { factorSettings, mappingSettings } from "../spiking/settings.ts";
import { conditionNames, seedFlags, taskFlags } from "./common_flags.ts";
import { UsageError } from "./errors.ts";

const scripts = formatsThat((format) => format.isScript, ", ");

/** Settings of an export. */
export const exportFlags = {
  ...grouped("Export", {
    to: oneOf(
      `what the network is written as: ${
        exportFormats.map((name) => `${name}, ${formats[name].about}`)
          .join("; ")
      }`,
      {
        names: exportFormats,
        fallback: undefined,
        shown: "none: it is required",
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
      `${scripts}: conditions of which a trial goes with the script`,
      "all",
    ),
    output: {
      ...text(
        `name of the file to write: ${
          [...new Set(exportFormats.map((name) => formats[name].ending))]
            .join(" or ").replace(
              ".py",
              ".py (its numbers in the .npz beside it)",
            )
        }`,
        {
          fallback: undefined,
          placeholder: "FILE",
          path: "file",
          shown: `beside the model, ${
            exportFormats.map((name) => formats[name])
              .map(({ suffix, ending }) => (suffix && "…") + suffix + ending)
              .join(", ")
          }`,
        },
      ),
      aliases: ["out"],
    },
  }),
  ...taskFlags,
  ...factorSettings,
  ...mappingSettings,
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
  const { ending, suffix, isScript } = formats[format];
  if (output !== undefined && !output.endsWith(ending)) {
    throw new UsageError(
      `Cannot write ${output}: with --to ${format} its name must end in ${ending}`,
    );
  }
  const own = flavour === "snntorch" ? "_snntorch" : suffix;
  const main = output ?? path.replace(/(\.mat)?$/i, "") + own + ending;
  return isScript ? [main, main.replace(/\.py$/, ".npz")] : [main];
}

/**
 * The format that is asked for.
 *
 * @throws {UsageError} if none is
 */
export function formatOf(to: ExportFormat | undefined): ExportFormat {
  if (to !== undefined) return to;
  throw new UsageError(
    `Cannot export the network: no format was named by --to; allowed are ${
      exportFormats.join(", ")
    }`,
  );
}
