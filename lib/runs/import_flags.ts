/** Settings of an import from other programs, and where its arrays are. */
import type { ImportedArrays } from "../export/import.ts";
import { importedNames } from "../export/names.ts";
import { networkSettings } from "../network/settings.ts";
import {
  type Flags,
  grouped,
  oneOf,
  text,
  type Values,
} from "../settings/kinds.ts";
import { numbers } from "../settings/numbers.ts";
import { taskFlags } from "./common_flags.ts";
import { UsageError } from "./errors.ts";

const briefs: Readonly<Record<keyof ImportedArrays, string>> = {
  w: "recurrent weights, N×N: row = postsynaptic unit",
  w_in: "input weights, N×channels",
  w_out: "readout weights, 1×N",
  b_out: "bias of the readout, one number; may be missing",
  taus: "decay time constants in steps, one or N",
  taus_gaus:
    "in place of taus, with --decay_taus: tau = sigmoid(taus_gaus)·(max − min) + min",
  mask: "which synapses may exist, N×N of 0 and 1; may be missing",
  inh: "1 for inhibitory units, else 0; may be missing if signs of w say it",
};

function arrayFlag(name: keyof ImportedArrays) {
  return text(briefs[name], {
    fallback: undefined,
    placeholder: "NAME|FILE[:NAME]",
    shown: `the array ${name}, if there is one`,
  });
}

/** Settings of an import. */
export const importFlags = {
  ...grouped("Arrays", {
    w: arrayFlag("w"),
    w_in: arrayFlag("w_in"),
    w_out: arrayFlag("w_out"),
    b_out: arrayFlag("b_out"),
    taus: arrayFlag("taus"),
    taus_gaus: arrayFlag("taus_gaus"),
    mask: arrayFlag("mask"),
    inh: arrayFlag("inh"),
  }),
  ...grouped("Network", {
    act: networkSettings.act,
    apply_dale: networkSettings.apply_dale,
    weights: oneOf(
      "what w holds: effective weights with their signs, or magnitudes that are rectified and get the sign of their unit",
      { names: ["effective", "magnitudes"] as const, fallback: "effective" },
    ),
    decay_taus: numbers("bounds of the decay time constants, in steps", {
      least: 2,
      most: 2,
      min: 1,
      fallback: undefined,
      placeholder: "MIN MAX",
      shown: "a little beyond the shortest and the longest",
    }),
    som_N: networkSettings.som_N,
    output: {
      ...text("model file to write", {
        fallback: undefined,
        placeholder: "MODEL.mat",
        path: "file",
        shown:
          "beside the file with the weights, with the ending .mat, or _model.mat if that has it",
      }),
      aliases: ["out"],
    },
  }),
  ...taskFlags,
} satisfies Flags;

/** Settings of an import, with their values. */
export type ImportSettings = Values<typeof importFlags>;

const endings = /\.(npz|npy|safetensors|mat)(:|$)/i;

/** Where an array is. */
export interface Place {
  readonly file: string;
  /** Its name there; a .npy has none. */
  readonly name?: string;
  /** Whether it was asked for. */
  readonly asked: boolean;
}

/**
 * Where the arrays are: those that a flag names in the file that it names, or in
 * the one of the command.
 *
 * @throws {UsageError} if a name stands alone and the command names no file
 */
export function placesOf(
  file: string | undefined,
  settings: ImportSettings,
): Map<keyof ImportedArrays, Place> {
  const places = new Map<keyof ImportedArrays, Place>();
  for (const field of importedNames) {
    const given = settings[field];
    const at = given?.search(endings) ?? -1;
    if (given !== undefined && at >= 0) {
      const [ending] = endings.exec(given)!;
      const end = at + ending.replace(":", "").length;
      const name = given.slice(end + 1);
      places.set(field, {
        file: given.slice(0, end),
        name: name || (/\.npy$/i.test(given.slice(0, end)) ? undefined : field),
        asked: true,
      });
    } else if (file !== undefined) {
      places.set(field, {
        file,
        name: given ?? field,
        asked: given !== undefined,
      });
    } else if (given !== undefined) {
      throw new UsageError(
        `Cannot find ${given} for --${field}: name a file (.npz, .npy, ` +
          ".safetensors or .mat), as in --" + `${field} FILE.npz:${given}`,
      );
    }
  }
  return places;
}

/** Files that an import reads. */
export function importedFiles(
  file: string | undefined,
  settings: ImportSettings,
): string[] {
  return [
    ...new Set([...placesOf(file, settings).values()].map(({ file }) => file)),
  ];
}

/**
 * The file that an import writes.
 *
 * @throws {UsageError} if no file is named, or it does not end in .mat
 */
export function importTarget(
  file: string | undefined,
  settings: ImportSettings,
): string {
  const [first] = importedFiles(file, settings);
  if (first === undefined) {
    throw new UsageError(
      "Cannot import a network: name a file with its arrays (.npz, " +
        ".safetensors, .mat), or one for each by --w, --w_in, --w_out, --taus",
    );
  }
  // A file of MATLAB stays as it is.
  const target = settings.output ??
    first.replace(
      /(\.\w+)?$/,
      (ending) => /\.mat/i.test(ending) ? "_model.mat" : ".mat",
    );
  if (/\.mat$/i.test(target)) return target;
  throw new UsageError(`Cannot write ${target}: its name must end in .mat`);
}
