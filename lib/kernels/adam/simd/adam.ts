// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** Adam in the form of TensorFlow 1; bit for bit ../reference.ts. */

/**
 * Moves `count` parameters (a multiple of 4) in place. The two rests are
 * 1 - beta1 and 1 - beta2, rounded once.
 */
export function adam(
  parameters: usize,
  gradients: usize,
  first: usize,
  second: usize,
  count: i32,
  rate: f32,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  epsilon: f32,
  scale: f32,
): void {
  const b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2);
  const c1 = f32x4.splat(rest1), c2 = f32x4.splat(rest2);
  const lr = f32x4.splat(rate), eps = f32x4.splat(epsilon), factor = f32x4.splat(scale);
  const end = <usize>count << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const g = f32x4.mul(v128.load(gradients + i), factor);
    const m = f32x4.add(f32x4.mul(b1, v128.load(first + i)), f32x4.mul(c1, g));
    const v = f32x4.add(f32x4.mul(b2, v128.load(second + i)), f32x4.mul(c2, f32x4.mul(g, g)));
    v128.store(first + i, m);
    v128.store(second + i, v);
    const spread = f32x4.add(f32x4.sqrt(v), eps);
    const moved = f32x4.div(f32x4.mul(lr, m), spread);
    v128.store(parameters + i, f32x4.sub(v128.load(parameters + i), moved));
  }
}
