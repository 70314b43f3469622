/**
 * Keys of streams: 32-bit hashes of a seed and of the purposes that were
 * forked off it (MurmurHash3's 32-bit mixing, A. Appleby, public domain).
 */
const { imul } = Math;

/** One 32-bit word mixed into a hash. */
function mix(hash: number, word: number): number {
  let k = imul(word, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  hash ^= imul(k, 0x1b873593);
  hash = (hash << 13) | (hash >>> 19);
  return (imul(hash, 5) + 0xe6546b64) | 0;
}

/** Every input bit moves every output bit. */
function finish(hash: number): number {
  hash ^= hash >>> 16;
  hash = imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function mixInteger(hash: number, value: number): number {
  return mix(mix(hash, value | 0), Math.floor(value / 0x1_0000_0000) | 0);
}

/** The key of a seed, a whole number below 2^53. */
export function keyOfSeed(seed: number): number {
  return finish(mixInteger(0, seed));
}

/**
 * The key of a stream forked off another.
 *
 * @param key the parent's key
 * @param purpose any text
 * @param index distinguishes streams of one purpose, a whole number below 2^53
 * @throws {RangeError} for an index that is not one
 */
export function extend(key: number, purpose: string, index: number): number {
  if (!(Number.isSafeInteger(index) && index >= 0)) {
    throw new RangeError(
      `Cannot fork a random stream for "${purpose}": index ${index}, ` +
        `allowed are whole numbers from 0 to ${Number.MAX_SAFE_INTEGER}`,
    );
  }
  let hash = mix(key | 0, purpose.length);
  for (let i = 0; i < purpose.length; i++) {
    hash = mix(hash, purpose.charCodeAt(i));
  }
  return finish(mixInteger(hash, index));
}
