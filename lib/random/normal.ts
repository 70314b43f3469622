/**
 * The numbers behind every stream: pcg4d on a four-part counter, then the
 * Box–Muller transform in single precision. The arithmetic is written out in
 * float32, operation for operation as the SIMD kernels do it, so that a number
 * is the same to the last bit wherever it is drawn.
 *
 * Sources: pcg4d: Jarzynski and Olano, "Hash functions for GPU rendering",
 * JCGT 9(3), 2020. Transform: Box and Muller, Ann. Math. Stat. 29, 1958.
 */
const { fround, imul, sqrt } = Math;

/** Multiplier and increment of the linear congruential step. */
const multiplier = 1664525;
const increment = 1013904223;

/**
 * -2·log(1 + m)/m on |m| <= 1/3, minimax to 2.3e-6 relative; powers ascending.
 */
export const logCoefficients = Float32Array.of(
  -1.9999992847442627,
  1.000044822692871,
  -0.666815459728241,
  0.4968323111534119,
  -0.3945644199848175,
  0.3881598711013794,
  -0.350241959095001,
);

/** sin(a·pi/2)/a on |a| <= 1 in powers of a², minimax to 1.2e-6. */
export const sineCoefficients = Float32Array.of(
  1.5707951784133911,
  -0.6459259390830994,
  0.07950065284967422,
  -0.004371014889329672,
);

/** cos(a·pi/2) on |a| <= 1 in powers of a², minimax to 4.7e-8. */
export const cosineCoefficients = Float32Array.of(
  0.9999999403953552,
  -1.2336982488632202,
  0.2536507546901703,
  -0.020810628309845924,
  0.0008581906406667808,
);

/** -2·log(2), what one step of the binary exponent adds to -2·log(u). */
export const exponentCoefficient = fround(-2 * Math.LN2);

/** Bits of 2/3, from where the mantissa is split, and the same times 2^31. */
export const mantissaOrigin = 0x3f2aaaab;
export const scaledOrigin = 0x4eaaaaab;

const [l0, l1, l2, l3, l4, l5, l6] = logCoefficients;
const [s0, s1, s2, s3] = sineCoefficients;
const [c0, c1, c2, c3, c4] = cosineCoefficients;
const toUnit = 2 ** -31;

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/**
 * Four pseudo-random 32-bit words of a counter, written into `out`.
 *
 * @param out four words, signed
 */
export function pcg4d(
  unit: number,
  block: number,
  trial: number,
  key: number,
  out: Int32Array,
): void {
  const y0 = (imul(block, multiplier) + increment) | 0;
  const z0 = (imul(trial, multiplier) + increment) | 0;
  const w0 = (imul(key, multiplier) + increment) | 0;
  let x = (imul(unit, multiplier) + increment + imul(y0, w0)) | 0;
  let y = (y0 + imul(z0, x)) | 0;
  let z = (z0 + imul(x, y)) | 0;
  let w = (w0 + imul(y, z)) | 0;
  x ^= x >>> 16;
  y ^= y >>> 16;
  z ^= z >>> 16;
  w ^= w >>> 16;
  x = (x + imul(y, w)) | 0;
  y = (y + imul(z, x)) | 0;
  z = (z + imul(x, y)) | 0;
  w = (w + imul(y, z)) | 0;
  out[0] = x;
  out[1] = y;
  out[2] = z;
  out[3] = w;
}

/**
 * sqrt(-2·log(u)) for u = (k + 1/2)·2^-31, k the lower 31 bits of a word: fine
 * steps near 0, where the tails of the normal distribution come from.
 */
function radius(word: number): number {
  float[0] = fround(fround(word & 0x7fffffff) + 0.5);
  const split = (bits[0] - scaledOrigin) | 0;
  const exponent = split >> 23;
  bits[0] = (split & 0x7fffff) + mantissaOrigin;
  const m = fround(float[0] - 1);
  const m2 = fround(m * m);
  const m4 = fround(m2 * m2);
  const low = fround(
    fround(l0 + fround(l1 * m)) + fround(fround(l2 + fround(l3 * m)) * m2),
  );
  const high = fround(
    fround(fround(l4 + fround(l5 * m)) + fround(l6 * m2)) * m4,
  );
  const p = fround(low + high);
  return fround(
    sqrt(fround(fround(exponent * exponentCoefficient) + fround(p * m))),
  );
}

/** One pair of normal numbers from two words, written to `out[at]`, `out[at + 1]`. */
function boxMuller(
  radiusWord: number,
  angleWord: number,
  out: Float32Array,
  at: number,
): void {
  const r = radius(radiusWord);
  const a = fround(fround(angleWord) * toUnit);
  const q = fround(a * a);
  const q2 = fround(q * q);
  const s = fround(
    fround(s0 + fround(s1 * q)) + fround(fround(s2 + fround(s3 * q)) * q2),
  );
  const c = fround(
    fround(
      fround(c0 + fround(c1 * q)) + fround(fround(c2 + fround(c3 * q)) * q2),
    ) + fround(c4 * fround(q2 * q2)),
  );
  // The angle covers half a circle; the other half is the radius word's top
  // bit, which the radius does not use.
  out[at] = fround((radiusWord < 0 ? -r : r) * c);
  out[at + 1] = fround(fround(r * a) * s);
}

const words = new Int32Array(4);

/**
 * The four standard normal numbers of one counter block: a unit's numbers at
 * steps 4·block … 4·block + 3.
 *
 * @param out float32 array that receives four numbers from index `at` on
 */
export function normalBlock(
  unit: number,
  block: number,
  trial: number,
  key: number,
  out: Float32Array,
  at = 0,
): void {
  pcg4d(unit, block, trial, key, words);
  boxMuller(words[0], words[1], out, at);
  boxMuller(words[2], words[3], out, at + 2);
}
