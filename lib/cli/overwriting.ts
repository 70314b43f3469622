/** What a command may write over: a file of the kind that it writes. */
import { writeAtomic } from "../formats/atomic.ts";
import { type FileKind, fileKind } from "../formats/file_kind.ts";
import { UsageError } from "../runs/errors.ts";
import { apart, grouped, onOff } from "../settings/kinds.ts";

/** What a file is to be. */
export interface Target {
  readonly kind: FileKind;
  /** Whether a file of another kind may go. */
  readonly force: boolean;
}

/** The flag that allows it. */
export const forceFlag = apart(
  "person",
  grouped("Output", { force: onOff("write over a file of another kind") }),
);

const words: Readonly<Record<FileKind, string>> = {
  model: "a model",
  trials: "simulated trials",
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
 * @throws {UsageError} if it has a file of another kind, without `force`, or is
 *   no place for a file
 */
export async function checkTarget(
  path: string,
  { kind, force }: Target,
): Promise<void> {
  await checkPlace(path);
  if (force) return;
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
 * Writes a file whole or not at all, over one of its kind alone; of a symbolic
 * link the target is written.
 *
 * @throws {UsageError} if the path has a file of another kind, without `force`
 * @throws {ModelFileError} if it cannot be written
 */
export async function writeTarget(
  path: string,
  bytes: Uint8Array,
  target: Target,
): Promise<void> {
  // It may have come to be there during a long computation.
  await checkTarget(path, target);
  await writeAtomic(path, bytes, { follow: true });
}
