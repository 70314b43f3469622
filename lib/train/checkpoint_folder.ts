/** Checkpoints of one run in its folder: the last two, and the way back to them. */
import { fileProblem, files } from "../platform/files.ts";
import { join } from "../platform/paths.ts";
import { ModelFileError } from "../errors.ts";
import { fileTrouble, writeAtomic } from "../formats/atomic.ts";
import { isTemporary } from "../formats/temporary.ts";
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  NewerCheckpointError,
  type ReadCheckpoint,
} from "./checkpoint.ts";

/** Checkpoints that are kept: the newest, and one to fall back on. */
const kept = 2;
/** Largest file that is read, in bytes. */
const largest = 2 ** 31;
const namePattern = /^checkpoint_(\d{1,15})\.safetensors$/;

/** A checkpoint that was found. */
export interface FoundCheckpoint {
  readonly path: string;
  readonly checkpoint: ReadCheckpoint;
  /** Newer ones that could not be read, and why. */
  readonly unreadable: readonly { path: string; reason: string }[];
}

/**
 * Writes `checkpoint_<update>.safetensors` into a folder, whole or not at all,
 * and removes all but the last two up to this one.
 *
 * @returns the path
 * @throws {ModelFileError} if it cannot be written; those before it stay
 */
export async function writeCheckpoint(
  folder: string,
  checkpoint: Checkpoint,
): Promise<string> {
  const { update } = checkpoint.state;
  const path = join(folder, `checkpoint_${update}.safetensors`);
  await writeAtomic(path, encodeCheckpoint(checkpoint));
  const paths = await listCheckpoints(folder);
  // Later ones are of a course that is not followed any more.
  const at = paths.indexOf(path);
  for (const other of [...paths.slice(0, at), ...paths.slice(at + kept)]) {
    await files.remove(other);
  }
  return path;
}

/** Paths of a folder's checkpoints, the newest first. */
export async function listCheckpoints(folder: string): Promise<string[]> {
  const updates: number[] = [];
  for await (const { name, isFile } of files.readDir(folder)) {
    const match = namePattern.exec(name);
    if (match && isFile) updates.push(Number(match[1]));
  }
  return updates.sort((a, b) => b - a)
    .map((update) => join(folder, `checkpoint_${update}.safetensors`));
}

/**
 * Reads a checkpoint file.
 *
 * @throws {ModelFileError} if it cannot be read
 */
export async function readCheckpoint(path: string): Promise<ReadCheckpoint> {
  let bytes: Uint8Array;
  try {
    const { size } = await files.stat(path);
    if (size > largest) {
      throw new ModelFileError(
        `Cannot read the checkpoint: it has ${size} bytes, allowed are ${largest}`,
      );
    }
    bytes = await files.readFile(path);
  } catch (error) {
    if (
      fileProblem(error) === "NotCapable" || error instanceof ModelFileError
    ) throw error;
    throw new ModelFileError(
      `Cannot read the checkpoint: ${fileTrouble(error)}`,
      { cause: error },
    );
  }
  return decodeCheckpoint(bytes);
}

/**
 * The newest checkpoint of a folder that can be read.
 *
 * @returns `undefined` if the folder holds none
 * @throws {ModelFileError} if none of those there can be read, or the newest
 *   was written by a newer version
 */
export async function latestCheckpoint(
  folder: string,
): Promise<FoundCheckpoint | undefined> {
  const unreadable: { path: string; reason: string }[] = [];
  for (const path of await listCheckpoints(folder)) {
    try {
      return { path, checkpoint: await readCheckpoint(path), unreadable };
    } catch (error) {
      if (
        !(error instanceof ModelFileError) ||
        error instanceof NewerCheckpointError
      ) throw error;
      unreadable.push({ path, reason: error.message });
    }
  }
  if (unreadable.length === 0) return undefined;
  const [{ path, reason }] = unreadable;
  throw new ModelFileError(
    `Cannot resume from ${folder}: none of its ${unreadable.length} ` +
      `checkpoints can be read; the newest is ${path}: ${reason}`,
  );
}

/** Removes a folder's checkpoints. */
export async function removeCheckpoints(folder: string): Promise<void> {
  for (const path of await listCheckpoints(folder)) await files.remove(path);
}

/** Removes half-written files that a killed run has left in its folder. */
export async function removeRemains(folder: string): Promise<void> {
  for await (const { name, isFile } of files.readDir(folder)) {
    if (isFile && isTemporary(name)) {
      await files.remove(join(folder, name));
    }
  }
}
