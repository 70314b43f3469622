/** What a command may write over: a file of the kind that it writes. */
import {
  type FileContent,
  type Mark,
  markOf,
  writeOver,
} from "../formats/atomic.ts";
import { type FileKind, fileKind } from "../formats/file_kind.ts";
import { UsageError } from "../runs/errors.ts";

/** What a file is to be. */
export interface Target {
  readonly kind: FileKind;
  /** Whether a file of another kind may go. */
  readonly force: boolean;
  /** Whether a person gave the name; else it is the usual one. */
  readonly named: boolean;
}

/** A place that was found fit for a file, before the work began. */
export interface CheckedTarget extends Target {
  readonly path: string;
  /** What may be written over. */
  readonly before?: Mark;
}

const words: Readonly<Record<FileKind, string>> = {
  model: "a model",
  trials: "simulated trials",
  nwb: "simulated trials (NWB)",
  arrays: "a file of other arrays",
  html: "an HTML page",
  svg: "an SVG figure",
  pdf: "a PDF",
  png: "a PNG picture",
  other: "a file of another kind",
};

/**
 * Checks that a path is free, or has a file of the kind that is written there:
 * whoever slips and names the model loses nothing.
 *
 * @returns what `writeTarget` needs
 * @throws {UsageError} if it has a file of another kind, without `force`, or is
 *   no place for a file
 */
export async function checkTarget(
  path: string,
  target: Target,
): Promise<CheckedTarget> {
  await checkPlace(path);
  const found = await markOf(path);
  if (!target.force) await checkKind(path, target.kind);
  // The usual name is the same for runs that are started together, of which one
  // may be done before the next one looks.
  const foreign = found && !target.named && found.written >= started &&
    !ours.has(JSON.stringify(found));
  return { ...target, path, before: foreign ? undefined : found };
}

/**
 * Checks that a path is not that of the model that is read, by whatever name.
 *
 * @param path where a changed model is to be written
 * @param source the model that it is made from
 * @throws {UsageError} if both are one file
 */
export async function checkOther(path: string, source: string): Promise<void> {
  const [found, own] = await Promise.all([path, source].map(markOf));
  if (found && JSON.stringify(found) === JSON.stringify(own)) {
    throw new UsageError(
      `Cannot save the changed network in ${path}: that is the model itself, ` +
        "which stays as it is; name another file",
    );
  }
}

/**
 * Checks that a path is free: for files that people go on to edit.
 *
 * @returns what `writeTarget` needs
 * @throws {UsageError} if it is not, without `force`, or is no place for a file
 */
export async function checkFree(
  path: string,
  target: Omit<Target, "kind">,
): Promise<CheckedTarget> {
  await checkPlace(path);
  const before = await markOf(path);
  if (before && !target.force) {
    throw new UsageError(
      `Cannot write ${path}: it is there already; choose another name by ` +
        "--output, or --force to write over it",
    );
  }
  return { ...target, kind: "other", path, before };
}

/**
 * Checks that a path that is to be a folder is not a file.
 *
 * @param what goes into the folder: "figures"
 * @throws {UsageError} if it is one
 */
export async function checkFolder(path: string, what: string): Promise<void> {
  const place = await Deno.stat(path).catch((error) => {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return undefined;
  });
  if (!place || place.isDirectory) return;
  throw new UsageError(
    `Cannot write ${what} into ${path}: it is a file, name a folder`,
  );
}

/** When this process was started, ms. */
const started = performance.timeOrigin;

/** Marks of the files that this process has written. */
const ours = new Set<string>();

async function checkKind(path: string, kind: FileKind): Promise<void> {
  const there = await fileKind(path);
  if (there === undefined || there === kind) return;
  throw new UsageError(
    `Cannot write ${words[kind]} to ${path}: there is ${words[there]}; ` +
      "choose another name, or --force to write over it",
  );
}

async function checkPlace(path: string): Promise<void> {
  let place: Deno.FileInfo;
  try {
    place = await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    // Whatever else is wrong with it is said when its folder is made.
    return;
  }
  if (place.isFile) return;
  throw new UsageError(
    `Cannot write ${path}: ` +
      (place.isDirectory
        ? "it is a folder, name a file in it"
        : "it is a device, a pipe or a socket, name a file"),
  );
}

/**
 * Writes a file whole or not at all, over one of its kind alone that was there
 * before the work began: what another run has written since stays, and the file
 * gets `_2`, `_3`, … before its ending. Of a symbolic link the target is written.
 *
 * @param target what `checkTarget` gave
 * @param content its bytes, or what writes them
 * @param note takes a remark if the file has another name than it should
 * @returns the path that was written
 * @throws {ModelFileError} if it cannot be written
 */
export async function writeTarget(
  target: CheckedTarget,
  content: FileContent,
  note: (remark: string) => void,
): Promise<string> {
  const { path, before } = target;
  const written = await writeOver(path, content, before);
  const mark = await markOf(written);
  if (mark) ours.add(JSON.stringify(mark));
  if (written !== path) {
    note(`${path}: another run has just written it, this one is in ${written}`);
  }
  return written;
}
