/**
 * exp(x) in single precision, bit for bit as kernels/lif/simd/models/exponential.ts: x is
 * split into k·log(2) + f, exp(f) is a minimax polynomial (relative error 2e-7).
 */
const { fround } = Math;

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** x beyond these is taken to them: exp stays finite and normal. */
const largest = 80;
const smallest = -80;
const log2e = fround(1.4426950216293335);
/** log(2) in two parts, of which the first has few bits. */
const ln2High = fround(0.693359375);
const ln2Low = fround(-0.00021219444170128554);
/** Adding and subtracting it rounds to whole numbers, half to even. */
const rounder = 12582912;
const [c0, c1, c2, c3, c4, c5] = Float32Array.of(
  1,
  1,
  0.499992311000824,
  0.16667114198207855,
  0.041890114545822144,
  0.008312525227665901,
);

/** exp(x) of a float32 number. */
export function exp32(x: number): number {
  x = x < smallest ? smallest : x;
  x = largest < x ? largest : x;
  const k = fround(fround(fround(x * log2e) + rounder) - rounder);
  let f = fround(x - fround(k * ln2High));
  f = fround(f - fround(k * ln2Low));
  let p = fround(c4 + fround(c5 * f));
  p = fround(c3 + fround(p * f));
  p = fround(c2 + fround(p * f));
  p = fround(c1 + fround(p * f));
  p = fround(c0 + fround(p * f));
  bits[0] = (k + 127) << 23;
  return fround(p * float[0]);
}
