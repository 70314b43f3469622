/** Names of the formats of files of simulated trials; their names end in them. */

/** The names, the usual one first. */
export const trialsFormatNames = ["mat", "npz", "nwb"] as const;

/** Name of a format. */
export type TrialsFormat = typeof trialsFormatNames[number];
