/** What is thrown when numbers stop being finite. */
import type { Model } from "./records.ts";

/** Training or simulation that left the finite numbers. */
export class DivergedError extends Error {
  /** What the error begins with where it is printed. */
  override name = "DivergedError";
  /** The last good state of a training run, if there is one. */
  model?: Model;
}
