/** The one file that a command makes, from before its work to what is said of it. */
import { dirname } from "node:path";
import { InterruptedError } from "./errors.ts";
import { isAbort } from "./interrupt.ts";
import type { Reporter } from "./reporter.ts";
import { prepareFolder } from "./resources.ts";

/**
 * Makes a file and says where it is saved. Its folder is made first, and
 * removed again if nothing comes to be in it.
 *
 * @param target path of the file
 * @param make computes what is in the file, and writes it; gives its path if that
 *   is another one
 * @returns the path of the file
 * @throws {FailureError} if the folder cannot be written to, before `make`
 * @throws {InterruptedError} if `make` was asked to stop
 */
export async function makeFile(
  target: string,
  output: Reporter,
  make: () => Promise<string | void>,
): Promise<string> {
  const prepared = await prepareFolder(dirname(target));
  let made: string;
  try {
    made = await make() ?? target;
  } catch (error) {
    await prepared.undo();
    if (!isAbort(error)) throw error;
    throw new InterruptedError("Interrupted: nothing was written", {
      cause: error,
    });
  }
  output.saved(made);
  output.result(`saved ${made}`);
  return made;
}
