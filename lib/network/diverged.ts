/** What is thrown when numbers stop being finite. */
import type { Model } from "./records.ts";

/** Training or simulation whose numbers are no longer finite. */
export class DivergedError extends Error {
  /** Name with which a printed error begins. */
  override name = "DivergedError";
  /** The last good state of a training run, if there is one. */
  model?: Model;
}
