/** Names of the arrays of a .npz file, read without the arrays. */
import type { OpenFile } from "../../platform/file_types.ts";
import { readAt } from "../../mat5/read_at.ts";

/** Length of the record at a zip file's end, without its comment. */
const endLength = 22;

/** Length of what stands before it in a file of 4 GiB and more. */
const longPlace = 20;

/** Longest comment behind that record. */
const longestComment = 65_535;

/** Bytes of a directory that are read at most. */
const longestDirectory = 2 ** 20;

/**
 * Names of the members of a zip file, without the ending `.npy`.
 *
 * @param file that is open for reading
 * @returns no names if the file has no directory that can be read
 */
export async function memberNames(file: OpenFile): Promise<string[]> {
  const { size } = await file.stat();
  const tail = await readAt(
    file,
    Math.max(0, size - endLength - longestComment),
    Math.min(size, endLength + longestComment),
  );
  let end = tail.length - endLength;
  const view = viewOf(tail);
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) return [];
  let [length, at] = [12, 16].map((field) => view.getUint32(end + field, true));
  if (at === 0xffffffff && end >= longPlace) {
    const place = Number(view.getBigUint64(end - longPlace + 8, true));
    const long = viewOf(await readAt(file, place, 56));
    if (long.byteLength < 56 || long.getUint32(0, true) !== 0x06064b50) {
      return [];
    }
    [length, at] = [40, 48].map((field) =>
      Number(long.getBigUint64(field, true))
    );
  }
  const directory = await readAt(file, at, Math.min(longestDirectory, length));
  return namesIn(directory);
}

function namesIn(directory: Uint8Array): string[] {
  const names: string[] = [];
  const view = viewOf(directory);
  for (let at = 0; at + 46 <= directory.length;) {
    if (view.getUint32(at, true) !== 0x02014b50) break;
    const [name, extra, comment] = [28, 30, 32]
      .map((field) => view.getUint16(at + field, true));
    names.push(
      new TextDecoder().decode(directory.subarray(at + 46, at + 46 + name))
        .replace(/\.npy$/, ""),
    );
    at += 46 + name + extra + comment;
  }
  return names;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
