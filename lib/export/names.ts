/** Names of formats and arrays: what helps and settings list, with nothing behind it. */

/** What a network can be written as. */
export type ExportFormat = "numpy" | "brian2" | "nir";

/** Names of the formats. */
export const exportFormats: readonly ExportFormat[] = [
  "numpy",
  "brian2",
  "nir",
];

/** Two ways to write a graph of NIR: exactly, or as snnTorch takes it. */
export type NirFlavour = "graph" | "snntorch";

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
