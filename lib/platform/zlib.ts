/**
 * Deflate, by `node:zlib`. Browsers have none that answers at once: there bytes are
 * unpacked by fflate. They pack nothing, as fflate's bytes would be others than those
 * that a file has elsewhere.
 */
import * as unpacking from "./inflate_browser.ts";
import { builtin, runtime } from "./runtime.ts";

/** What is used of `node:zlib`. */
interface Zlib {
  readonly constants: { readonly Z_SYNC_FLUSH: number };
  crc32(bytes: Uint8Array, before?: number): number;
  deflateSync(bytes: Uint8Array): Uint8Array<ArrayBuffer>;
  deflateRawSync(bytes: Uint8Array): Uint8Array<ArrayBuffer>;
  inflateRawSync(
    bytes: Uint8Array,
    options: { maxOutputLength: number },
  ): Uint8Array<ArrayBuffer>;
  inflateSync(
    bytes: Uint8Array,
    options?: { finishFlush?: number; maxOutputLength?: number },
  ): Uint8Array<ArrayBuffer>;
}

/** Whether there is anything here to pack with. */
export const canDeflate: boolean = runtime !== "browser";

const zlib = () => builtin<Zlib>("node:zlib");

/** What browsers unpack with; undefined elsewhere. */
const own = runtime === "browser" ? unpacking : undefined;

/** The checksum of zip archives; goes on from that of the bytes before. */
export function crc32(bytes: Uint8Array, before = 0): number {
  return (own ?? zlib()).crc32(bytes, before);
}

/** Packs bytes in zlib's format; in browsers they are put into it as they are. */
export function deflate(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return own ? own.stored(bytes) : zlib().deflateSync(bytes);
}

/** Packs bytes without a header, as zip archives have them. */
export function deflateRaw(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return zlib().deflateRawSync(bytes);
}

/**
 * Unpacks bytes without a header.
 *
 * @throws {Error} if they are damaged, or more would come of them
 */
export function inflateRaw(
  bytes: Uint8Array,
  atMost: number,
): Uint8Array<ArrayBuffer> {
  if (own) return own.inflateRaw(bytes, atMost);
  return zlib().inflateRawSync(bytes, { maxOutputLength: atMost });
}

/**
 * Unpacks bytes in zlib's format.
 *
 * @param options the most that may come of it, and whether the bytes may break off
 * @throws {Error} if they are damaged, or more would come of them
 */
export function inflate(
  bytes: Uint8Array,
  { atMost, partial = false }: { atMost?: number; partial?: boolean } = {},
): Uint8Array<ArrayBuffer> {
  if (own) return own.inflate(bytes, { atMost, partial });
  const { inflateSync, constants } = zlib();
  return inflateSync(bytes, {
    ...(atMost !== undefined && { maxOutputLength: atMost }),
    ...(partial && { finishFlush: constants.Z_SYNC_FLUSH }),
  });
}
