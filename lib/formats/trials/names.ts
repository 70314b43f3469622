/** Names of the formats of files of simulated trials; their names end in them. */

/** The names, the usual one first. */
export const trialsFormatNames = ["mat", "npz", "nwb"] as const;

/** Name of a format. */
export type TrialsFormat = typeof trialsFormatNames[number];

/** The format that a file's name ends in; undefined if it is none of them. */
export function trialsFormatOf(path: string): TrialsFormat | undefined {
  const ending = /\.(\w+)$/.exec(path)?.[1].toLowerCase();
  return trialsFormatNames.find((name) => name === ending);
}
