/**
 * The arithmetic of the reference: float64, or float32 with the rounding and
 * the polynomials of the SIMD kernel.
 */
import type { ActivationName, Floats, Precision } from "./types.ts";

/** Upper bound of the clipped transfer functions. */
export const rateCeiling = 20;

/** Arithmetic in one precision. */
export interface Arithmetic {
  readonly precision: Precision;
  /** Rounds the result of one operation. */
  readonly round: (value: number) => number;
  /** New vector of zeros. */
  readonly zeros: (length: number) => Floats;
  /** phi(x). */
  readonly phi: Readonly<Record<ActivationName, (x: number) => number>>;
  /** dphi/dx as a function of r = phi(x). */
  readonly slope: Readonly<Record<ActivationName, (r: number) => number>>;
}

const f = Math.fround;

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

function sigmoidFloat32(x: number): number {
  return f(1 / f(1 + expFloat32(-x)));
}

/** log(1 + e^x) = max(x, 0) + 2·atanh(e / (2 + e)) with e = e^-|x|. */
function softplusFloat32(x: number): number {
  const e = expFloat32(-Math.abs(x));
  const s = f(e / f(2 + e));
  const z = f(s * s);
  const z2 = f(z * z);
  const low = f(line(a0, a1, z) + f(line(a2, a3, z) * z2));
  const series = f(low + f(a4 * f(z2 * z2)));
  const value = f((x < 0 ? 0 : x) + f(f(s + s) * series));
  return rateCeiling < value ? rateCeiling : value;
}

function clippedRelu(x: number): number {
  // A NaN passes both comparisons, so that divergence shows.
  const positive = x < 0 ? 0 : x;
  return rateCeiling < positive ? rateCeiling : positive;
}

function insideClip(r: number): number {
  return r > 0 && r < rateCeiling ? 1 : 0;
}

const float64: Arithmetic = {
  precision: "float64",
  round: (value) => value,
  zeros: (length) => new Float64Array(length),
  phi: {
    sigmoid: (x) => 1 / (1 + Math.exp(-x)),
    clipped_relu: clippedRelu,
    softplus: (x) =>
      Math.min(
        Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
        rateCeiling,
      ),
  },
  slope: {
    sigmoid: (r) => r * (1 - r),
    clipped_relu: insideClip,
    softplus: (r) => insideClip(r) * -Math.expm1(-r),
  },
};

const float32: Arithmetic = {
  precision: "float32",
  round: f,
  zeros: (length) => new Float32Array(length),
  phi: {
    sigmoid: sigmoidFloat32,
    clipped_relu: clippedRelu,
    softplus: softplusFloat32,
  },
  slope: {
    sigmoid: (r) => f(r * f(1 - r)),
    clipped_relu: insideClip,
    softplus: (r) => f(insideClip(r) * f(1 - expFloat32(-r))),
  },
};

/** Arithmetic of a precision. */
export function arithmetic(precision: Precision): Arithmetic {
  return precision === "float64" ? float64 : float32;
}
