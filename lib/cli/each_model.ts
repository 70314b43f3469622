/** The same for each of several model files. */
import { FailureError, InterruptedError } from "./errors.ts";
import { isAbort } from "./interrupt.ts";
import { messageOf } from "./messages.ts";
import type { Output } from "./output.ts";

/**
 * Does some work on one model file after another. With several of them, one
 * that fails is told and the others go on.
 *
 * @param paths the files
 * @param verb what is done with them, for the message: "map"
 * @param output where failures are told
 * @param work on one file
 * @throws {FailureError} once all are through, where some of several failed
 * @throws whatever the work on an only file throws, and an interruption
 */
export async function eachModel(
  paths: readonly string[],
  verb: string,
  output: Output,
  work: (path: string) => Promise<void>,
): Promise<void> {
  let failed = 0;
  for (const path of paths) {
    try {
      await work(path);
    } catch (error) {
      if (isAbort(error) || error instanceof InterruptedError) throw error;
      // With one model its error is the command's, and so is its code.
      if (paths.length === 1) throw error;
      failed++;
      output.endProgress();
      output.problem(`${path}: ${messageOf(error)}`);
      output.event({ kind: "failed", path, error: messageOf(error) });
    }
  }
  if (failed > 0) {
    throw new FailureError(
      `Cannot ${verb} ${failed} of ${paths.length} models, see above`,
    );
  }
}
