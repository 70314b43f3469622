/** Numbers of half precision, which few engines have arrays of. */

/** The number of the bits of half precision; Node 22 has no `Float16Array`. */
export function ofHalf(bits: number): number {
  const exponent = bits >> 10 & 31;
  const fraction = bits & 1023;
  const size = exponent === 31
    ? fraction ? NaN : Infinity
    : exponent === 0
    ? fraction * 2 ** -24
    : (1024 + fraction) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -size : size;
}
