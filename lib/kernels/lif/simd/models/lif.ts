// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** tm·dv/dt of the leaky integrate-and-fire unit. */
@inline export function lif(
  v: v128,
  current: v128,
  slope: v128,
  sharpness: v128,
  threshold: v128,
): v128 {
  return f32x4.sub(current, v);
}
