// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** exp(x), bit for bit ../../models/exponential.ts. */

const TABLE: usize = memory.data<f32>([
  -80, -80, -80, -80,
  80, 80, 80, 80,
  1.4426950216293335, 1.4426950216293335, 1.4426950216293335, 1.4426950216293335,
  12582912, 12582912, 12582912, 12582912,
  0.693359375, 0.693359375, 0.693359375, 0.693359375,
  -0.00021219444170128554, -0.00021219444170128554, -0.00021219444170128554, -0.00021219444170128554,
  1, 1, 1, 1,
  1, 1, 1, 1,
  0.499992311000824, 0.499992311000824, 0.499992311000824, 0.499992311000824,
  0.16667114198207855, 0.16667114198207855, 0.16667114198207855, 0.16667114198207855,
  0.041890114545822144, 0.041890114545822144, 0.041890114545822144, 0.041890114545822144,
  0.008312525227665901, 0.008312525227665901, 0.008312525227665901, 0.008312525227665901,
  // Bits of the exponent's offset, 127.
  1.7796490496925177e-43, 1.7796490496925177e-43, 1.7796490496925177e-43, 1.7796490496925177e-43,
], 16);

@inline function constant(index: usize): v128 {
  return v128.load(TABLE + 16 * index);
}

@inline export function exponential(x: v128): v128 {
  x = f32x4.pmax(x, constant(0));
  x = f32x4.pmin(x, constant(1));
  // The rounded number is in the low bits of what it was rounded with.
  const rounded = f32x4.add(f32x4.mul(x, constant(2)), constant(3));
  const k = f32x4.sub(rounded, constant(3));
  let f = f32x4.sub(x, f32x4.mul(k, constant(4)));
  f = f32x4.sub(f, f32x4.mul(k, constant(5)));
  let p = f32x4.add(constant(10), f32x4.mul(constant(11), f));
  p = f32x4.add(constant(9), f32x4.mul(p, f));
  p = f32x4.add(constant(8), f32x4.mul(p, f));
  p = f32x4.add(constant(7), f32x4.mul(p, f));
  p = f32x4.add(constant(6), f32x4.mul(p, f));
  const power = i32x4.shl(i32x4.add(rounded, constant(12)), 23);
  return f32x4.mul(p, power);
}
