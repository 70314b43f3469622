/** The formats of files of simulated trials, by the endings of their names. */
import {
  matValues,
  type NumberArray,
  type TextArray,
} from "../formats/arrays.ts";
import type { MatValue } from "../mat5/mod.ts";
import { matPieces } from "../mat5/writer.ts";
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
 * The bytes of a .mat file, in pieces, each packed when it is asked for.
 *
 * @param courses of trials, each of which is asked for once and may be given up
 *   when the next one is
 * @param file what else is in it
 */
export function trialsMat(
  courses: Iterable<readonly [string, MatValue]>,
  file: TrialsFile,
): Generator<Uint8Array<ArrayBuffer>> {
  function* variables() {
    yield* courses;
    yield* matValues(arraysOf(file));
  }
  return matPieces(variables());
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
