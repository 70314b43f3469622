/** The formats of files of simulated trials, by the endings of their names. */
import {
  type TrialsFormat,
  trialsFormatNames,
  trialsFormatOf,
} from "../formats/trials/names.ts";
import { UsageError } from "../runs/errors.ts";

/**
 * The format of a file, by its name.
 *
 * @param path of the file
 * @param asked format that was asked for, if one was
 * @throws {UsageError} for another ending
 */
export function formatOf(
  path: string,
  asked: TrialsFormat | undefined,
): TrialsFormat {
  const named = trialsFormatOf(path);
  if (named === undefined) {
    const endings = trialsFormatNames.map((name) => `.${name}`);
    const last = endings.pop();
    throw new UsageError(
      `Cannot write ${path}: its name must end in ${
        endings.join(", ")
      } or ${last}`,
    );
  }
  if (asked !== undefined && asked !== named) {
    throw new UsageError(
      `Cannot write ${path} in the format ${asked}: its name must end in ` +
        `.${asked}`,
    );
  }
  return named;
}
