/** Compressed variables of MATLAB level 5 files (`save -v7`). */
import { inflate as unpack } from "../platform/zlib.ts";
import { type Budget, unreadable } from "./elements.ts";
import { align8 } from "./layout.ts";

/** What unpacks to a megabyte at most (deflate's limit is 1 to 1032), in bytes. */
const smallPacked = 1024;

/**
 * Unpacks a compressed variable. Its first eight bytes say how long it is, so
 * they are read alone before anything is allocated for the rest.
 */
export function inflate(
  packed: Uint8Array,
  littleEndian: boolean,
  budget: Budget,
): Uint8Array {
  try {
    const first = inflatedStart(packed);
    if (first.length < 8) throw new Error("too short");
    const view = new DataView(first.buffer, first.byteOffset, first.byteLength);
    const length = 8 + align8(view.getUint32(4, littleEndian));
    if (packed.length <= smallPacked) return first;
    budget.charge(length);
    const content = unpack(packed, { atMost: length });
    budget.refund(length);
    return content;
  } catch (error) {
    if (error instanceof Error && error.name === "ModelFileError") throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw unreadable(
      `received a compressed variable that is damaged (${reason})`,
      error,
    );
  }
}

/** The first bytes of a compressed variable, or all of a small one. */
function inflatedStart(packed: Uint8Array): Uint8Array {
  if (packed.length <= smallPacked) return unpack(packed);
  let start: Uint8Array = new Uint8Array();
  // Browsers unpack blocks that are not packed, of up to 64 KiB, whole alone.
  const lengths = [smallPacked, 16 * smallPacked, 128 * smallPacked];
  for (const length of [...lengths, packed.length]) {
    start = unpack(packed.subarray(0, length), {
      partial: true,
      atMost: 2 ** 25,
    });
    if (start.length >= 8) break;
  }
  return start;
}
