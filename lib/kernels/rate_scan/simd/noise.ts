// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** Disturbances of single trials: noise drawn from the counters. */
import { counterPart, storeNormals } from "../../normal/simd/normal";

/** Multiplies a vector in memory. */
@inline export function scale(at: usize, factor: v128): void {
  v128.store(at, f32x4.mul(v128.load(at), factor));
}

/**
 * Writes noise for all steps of a trial: row t of `out` (rows of `units` numbers)
 * is step t; row 0 has the amplitude of the initial state. Writes whole blocks
 * of four rows.
 *
 * @param units multiple of 4
 * @param ids noise counter of each unit
 */
export function singleNoise(
  out: usize,
  units: i32,
  ids: usize,
  steps: i32,
  trial: u32,
  key: u32,
  initialAmplitude: f32,
  stepAmplitude: f32,
): void {
  const stride = <usize>units << 2;
  const z0 = counterPart(i32x4.splat(trial));
  const w0 = counterPart(i32x4.splat(key));
  const amplitude = f32x4.splat(stepAmplitude);
  for (let block = 0; block << 2 < steps; block++) {
    const y0 = counterPart(i32x4.splat(block));
    const shared = i32x4.mul(y0, w0);
    const first = block == 0 ? f32x4.splat(initialAmplitude) : amplitude;
    for (let i: usize = 0; i < stride; i += 16) {
      const at = out + i;
      storeNormals(at, stride, i32x4.add(counterPart(v128.load(ids + i)), shared), y0, z0, w0);
      scale(at, first);
      scale(at + stride, amplitude);
      scale(at + 2 * stride, amplitude);
      scale(at + 3 * stride, amplitude);
    }
    out += stride << 2;
  }
}
