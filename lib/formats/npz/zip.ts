/**
 * Zip archives, as far as .npz needs them: stored or deflated members, no
 * encryption, one disk. Those of 4 GiB and more are written piece by piece alone.
 *
 * Source: PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3.
 */
import { ModelFileError } from "../../errors.ts";
import { crc32, deflateRaw, inflateRaw } from "../../platform/zlib.ts";

const signature = {
  local: 0x04034b50,
  central: 0x02014b50,
  end64: 0x06064b50,
  place64: 0x07064b50,
  end: 0x06054b50,
} as const;

/** 1 January 1980, the earliest day that zip knows: equal content gives equal bytes. */
const dosDate = 0x21;
const utf8Names = 0x0800;
const stored = 0;
const deflated = 8;
const endLength = 22;

function unreadable(reason: string, cause?: unknown): ModelFileError {
  return new ModelFileError(`Cannot read the zip file: ${reason}`, { cause });
}

/** A member of an archive, as its headers say it. */
export interface ZipEntry {
  readonly name: string;
  /** Whether it is deflated; else it is stored. */
  readonly compress: boolean;
  /** CRC-32 of the content. */
  readonly checksum: number;
  /** Bytes in the archive. */
  readonly packed: number;
  /** Bytes of the content. */
  readonly size: number;
}

/** What 32 bits hold: larger numbers stand elsewhere, and this in their place. */
const most32 = 0xffffffff;

/** Version that a reader needs: 4.5 for numbers of 64 bits, else 2.0. */
const versionOf = (long: boolean) => long ? 45 : 20;

/**
 * Version needed, flags, method, time, date, checksum, sizes, lengths of name and of
 * what is extra.
 */
function sharedHeader(
  entry: ZipEntry,
  nameLength: number,
  extraLength: number,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(26));
  view.setUint16(0, versionOf(extraLength > 0), true);
  view.setUint16(2, utf8Names, true);
  view.setUint16(4, entry.compress ? deflated : stored, true);
  view.setUint16(8, dosDate, true);
  view.setUint32(10, entry.checksum, true);
  view.setUint32(14, Math.min(entry.packed, most32), true);
  view.setUint32(18, Math.min(entry.size, most32), true);
  view.setUint16(22, nameLength, true);
  view.setUint16(24, extraLength, true);
  return new Uint8Array(view.buffer);
}

/** Numbers of 64 bits for what 32 do not hold. */
function extraOf(numbers: readonly number[]): Uint8Array {
  const long = numbers.filter((number) => number >= most32);
  if (long.length === 0) return new Uint8Array(0);
  const view = new DataView(new ArrayBuffer(4 + 8 * long.length));
  view.setUint16(0, 1, true);
  view.setUint16(2, 8 * long.length, true);
  long.forEach((number, k) =>
    view.setBigUint64(4 + 8 * k, BigInt(number), true)
  );
  return new Uint8Array(view.buffer);
}

/** What stands before a member's bytes. */
export function localHeader(entry: ZipEntry): Uint8Array {
  const name = new TextEncoder().encode(entry.name);
  // What is stored has one size: both numbers are long, or neither.
  const extra = extraOf([entry.size, entry.packed]);
  const bytes = new Uint8Array(30 + name.length + extra.length);
  new DataView(bytes.buffer).setUint32(0, signature.local, true);
  bytes.set(sharedHeader(entry, name.length, extra.length), 4);
  bytes.set(name, 30);
  bytes.set(extra, 30 + name.length);
  return bytes;
}

/**
 * What stands at an archive's end.
 *
 * @param entries with the offset of each one's local header
 * @param offset of the directory
 */
export function zipDirectory(
  entries: readonly (ZipEntry & { readonly offset: number })[],
  offset: number,
): Uint8Array {
  const parts = entries.map((entry) => {
    const name = new TextEncoder().encode(entry.name);
    const extra = extraOf([entry.size, entry.packed, entry.offset]);
    const bytes = new Uint8Array(46 + name.length + extra.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, signature.central, true);
    view.setUint16(4, versionOf(extra.length > 0), true);
    bytes.set(sharedHeader(entry, name.length, extra.length), 6);
    view.setUint32(42, Math.min(entry.offset, most32), true);
    bytes.set(name, 46);
    bytes.set(extra, 46 + name.length);
    return bytes;
  });
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const end = new Uint8Array(endLength);
  const view = new DataView(end.buffer);
  view.setUint32(0, signature.end, true);
  view.setUint16(8, entries.length, true);
  view.setUint16(10, entries.length, true);
  view.setUint32(12, length, true);
  view.setUint32(16, Math.min(offset, most32), true);
  const long = offset >= most32
    ? [longEnd(entries.length, length, offset)]
    : [];
  return joined([...parts, ...long, end]);
}

