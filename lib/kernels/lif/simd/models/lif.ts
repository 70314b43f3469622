/** tm·dv/dt of the leaky integrate-and-fire unit. */
// @ts-ignore: decorator
@inline export function lif(v: v128, current: v128): v128 {
  return f32x4.sub(current, v);
}
