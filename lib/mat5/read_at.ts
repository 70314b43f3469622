/** Reading a part of a file. */
import type { OpenFile } from "../platform/file_types.ts";

/**
 * Reads bytes from a place in a file; fewer if the file ends before.
 *
 * @param file that is open for reading
 * @param at of the first byte
 * @param length in bytes
 */
export async function readAt(
  file: OpenFile,
  at: number,
  length: number,
): Promise<Uint8Array> {
  await file.seek(at, 0);
  const bytes = new Uint8Array(length);
  let read = 0;
  while (read < length) {
    const count = await file.read(bytes.subarray(read));
    if (count === null) break;
    read += count;
  }
  return bytes.subarray(0, read);
}