/** The archive's end with numbers of 64 bits, and where it is. */
function longEnd(count: number, length: number, offset: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(56 + 20));
  view.setUint32(0, signature.end64, true);
  view.setBigUint64(4, 44n, true);
  view.setUint16(12, versionOf(true), true);
  view.setUint16(14, versionOf(true), true);
  view.setBigUint64(24, BigInt(count), true);
  view.setBigUint64(32, BigInt(count), true);
  view.setBigUint64(40, BigInt(length), true);
  view.setBigUint64(48, BigInt(offset), true);
  view.setUint32(56, signature.place64, true);
  view.setBigUint64(64, BigInt(offset + length), true);
  view.setUint32(72, 1, true);
  return new Uint8Array(view.buffer);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Packs named members. */
export function encodeZip(
  members: Iterable<readonly [string, Uint8Array]>,
  compress: boolean,
): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const entries: (ZipEntry & { offset: number })[] = [];
  let offset = 0;
  for (const [name, content] of members) {
    const data = compress ? deflateRaw(content) : content;
    const entry = {
      name,
      compress,
      checksum: crc32(content),
      packed: data.length,
      size: content.length,
    };
    const header = localHeader(entry);
    parts.push(header, data);
    entries.push({ ...entry, offset });
    offset += header.length + data.length;
    if (offset > most32) {
      throw new RangeError(
        "Cannot write the zip file: received more than 4 GiB",
      );
    }
  }
  return joined([...parts, zipDirectory(entries, offset)]);
}

function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - endLength - 0xffff);
  for (let at = view.byteLength - endLength; at >= first; at--) {
    if (view.getUint32(at, true) === signature.end) return at;
  }
  throw unreadable("received a file without a zip directory (truncated?)");
}

/**
 * Unpacks all members.
 *
 * @param maxBytes what they may unpack to, together
 * @throws {ModelFileError} if the archive is damaged, or unpacks to more
 */
export function decodeZip(
  bytes: Uint8Array,
  maxBytes: number,
): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  let left = maxBytes;
  const members = new Map<string, Uint8Array>();
  for (let member = 0; member < count; member++) {
    if (at + 46 > end || view.getUint32(at, true) !== signature.central) {
      throw unreadable("received a damaged zip directory");
    }
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const checksum = view.getUint32(at + 16, true);
    const packedLength = view.getUint32(at + 20, true);
    const length = view.getUint32(at + 24, true);
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const commentLength = view.getUint16(at + 32, true);
    const local = view.getUint32(at + 42, true);
    if (at + 46 + nameLength > end) {
      throw unreadable("received a damaged zip directory");
    }
    const name = new TextDecoder().decode(
      bytes.subarray(at + 46, at + 46 + nameLength),
    );
    const shown = JSON.stringify(name);
    if (flags & 1) throw unreadable(`received ${shown}, which is encrypted`);
    if (length > left) {
      throw unreadable(
        `received ${shown} of ${length} bytes, allowed are ${maxBytes} together`,
      );
    }
    left -= length;
    if (members.has(name)) throw unreadable(`received ${shown} twice`);
    const content = unpackMember(bytes, {
      name,
      method,
      checksum,
      packed: packedLength,
      size: length,
      offset: local,
    });
    members.set(name, content);
    at += 46 + nameLength + extraLength + commentLength;
  }
  return members;
}

/** A member as the directory says it is. */
export interface ZipMember {
  readonly name: string;
  /** 0: as it is; 8: deflated. */
  readonly method: number;
  readonly checksum: number;
  /** Bytes in the file. */
  readonly packed: number;
  /** Bytes of the content. */
  readonly size: number;
  /** Where its local header is. */
  readonly offset: number;
}

/**
 * A member's content, found by way of its local header.
 *
 * @throws {ModelFileError} if it is damaged
 */
export function unpackMember(
  bytes: Uint8Array,
  { name, method, checksum, packed, size, offset }: ZipMember,
): Uint8Array {
  const shown = JSON.stringify(name);
  const data = memberData(bytes, offset, packed, shown);
  const content = unpack(data, method, size, shown);
  if (content.length !== size || crc32(content) !== checksum) {
    throw unreadable(`received ${shown} with a wrong checksum`);
  }
  return content;
}

/** The packed bytes of a member. */
function memberData(
  bytes: Uint8Array,
  local: number,
  packedLength: number,
  shown: string,
): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (
    local + 30 > bytes.length ||
    view.getUint32(local, true) !== signature.local
  ) {
    throw unreadable(`received a damaged header of ${shown}`);
  }
  const from = local + 30 + view.getUint16(local + 26, true) +
    view.getUint16(local + 28, true);
  if (from + packedLength > bytes.length) {
    throw unreadable(`received ${shown} cut off`);
  }
  return bytes.subarray(from, from + packedLength);
}

function unpack(
  data: Uint8Array,
  method: number,
  length: number,
  shown: string,
): Uint8Array {
  if (method === stored) return new Uint8Array(data);
  if (method !== deflated) {
    throw unreadable(
      `received ${shown} packed by method ${method}, allowed are 0 and 8`,
    );
  }
  try {
    const content = inflateRaw(data, Math.max(1, length));
    return new Uint8Array(content);
  } catch (error) {
    throw unreadable(`received ${shown}, which is damaged`, error);
  }
}
