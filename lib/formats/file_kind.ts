/** What a file is, by what is in it rather than by its name. */
import { fileProblem, files, withFile } from "../platform/files.ts";
import type { OpenFile } from "../platform/file_types.ts";
import { ModelFileError } from "../errors.ts";
import { fileTrouble } from "./atomic.ts";
import { variableNames } from "../mat5/variable_names.ts";
import { isHdf5, readHdf5 } from "./hdf5.ts";
import { holdsNetwork } from "./model/names.ts";
import { nwbIdentifier } from "./trials/nwb.ts";
import { memberNames } from "./npz/members.ts";

/** Kinds of files that are told apart. */
export type FileKind =
  | "model"
  | "trials"
  | "nwb"
  | "arrays"
  | "html"
  | "svg"
  | "pdf"
  | "png"
  | "other";

/** Bytes by which kinds are told. */
const headLength = 1024;

/**
 * Says what kind of file is at a path. A model is a MATLAB file with a
 * network's weights; trials, in NWB files too, are what the command `simulate`
 * writes; arrays are other MATLAB and NumPy files.
 *
 * Needs read permission for the file.
 *
 * @returns undefined if there is no file, or an empty one
 * @throws {ModelFileError} if the file cannot be read
 */
export async function fileKind(path: string): Promise<FileKind | undefined> {
  try {
    const { isFile, size } = await files.stat(path);
    if (!isFile || size === 0) return undefined;
    return await withFile(path, async (file) => {
      const bytes = new Uint8Array(headLength);
      const head = bytes.subarray(0, await file.read(bytes) ?? 0);
      if (isHdf5(head)) return await ofHdf5(file);
      return ofBytes(head) ?? await ofArrays(head, file);
    });
  } catch (error) {
    if (fileProblem(error) === "NotFound") return undefined;
    if (fileProblem(error) === "NotCapable") throw error;
    throw new ModelFileError(
      `Cannot read ${JSON.stringify(path)}: ${fileTrouble(error)}`,
      { cause: error },
    );
  }
}

/** What the first bytes tell. */
function ofBytes(head: Uint8Array): FileKind | undefined {
  const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  if (png.every((byte, k) => head[k] === byte)) return "png";
  const text = new TextDecoder().decode(head);
  if (text.startsWith("%PDF-")) return "pdf";
  if (/^\s*<(!doctype\s+html|html)\b/i.test(text)) return "html";
  return /^\s*(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)?(<!doctype\s+svg[^>]*>\s*)?<svg\b/i
      .test(text)
    ? "svg"
    : undefined;
}

/** Whether an HDF5 file was written by `simulate`: its identifier says so. */
async function ofHdf5(file: OpenFile): Promise<FileKind> {
  try {
    return await readHdf5(file, (content) => {
      const [identifier] = content.texts("identifier");
      return identifier.startsWith(nwbIdentifier) ? "nwb" : "other";
    });
  } catch (error) {
    if (error instanceof ModelFileError) return "other";
    throw error;
  }
}

/** What the names of a file's arrays tell. */
async function ofArrays(
  head: Uint8Array,
  file: OpenFile,
): Promise<FileKind> {
  if (head[0] === 0x50 && head[1] === 0x4b) {
    return kindOfNames(await memberNames(file));
  }
  try {
    const { names, whole } = await variableNames(file);
    return whole ? kindOfNames(names) : "other";
  } catch (error) {
    if (error instanceof ModelFileError) return "other";
    throw error;
  }
}

function kindOfNames(names: readonly string[]): FileKind {
  if (holdsNetwork(names)) return "model";
  const trials = ["u", "out", "condition"].every((name) =>
    names.includes(name)
  );
  return trials ? "trials" : names.length > 0 ? "arrays" : "other";
}
