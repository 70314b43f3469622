/** Paths of models in archives: `ARCHIVE.zip#NAME`. */
import { basename, dirname, join } from "../platform/paths.ts";

/** Where a model in an archive is. */
export interface ArchivedModel {
  /** Path of the archive. */
  readonly archive: string;
  /** Name of its file there: ends in `.mat`. */
  readonly member: string;
}

/** What stands between an archive and a model in it. */
const separator = /^(.*\.zip)#([^#]+)$/is;

/**
 * The archive and the model that a path names; undefined if it is the path of a
 * file of its own. The ending `.mat` of the model may be left out.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { archivedModel } from "@spikernn/spikernn/files";
 * assert.deepEqual(archivedModel("models/0001.zip#a"), {
 *   archive: "models/0001.zip",
 *   member: "a.mat",
 * });
 * assert.equal(archivedModel("models/a.mat"), undefined);
 * ```
 */
export function archivedModel(path: string): ArchivedModel | undefined {
  const [, archive, name] = separator.exec(path) ?? [];
  if (name === undefined) return undefined;
  return {
    archive,
    member: /\.mat$/i.test(name) ? name : `${name}.mat`,
  };
}

/**
 * The path that a model in an archive has once it is taken out beside it; of a
 * file of its own, its path.
 */
export function pathOutside(path: string): string {
  const place = archivedModel(path);
  return place ? join(dirname(place.archive), basename(place.member)) : path;
}

/** Whether a path is that of an archive. */
export function isArchive(path: string): boolean {
  return /\.zip$/i.test(path);
}
