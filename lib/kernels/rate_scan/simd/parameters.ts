// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** From trained parameters to effective weights, and from gradients back. */

/** Rectified (under Dale's principle) and signed weight. */
@inline function effective(weight: v128, sign: v128, dale: i32): v128 {
  const rectified = dale ? f32x4.pmax(i32x4(0, 0, 0, 0), weight) : weight;
  return f32x4.mul(rectified, sign);
}

/**
 * Writes the effective weight of every synapse to its place in two structures.
 *
 * @param count multiple of 4
 * @param forward per synapse a byte offset from `to`; 0, which is left unused,
 *   where the synapse has no place
 * @param backward likewise
 * @returns number of positive weights; -1 if one of them has no place
 */
export function placeWeights(
  count: i32,
  weights: usize,
  signs: usize,
  dale: i32,
  forward: usize,
  backward: usize,
  to: usize,
): i32 {
  const end = <usize>count << 2;
  let positive = 0;
  let homeless = i32x4(0, 0, 0, 0);
  for (let s: usize = 0; s < end; s += 16) {
    const weight = v128.load(weights + s);
    const value = effective(weight, v128.load(signs + s), dale);
    const f = v128.load(forward + s);
    const b = v128.load(backward + s);
    v128.store32_lane(to + <u32>i32x4.extract_lane(f, 0), value, 0);
    v128.store32_lane(to + <u32>i32x4.extract_lane(f, 1), value, 1);
    v128.store32_lane(to + <u32>i32x4.extract_lane(f, 2), value, 2);
    v128.store32_lane(to + <u32>i32x4.extract_lane(f, 3), value, 3);
    v128.store32_lane(to + <u32>i32x4.extract_lane(b, 0), value, 0);
    v128.store32_lane(to + <u32>i32x4.extract_lane(b, 1), value, 1);
    v128.store32_lane(to + <u32>i32x4.extract_lane(b, 2), value, 2);
    v128.store32_lane(to + <u32>i32x4.extract_lane(b, 3), value, 3);
    const exists = f32x4.gt(weight, i32x4(0, 0, 0, 0));
    positive += popcnt(i32x4.bitmask(exists));
    homeless = v128.or(homeless, v128.and(exists, i32x4.eq(f, i32x4(0, 0, 0, 0))));
  }
  return v128.any_true(homeless) ? -1 : positive;
}

/**
 * Turns gradients by effective weights into gradients by weights, in place: the
 * sign of the synapse, and 0 where a weight under Dale's principle is not positive.
 *
 * @param count multiple of 4
 */
export function weightGradients(
  count: i32,
  weights: usize,
  signs: usize,
  dale: i32,
  gradients: usize,
): void {
  const end = <usize>count << 2;
  for (let s: usize = 0; s < end; s += 16) {
    let g = f32x4.mul(v128.load(gradients + s), v128.load(signs + s));
    if (dale) g = v128.and(g, f32x4.gt(v128.load(weights + s), i32x4(0, 0, 0, 0)));
    v128.store(gradients + s, g);
  }
}

/** L2 norm, added in float64 in the order of the vector. */
export function vectorNorm(vector: usize, count: i32): f64 {
  let sum: f64 = 0;
  const end = vector + (<usize>count << 2);
  for (; vector < end; vector += 4) {
    const g = <f64>load<f32>(vector);
    sum += g * g;
  }
  return sqrt(sum);
}

/** to += from */
export function addVector(to: usize, from: usize, count: i32): void {
  const end = from + (<usize>count << 2);
  for (; from + 16 <= end; from += 16) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    to += 16;
  }
  for (; from < end; from += 4) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    to += 4;
  }
}

/**
 * Adds each number to the one at its place.
 *
 * @param places numbers of the places, -1 for what has none
 */
export function addPlaced(to: usize, places: usize, from: usize, count: i32): void {
  const end = from + (<usize>count << 2);
  for (; from < end; from += 4) {
    const place = load<i32>(places);
    places += 4;
    if (place < 0) continue;
    const at = to + (<usize>place << 2);
    store<f32>(at, load<f32>(at) + load<f32>(from));
  }
}
