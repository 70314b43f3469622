/** Names of the variables of a MATLAB level 5 file, read without their values. */
import type { OpenFile } from "../platform/file_types.ts";
import { constants, inflateSync } from "node:zlib";
import { readAt } from "./read_at.ts";
import { decodeName } from "./characters.ts";
import { Budget, Elements, unreadable } from "./elements.ts";
import { isLittleEndian } from "./header.ts";
import { arrayClass, elementType, headerLength } from "./layout.ts";

/** Names of a file's variables. */
export interface VariableNames {
  readonly names: readonly string[];
  /** Whether the file could be followed to its end. */
  readonly whole: boolean;
}

/** Bytes of a variable in which its name lies: flags, up to 32 sizes, 63 letters. */
const beginning = 512;

/** Bytes that names may cost while they are read. */
const memory = 2 ** 24;

/** Variables that are followed at most. */
const mostVariables = 100_000;

/**
 * Reads the names of the variables of a file, however large it is.
 *
 * @param file that is open for reading
 * @throws {ModelFileError} if it is not a MATLAB level 5 file
 */
export async function variableNames(file: OpenFile): Promise<VariableNames> {
  const { size } = await file.stat();
  const littleEndian = isLittleEndian(await readAt(file, 0, headerLength));
  const names: string[] = [];
  for (let at = headerLength; at < size;) {
    try {
      if (names.length >= mostVariables) return { names, whole: false };
      const tag = await readAt(file, at, 8);
      const view = new DataView(tag.buffer, tag.byteOffset, tag.byteLength);
      const type = view.getUint32(0, littleEndian);
      let length = view.getUint32(4, littleEndian);
      // Octave 7 gives matrices with four bytes of text four bytes too many.
      if (type === elementType.matrix) length -= length % 8;
      const end = at + 8 + length;
      if (end > size) return { names, whole: false };
      const name = nameIn(
        type,
        await readAt(file, at + 8, Math.min(length, beginning)),
        littleEndian,
      );
      // An unnamed matrix is MATLAB's own bookkeeping for objects.
      if (name !== "") names.push(name);
      at = end;
    } catch {
      return { names, whole: false };
    }
  }
  return { names, whole: true };
}

/** The name of a variable, from the first bytes of its element's data. */
function nameIn(type: number, data: Uint8Array, littleEndian: boolean): string {
  let content = data;
  if (type === elementType.compressed) {
    content = inflateSync(data, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: memory,
    }).subarray(8);
  } else if (type !== elementType.matrix) {
    throw unreadable(`received an element of type ${type}`);
  }
  if (content.length === 0) return "";
  const parts = new Elements(content, littleEndian, new Budget(memory));
  const [flags] = parts.integers("array flags", 2);
  if ((flags & 0xff) !== arrayClass.opaque) parts.next("array sizes");
  return decodeName(parts.next("a name").data);
}
