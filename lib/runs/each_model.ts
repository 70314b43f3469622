/** The same for each of several model files. */
import { countOf } from "../count.ts";
import { ModelFileError } from "../errors.ts";
import { FailureError, InterruptedError } from "./errors.ts";
import { isAbort } from "./interrupt.ts";
import { messageOf } from "./messages.ts";
import { type FoundFile, whyNoModel } from "./model_files.ts";
import { refusalOf } from "./needs.ts";
import type { Reporter } from "./reporter.ts";

/**
 * Does some work on one model file after another. With several of them, one
 * that fails is told and the others go on. A file that was found in a folder and
 * is no model is passed over with a remark.
 *
 * @param files that were named or found
 * @param verb what is done with them, for the message: "map"
 * @param output where failures are told
 * @param work on one file
 * @throws {FailureError} once all are through, if some of several failed, or
 *   none was a model
 * @throws whatever the work on an only file throws, and an interruption
 */
export async function eachModel(
  files: readonly FoundFile[],
  verb: string,
  output: Reporter,
  work: (path: string) => Promise<void>,
): Promise<void> {
  let [failed, passed] = [0, 0];
  let refused: unknown;
  for (const { path, folder } of files) {
    try {
      await work(path);
    } catch (error) {
      if (isAbort(error) || error instanceof InterruptedError) throw error;
      const reason = folder !== undefined && error instanceof ModelFileError
        ? await whyNoModel(path)
        : undefined;
      if (reason !== undefined) {
        passed++;
        output.endProgress();
        output.note(`${path}: passed over, ${reason}`);
        output.event({ kind: "passedOver", path, reason });
        continue;
      }
      // With one model its error is the command's, and so is its code.
      if (files.length === 1) throw error;
      failed++;
      output.endProgress();
      const refusal = refusalOf(error);
      // The flags that give all permissions are said once, at the end.
      const why = refusal
        ? `${refusal.text}: the permission was not given`
        : messageOf(error);
      refused ??= refusal && error;
      output.problem(`${path}: ${why}`);
      output.event({ kind: "failed", path, error: why });
    }
  }
  const models = files.length - passed;
  if (failed > 0) {
    throw new FailureError(
      `Cannot ${verb} ${failed} of ${countOf(models, "model")}, see above` +
        (refused ? ": a permission was not given" : ""),
      { cause: refused },
    );
  }
  if (models === 0) {
    const folders = [...new Set(files.map(({ folder }) => folder))];
    throw new FailureError(
      `Cannot find models in ${folders.join(", ")}: none of the .mat files ` +
        "is one",
    );
  }
}
