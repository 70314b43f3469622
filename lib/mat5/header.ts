/** The header of a level 5 file, and the other files that end in .mat. */
import { unreadable } from "./elements.ts";
import { headerLength } from "./layout.ts";

const advice =
  "in MATLAB or Octave, save it again with -v7 (in Python, by scipy.io.savemat)";

/** Bytes as characters, one each. */
function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** What a file that is not a MATLAB level 5 file seems to be, or `undefined`. */
function otherFormat(bytes: Uint8Array): string | undefined {
  const start = latin1(bytes.subarray(0, headerLength));
  const hdf5 = "\x89HDF\r\n\x1a\n";
  if (start.startsWith("MATLAB 7.3")) {
    return `MATLAB 7.3 (HDF5) format, which is not supported: ${advice}`;
  }
  if (start.startsWith(hdf5)) {
    return `an HDF5 file (MATLAB 7.3 format?), which is not supported: ${advice}`;
  }
  if (/^# (Created by )?Octave/i.test(start)) {
    return `Octave's text format, which is not supported: ${advice}`;
  }
  if (/^Octave-1-[LB]/.test(start)) {
    return `Octave's binary format, which is not supported: ${advice}`;
  }
  if (start.startsWith("PK\x03\x04")) {
    return "a zip file (npz?), allowed is a MATLAB level 5 file";
  }
  if (start.startsWith("\x93NUMPY")) {
    return "a NumPy array (.npy), allowed is a MATLAB level 5 file";
  }
  if (start.startsWith("\x1f\x8b")) {
    return "a gzip file, allowed is a MATLAB level 5 file: unpack it by gunzip";
  }
  if (start.startsWith("version https://git-lfs")) {
    return "what Git LFS keeps in place of the file: run git lfs pull, or " +
      "download the file itself";
  }
  if (/^\s*<(!doctype|html|\?xml)/i.test(start)) {
    return "a web page: download the file itself";
  }
  if (isVersion4(bytes)) {
    return `MATLAB version 4 format, which is not supported: ${advice}`;
  }
  return undefined;
}

/** A version 4 file starts with a type 0 to 4052 whose digits say the storage, and small sizes. */
function isVersion4(bytes: Uint8Array): boolean {
  if (bytes.length < 20) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [true, false].some((little) => {
    const type = view.getUint32(0, little);
    const nameLength = view.getUint32(16, little);
    return type <= 4052 && type % 10 <= 2 && Math.floor(type / 10) % 10 <= 5 &&
      Math.floor(type / 100) % 10 === 0 && view.getUint32(12, little) <= 1 &&
      nameLength >= 1 && nameLength <= 64;
  });
}

/** Whether the first bytes are characters of ASCII, as in tables of numbers. */
function isText(bytes: Uint8Array): boolean {
  return /^[\t\n\r -~]+$/.test(latin1(bytes.subarray(0, headerLength)));
}

/**
 * Byte order of a level 5 file.
 *
 * @throws {ModelFileError} if the bytes are anything else, saying what
 */
export function isLittleEndian(bytes: Uint8Array): boolean {
  if (bytes.length === 0) throw unreadable("received an empty file");
  const other = otherFormat(bytes);
  if (other !== undefined) throw unreadable(`received ${other}`);
  if (bytes.length < headerLength) {
    throw unreadable(
      `received ${bytes.length} bytes, expected a header of ${headerLength}`,
    );
  }
  const order = latin1(bytes.subarray(126, 128));
  if (order !== "IM" && order !== "MI") {
    throw unreadable(
      isText(bytes)
        ? "received text, allowed is a MATLAB level 5 file"
        : "received something that is not a MATLAB level 5 file (no byte order mark)",
    );
  }
  const little = order === "IM";
  const version = bytes[little ? 125 : 124] * 256 + bytes[little ? 124 : 125];
  if (version === 0x0200) {
    throw unreadable(
      `received MATLAB 7.3 (HDF5) format, which is not supported: ${advice}`,
    );
  }
  if (version !== 0x0100) {
    throw unreadable(
      `received a MATLAB file of version 0x${
        version.toString(16).padStart(4, "0")
      }, allowed is level 5 (0x0100)`,
    );
  }
  return little;
}

/** The header of a file we write; no date, so that equal content gives equal bytes. */
export function header(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headerLength).fill(0x20, 0, 116);
  bytes.set(
    new TextEncoder().encode("MATLAB 5.0 MAT-file, written by spikernn"),
  );
  bytes.set([0x00, 0x01, 0x49, 0x4d], 124);
  return bytes;
}
