/**
 * Archives of models: a zip file of model files, so that 80,000 networks are no
 * burden to a file system. Its members are stored as they are, since each packs
 * its own variables; `ARCHIVE.zip#NAME` names one of them.
 */
import { files, withFile } from "../platform/files.ts";
import { ModelFileError } from "../errors.ts";
import { type ArchivedModel, archivedModel } from "./archive_path.ts";
import { fileTrouble } from "./atomic.ts";
import { readZipMember, type ZipMember, zipMembers } from "./npz/members.ts";
import { encodeZip } from "./npz/zip.ts";

/**
 * Packs model files, and what belongs to them, into an archive. The same files
 * give the same bytes.
 *
 * @param members names and contents; models end in `.mat`
 * @throws {RangeError} if they are more than 4 GiB together
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { encodeArchive } from "@spikernn/spikernn/files";
 * const bytes = encodeArchive([["a.mat", Uint8Array.of(1, 2, 3)]]);
 * assert.equal(new TextDecoder().decode(bytes.subarray(0, 2)), "PK");
 * ```
 */
export function encodeArchive(
  members: Iterable<readonly [name: string, content: Uint8Array]>,
): Uint8Array<ArrayBuffer> {
  return encodeZip(members, false);
}

/**
 * Names of the models in an archive, as paths that {@linkcode readModel} takes.
 *
 * Needs read permission for the file.
 *
 * @param archive path of the file
 * @throws {ModelFileError} if it cannot be read
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, randomStream, readModel } from "@spikernn/spikernn";
 * import {
 *   archivedModels,
 *   encodeArchive,
 *   encodeModel,
 * } from "@spikernn/spikernn/files";
 * const path = `${await Deno.makeTempDir()}/few.zip`;
 * const network = createNetwork({ channels: 1, units: 20 }, randomStream(1));
 * await Deno.writeFile(path, encodeArchive([["a.mat", encodeModel({ network })]]));
 * const [model] = await archivedModels(path);
 * assert.equal(model, `${path}#a.mat`);
 * assert.equal((await readModel(model)).network.layers[0].size, 20);
 * ```
 */
export async function archivedModels(archive: string): Promise<string[]> {
  const members = await within(archive, zipMembers);
  return members.filter(({ name }) => /\.mat$/i.test(name))
    .map(({ name }) => `${archive}#${name}`).sort();
}

/**
 * Reads the file of a model out of an archive, and nothing of the others.
 *
 * @throws {ModelFileError} if there is none, or it is damaged
 */
export async function readArchived(
  { archive, member }: ArchivedModel,
): Promise<Uint8Array> {
  return await readInArchive(archive, member);
}

/**
 * Reads one file of an archive.
 *
 * @throws {ModelFileError} if there is none of that name, or it is damaged
 */
export async function readInArchive(
  archive: string,
  name: string,
): Promise<Uint8Array> {
  return await within(archive, async (file) => {
    const members = await zipMembers(file);
    const found = members.find((member) => member.name === name);
    if (found) return await readZipMember(file, found);
    throw new ModelFileError(
      `Cannot find ${JSON.stringify(name)} in ${JSON.stringify(archive)}: ` +
        held(members),
    );
  });
}

/**
 * Refuses an archive where one model is meant.
 *
 * @throws {ModelFileError} always; the message names models of the archive
 */
export async function refuseArchive(archive: string): Promise<never> {
  throw new ModelFileError(
    `Cannot read ${JSON.stringify(archive)} as one model: ${
      held(await within(archive, zipMembers))
    }; name one of them, ${archive}#NAME`,
  );
}

function held(members: readonly ZipMember[]): string {
  const names = members.map(({ name }) => name)
    .filter((name) => /\.mat$/i.test(name));
  if (names.length === 0) return "the archive holds no models";
  const shown = names.slice(0, 3).join(", ");
  return `the archive holds ${shown}${
    names.length > 3 ? `, … (${names.length} models)` : ""
  }`;
}

async function within<T>(
  archive: string,
  read: Parameters<typeof withFile<T>>[1],
): Promise<T> {
  try {
    if ((await files.stat(archive)).isDirectory) {
      throw new Error("it is a folder");
    }
    return await withFile(archive, read);
  } catch (error) {
    if (error instanceof ModelFileError) throw error;
    throw new ModelFileError(
      `Cannot read ${JSON.stringify(archive)}: ${fileTrouble(error)}`,
      { cause: error },
    );
  }
}

/**
 * Refuses to write where an archive is meant: models in it stay as they are.
 *
 * @throws {ModelFileError} if the path names a model in an archive
 */
export function checkNotArchived(path: string): void {
  const place = archivedModel(path);
  if (!place) return;
  throw new ModelFileError(
    `Cannot write ${JSON.stringify(path)}: models in an archive stay as they ` +
      `are; take it out first: unzip ${place.archive} ${place.member}`,
  );
}
