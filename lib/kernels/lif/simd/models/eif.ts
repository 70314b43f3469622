// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** tm·dv/dt of the exponential integrate-and-fire unit. */
import { exponential } from "./exponential";

@inline export function eif(
  v: v128,
  current: v128,
  slope: v128,
  sharpness: v128,
  threshold: v128,
): v128 {
  const upstroke = exponential(f32x4.mul(f32x4.sub(v, threshold), sharpness));
  return f32x4.add(f32x4.sub(current, v), f32x4.mul(slope, upstroke));
}
