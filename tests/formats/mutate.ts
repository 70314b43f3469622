/** Damages files in repeatable ways. */

/** Repeatable whole numbers from 0 up to (not including) a bound: xorshift32. */
export function numbersFrom(seed: number): (bound: number) => number {
  let state = seed >>> 0 || 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % bound;
  };
}

/** A copy with a few bits flipped, bytes replaced, or a stretch cut out or doubled. */
export function damaged(
  bytes: Uint8Array,
  next: (bound: number) => number,
): Uint8Array {
  const copy = new Uint8Array(bytes);
  const kind = next(8);
  if (kind <= 3) {
    for (let flips = 1 + next(4); flips > 0; flips--) {
      copy[next(copy.length)] ^= 1 << next(8);
    }
    return copy;
  }
  if (kind <= 5) {
    // Numbers that lengths and counts are afraid of.
    const dangerous = [0, 1, 0x7f, 0x80, 0xff, 0xfe, 0x0e, 0x0f];
    const from = next(copy.length);
    const count = 1 + next(8);
    copy.fill(dangerous[next(dangerous.length)], from, from + count);
    return copy;
  }
  const from = next(copy.length);
  const to = Math.min(copy.length, from + 1 + next(64));
  if (kind === 6) {
    return Uint8Array.of(...copy.subarray(0, from), ...copy.subarray(to));
  }
  return Uint8Array.of(
    ...copy.subarray(0, to),
    ...copy.subarray(from, to),
    ...copy.subarray(to),
  );
}
