/**
 * Functions in single precision, with the rounding and the polynomials of the
 * SIMD kernels of the rate network.
 */

/** Rounds the result of one operation to single precision. */
export const f = Math.fround;

// Constants of expFloat32(): minimax polynomial of degree 5 on ±ln(2)/2 (relative
// error 7.5e-8), ln 2 in two parts (the first has few bits, so that k·ln2High is
// exact), and 1.5·2^23, whose addition rounds to an integer.
const log2e = f(1.4426950408889634);
const ln2High = f(0.693359375);
const ln2Low = f(-0.00021219444005469057);
const roundingShift = 12582912;
const exponentLimit = 80;
const [e0, e1, e2, e3, e4, e5] = [
  1.0000001192092896,
  0.9999997019767761,
  0.4999889135360718,
  0.16667576134204865,
  0.04191562905907631,
  0.00829761940985918,
].map(f);

// Minimax polynomial of atanh(s)/s in s² on [0, 1/9] (relative error 4e-9).
const [a0, a1, a2, a3, a4] = [
  1,
  0.3333315849304199,
  0.20012454688549042,
  0.13980300724506378,
  0.1408916711807251,
].map(f);

const bits = new Int32Array(1);
const bitsAsFloat = new Float32Array(bits.buffer);

/** c0 + c1·x */
function line(c0: number, c1: number, x: number): number {
  return f(c0 + f(c1 * x));
}

/** e^x in float32, x limited to ±80 so that no result is denormal. */
export function expFloat32(x: number): number {
  let limited = x < -exponentLimit ? -exponentLimit : x;
  limited = exponentLimit < limited ? exponentLimit : limited;
  const shifted = f(f(limited * log2e) + roundingShift);
  const k = f(shifted - roundingShift);
  const rest = f(f(limited - f(k * ln2High)) - f(k * ln2Low));
  // The low bits of `shifted` are k; moved to the exponent they make 2^k.
  bitsAsFloat[0] = shifted;
  bits[0] = ((bits[0] << 23) + 0x3f800000) | 0;
  const rest2 = f(rest * rest);
  const low = f(line(e0, e1, rest) + f(line(e2, e3, rest) * rest2));
  const p = f(low + f(line(e4, e5, rest) * f(rest2 * rest2)));
  return f(p * bitsAsFloat[0]);
}

/** log(1 + e) of 0 <= e <= 1: 2·atanh(e / (2 + e)). */
export function log1pOfFloat32(e: number): number {
  const s = f(e / f(2 + e));
  const z = f(s * s);
  const z2 = f(z * z);
  const low = f(line(a0, a1, z) + f(line(a2, a3, z) * z2));
  const series = f(low + f(a4 * f(z2 * z2)));
  return f(f(s + s) * series);
}
