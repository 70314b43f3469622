/** The formats of files of simulated trials, by the endings of their names. */
import type { NumberArray, TextArray } from "../formats/arrays.ts";
import {
  type TrialsFormat,
  trialsFormatNames,
} from "../formats/trials/names.ts";
import type { TrialsFile } from "../formats/trials/types.ts";
import { UsageError } from "../runs/errors.ts";

/** All of a file in one list, what was simulated as text. */
export function arraysOf(
  { arrays, texts, about }: TrialsFile,
): Record<string, NumberArray | TextArray> {
  return {
    ...arrays,
    ...Object.fromEntries(
      Object.entries(texts).map(([name, texts]) => [name, { texts }]),
    ),
    about: { texts: [JSON.stringify(about)], shape: [] },
  };
}

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
  const ending = /\.(\w+)$/.exec(path)?.[1].toLowerCase();
  const named = trialsFormatNames.find((name) => name === ending);
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
