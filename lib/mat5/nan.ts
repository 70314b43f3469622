/** Numbers that are none, with the same bits whatever computed them. */

/**
 * An array whose NaNs all have the bits of the constant `NaN`: what a processor
 * computes has other ones (x86 sets the sign), which do not last through every
 * way to disk and back.
 *
 * @param array any typed array; others than of floats have no NaN
 * @returns the array itself if it has no NaN, else a copy
 */
export function canonicalNaN<T extends ArrayBufferView>(array: T): T {
  if (!(array instanceof Float64Array || array instanceof Float32Array)) {
    return array;
  }
  // A loop: `includes()` and `some()` take several times as long.
  let first = 0;
  while (first < array.length && array[first] === array[first]) first++;
  if (first === array.length) return array;
  const copy = array.slice();
  const words = new Uint32Array(copy.buffer);
  const wide = copy instanceof Float64Array;
  for (let k = first; k < copy.length; k++) {
    if (copy[k] === copy[k]) continue;
    if (wide) words.set([0, 0x7ff80000], 2 * k);
    else words[k] = 0x7fc00000;
  }
  return copy as ArrayBufferView as T;
}
