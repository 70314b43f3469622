/**
 * Unpacking and checksums for browsers, which have none that answer at once.
 *
 * Source: RFC 1950 (zlib's format), RFC 1952 (CRC-32); deflate by fflate.
 */
import { Inflate, inflateSync } from "fflate/browser";

/** CRC-32 of every byte. */
const crcs = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) {
    crc = crc & 1 ? crc >>> 1 ^ 0xedb88320 : crc >>> 1;
  }
  return crc;
});

/** The checksum of zip archives; goes on from that of the bytes before. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (const byte of bytes) crc = crc >>> 8 ^ crcs[(crc ^ byte) & 0xff];
  return ~crc >>> 0;
}

/** The checksum of zlib's format. */
function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  // So many sums stay below 2^32.
  for (let at = 0; at < bytes.length; at += 3800) {
    const end = Math.min(at + 3800, bytes.length);
    for (let k = at; k < end; k++) b += a += bytes[k];
    a %= 65521;
    b %= 65521;
  }
  return (b << 16 | a) >>> 0;
}

/** Bytes of a block that is not packed, at most. */
const largestBlock = 65535;

/** Bytes in zlib's format, as they are: what unpacks it takes blocks that are not packed. */
export function stored(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const blocks = Math.max(1, Math.ceil(bytes.length / largestBlock));
  const whole = new Uint8Array(2 + 5 * blocks + bytes.length + 4);
  const view = new DataView(whole.buffer);
  whole.set([0x78, 0x01]);
  let at = 2;
  for (let block = 0; block < blocks; block++) {
    const from = block * largestBlock;
    const part = bytes.subarray(from, from + largestBlock);
    view.setUint8(at, block === blocks - 1 ? 1 : 0);
    view.setUint16(at + 1, part.length, true);
    view.setUint16(at + 3, ~part.length & 0xffff, true);
    whole.set(part, at + 5);
    at += 5 + part.length;
  }
  view.setUint32(at, adler32(bytes));
  return whole;
}

/**
 * Unpacks bytes without a header.
 *
 * @throws {Error} if they are damaged, or more would come of them
 */
export function inflateRaw(
  bytes: Uint8Array,
  atMost?: number,
): Uint8Array<ArrayBuffer> {
  if (atMost === undefined) return inflateSync(bytes);
  // What does not fit is dropped without a word: one byte more tells.
  const content = inflateSync(bytes, { out: new Uint8Array(atMost + 1) });
  if (content.length > atMost) {
    throw new RangeError(`more than ${atMost} bytes`);
  }
  return content;
}

/**
 * Unpacks bytes in zlib's format.
 *
 * @param options the most that may come of it, and whether the bytes may break off
 * @throws {Error} if they are damaged, or more would come of them
 */
export function inflate(
  bytes: Uint8Array,
  { atMost, partial = false }: { atMost?: number; partial?: boolean },
): Uint8Array<ArrayBuffer> {
  const [method, flags] = bytes;
  if ((method & 0x0f) !== 8 || (method << 8 | flags) % 31 || flags & 0x20) {
    throw new Error("incorrect header check");
  }
  if (partial) return begun(bytes.subarray(2), atMost);
  if (bytes.length < 6) throw new Error("unexpected end of file");
  const content = inflateRaw(bytes.subarray(2, -4), atMost);
  const { buffer, byteOffset, byteLength } = bytes;
  const sum = new DataView(buffer, byteOffset + byteLength - 4).getUint32(0);
  if (adler32(content) !== sum) throw new Error("incorrect data check");
  return content;
}

/** What comes of bytes that may break off. */
function begun(bytes: Uint8Array, atMost = Infinity): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  new Inflate((part) => parts.push(part)).push(bytes, false);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > atMost) throw new RangeError(`more than ${atMost} bytes`);
  const content = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    content.set(part, at);
    at += part.length;
  }
  return content;
}
