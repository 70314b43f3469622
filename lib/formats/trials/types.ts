/** What a file of simulated trials holds, whatever its format. */
import type { NumberArray } from "../arrays.ts";

/** Simulated trials: arrays and texts by the names that they have in files. */
export interface TrialsFile {
  /** Numbers by name, see docs/reference/simulate-files.md. */
  readonly arrays: Readonly<Record<string, NumberArray>>;
  /** Lists of texts by name. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
  /** What was simulated, and how; JSON. */
  readonly about: Readonly<Record<string, unknown>>;
}
