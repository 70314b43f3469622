/**
 * The formats of other programs that networks are written in, and the arrays that
 * networks are made of: what helps and settings list. A further format is a file
 * with its `write`, and a row here.
 */
import type { NirFlavour, WriteNetwork } from "./types.ts";

export type { NirFlavour } from "./types.ts";

/** Formats in which a network can be written. */
export type ExportFormat = "numpy" | "brian2" | "nir" | "graphml";

/** A format of another program. */
interface Format {
  /** What it is, as help lists it. */
  readonly about: string;
  /** Ending of the file to open. */
  readonly ending: `.${string}`;
  /** What a name beside the model has before the ending. */
  readonly suffix: string;
  /** Whether trials of the task go with it, its numbers in an .npz beside it. */
  readonly isScript: boolean;
  /** Whether it comes in several flavours. */
  readonly hasFlavours: boolean;
  /** Loads what writes it. */
  load(): Promise<{ readonly write: WriteNetwork }>;
}

/** The formats, in the order in which help and errors list them. */
export const formats: Readonly<Record<ExportFormat, Format>> = {
  numpy: {
    about: "a script that needs NumPy alone (both networks)",
    ending: ".py",
    suffix: "_numpy",
    isScript: true,
    hasFlavours: false,
    load: () => import("./numpy.ts"),
  },
  brian2: {
    about: "a script for Brian2",
    ending: ".py",
    suffix: "_brian2",
    isScript: true,
    hasFlavours: false,
    load: () => import("./brian2.ts"),
  },
  nir: {
    about: "a graph of NIR, which neuromorphic tools read",
    ending: ".nir",
    suffix: "",
    isScript: false,
    hasFlavours: true,
    load: () => import("./nir.ts"),
  },
  graphml: {
    about: "a graph in GraphML for NetworkX, Gephi or Cytoscape",
    ending: ".graphml",
    suffix: "",
    isScript: false,
    hasFlavours: false,
    load: () => import("./graphml.ts"),
  },
};

/** Names of the formats. */
export const exportFormats: readonly ExportFormat[] = Object.keys(
  formats,
) as ExportFormat[];

/** The flavours of NIR. */
export const nirFlavours: readonly NirFlavour[] = ["graph", "snntorch"];

/** Names of those that have a property, for a sentence. */
export function formatsThat(
  is: (format: Format) => boolean,
  separator: string,
): string {
  return exportFormats.filter((name) => is(formats[name])).join(separator);
}

/** Names of the arrays of a network of another program. */
export const importedNames = [
  "w",
  "w_in",
  "w_out",
  "b_out",
  "taus",
  "taus_gaus",
  "mask",
  "inh",
] as const;
