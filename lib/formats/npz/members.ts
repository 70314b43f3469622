/** Members of a zip file, found and read one by one. */
import type { OpenFile } from "../../platform/file_types.ts";
import { readAt } from "../../mat5/read_at.ts";
import { unpackMember, type ZipMember } from "./zip.ts";

export type { ZipMember };

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
  return (await zipMembers(file)).map(({ name }) => name.replace(/\.npy$/, ""));
}

/**
 * The members of a zip file, by its directory.
 *
 * @param file that is open for reading
 * @returns none if the file has no directory that can be read
 */
export async function zipMembers(file: OpenFile): Promise<ZipMember[]> {
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
  return membersIn(await readAt(file, at, Math.min(longestDirectory, length)));
}

/**
 * Reads one member of a zip file, and nothing of the others.
 *
 * @throws {ModelFileError} if it is damaged
 */
export async function readZipMember(
  file: OpenFile,
  member: ZipMember,
): Promise<Uint8Array> {
  const header = await readAt(file, member.offset, 30);
  const view = viewOf(header);
  const names = header.length < 30
    ? 0
    : view.getUint16(26, true) + view.getUint16(28, true);
  // Its local header is checked with it: the length of names and extras is there.
  const bytes = await readAt(file, member.offset, 30 + names + member.packed);
  return unpackMember(bytes, { ...member, offset: 0 });
}

function membersIn(directory: Uint8Array): ZipMember[] {
  const members: ZipMember[] = [];
  const view = viewOf(directory);
  for (let at = 0; at + 46 <= directory.length;) {
    if (view.getUint32(at, true) !== 0x02014b50) break;
    const [name, extra, comment] = [28, 30, 32]
      .map((field) => view.getUint16(at + field, true));
    members.push({
      name: new TextDecoder().decode(
        directory.subarray(at + 46, at + 46 + name),
      ),
      method: view.getUint16(at + 10, true),
      checksum: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at += 46 + name + extra + comment;
  }
  return members;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
