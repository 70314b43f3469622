/**
 * Standard normal numbers in WGSL, to be put in front of a kernel's code: the
 * same counters and words as everywhere, the transform to within 4 ulp, or 2^-24
 * where that is more (a GPU may fuse or reorder multiplications and additions).
 */
import {
  incrementSizes,
  incrementUnit,
  mixFactor,
} from "../../../random/increments.ts";
import {
  cosineCoefficients,
  exponentCoefficient,
  logCoefficients,
  mantissaOrigin,
  scaledOrigin,
  sineCoefficients,
} from "../../../random/normal.ts";
import { literal } from "../../webgpu/source.ts";

const [l0, l1, l2, l3, l4, l5, l6] = Array.from(logCoefficients, literal);
const [s0, s1, s2, s3] = Array.from(sineCoefficients, literal);
const [c0, c1, c2, c3, c4] = Array.from(cosineCoefficients, literal);

/** `pcg4d(unit, block, trial, key)`: four words of a counter. */
const hashFunction = `
fn pcg4d(unit: u32, block: u32, trial: u32, key: u32) -> vec4u {
  var v = vec4u(unit, block, trial, key) * 1664525u + 1013904223u;
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  v ^= v >> vec4u(16u);
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  return v;
}
`;

/** Four sizes as the bytes of a word, as WGSL writes it. */
function packed(sizes: readonly number[]): string {
  return `${sizes.reduce((word, size, k) => word + size * 2 ** (8 * k), 0)}u`;
}

/**
 * `pcg4d(unit, block, trial, key)`; `increment_block(unit, block, trial, key)`: the
 * four increments of a spiking unit at steps 4·block … 4·block + 3, of standard
 * deviation 1.
 */
export const incrementFunctions = `${hashFunction}
fn increment_block(unit: u32, block: u32, trial: u32, key: u32) -> vec4f {
  let words = pcg4d(unit, block >> 3u, trial, key);
  let word = words[(block >> 1u) & 3u];
  let product = (word ^ (word >> 16u)) * ${mixFactor}u;
  let mixed = (product ^ (product >> 13u)) >> (4u * (block & 1u));
  let bits = (vec4u(mixed) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(15u);
  let four = select(
    vec4u(${packed(incrementSizes.slice(0, 4))}),
    vec4u(${packed(incrementSizes.slice(4))}),
    (bits & vec4u(4u)) != vec4u(0u),
  );
  let sizes = vec4f((four >> (8u * (bits & vec4u(3u)))) & vec4u(0xffu));
  return select(sizes, -sizes, bits >= vec4u(8u)) * ${literal(incrementUnit)};
}
`;

/**
 * `pcg4d(unit, block, trial, key)`; `normal_block(unit, block, trial, key)`: the
 * four normal numbers of a unit at steps 4·block … 4·block + 3.
 */
export const normalFunctions = `${hashFunction}
fn normal_radius(word: u32) -> f32 {
  let split = bitcast<i32>(f32(word & 0x7fffffffu) + 0.5f) - ${scaledOrigin};
  let exponent = f32(split >> 23u);
  let m = bitcast<f32>((split & 0x7fffff) + ${mantissaOrigin}) - 1.0f;
  let m2 = m * m;
  let m4 = m2 * m2;
  let low = (${l0} + ${l1} * m) + (${l2} + ${l3} * m) * m2;
  let high = ((${l4} + ${l5} * m) + ${l6} * m2) * m4;
  return sqrt(exponent * ${literal(exponentCoefficient)} + (low + high) * m);
}

fn box_muller(radius_word: u32, angle_word: u32) -> vec2f {
  let r = normal_radius(radius_word);
  let a = f32(bitcast<i32>(angle_word)) * ${literal(2 ** -31)};
  let q = a * a;
  let q2 = q * q;
  let s = (${s0} + ${s1} * q) + (${s2} + ${s3} * q) * q2;
  let c = ((${c0} + ${c1} * q) + (${c2} + ${c3} * q) * q2) + ${c4} * (q2 * q2);
  let signed_r = select(r, -r, (radius_word >> 31u) == 1u);
  return vec2f(signed_r * c, r * a * s);
}

fn normal_block(unit: u32, block: u32, trial: u32, key: u32) -> vec4f {
  let words = pcg4d(unit, block, trial, key);
  return vec4f(
    box_muller(words.x, words.y),
    box_muller(words.z, words.w),
  );
}
`;
