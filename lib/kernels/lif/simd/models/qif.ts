// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** tm·dv/dt of the quadratic integrate-and-fire unit. */
@inline export function qif(
  v: v128,
  current: v128,
  slope: v128,
  sharpness: v128,
  threshold: v128,
): v128 {
  return f32x4.add(f32x4.mul(v, v), current);
}
